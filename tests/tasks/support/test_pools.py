import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.base import Batch
from workbench.tasks.support.pools import Pool, pool_size


def draw(random: np.random.Generator, count: int) -> Batch:
    numbers = random.integers(0, 1 << 40, (3, count))
    return Batch(numbers, numbers + 1, numbers[0] % 3, numbers % 2 == 0)


def draw_all(random: np.random.Generator, count: int) -> Batch:
    numbers = random.integers(0, 1 << 40, (3, count))
    return Batch(numbers, numbers + 1)


@given(step=st.integers(0, 50), batch=st.integers(1, 30))
def test_steps_take_one_row_of_sequences_wherever_its_drawings_end(step: int, batch: int) -> None:
    row = np.concatenate([Pool(draw, 5, "row", 7).batch(number, 7).inputs for number in range(220)], axis=1)
    taken = Pool(draw, 5, "row", 7).batch(step, batch)
    assert np.array_equal(taken.inputs, row[:, step * batch : (step + 1) * batch])
    assert np.array_equal(taken.targets, taken.inputs + 1)
    assert taken.lengths is not None
    assert np.array_equal(taken.lengths, taken.inputs[0] % 3)
    assert taken.valid is not None
    assert np.array_equal(taken.valid, taken.inputs % 2 == 0)


def test_a_batch_owns_its_arrays() -> None:
    pool = Pool(draw, 0, "own", 8)
    pool.batch(0, 4).inputs[:] = 0
    assert pool.batch(0, 4).inputs.all()
    assert pool.batch(0, 4).inputs.flags.c_contiguous


def test_what_a_drawing_leaves_out_is_left_out_of_its_batches() -> None:
    batch = Pool(draw_all, 0, "all", 4).batch(1, 3)
    assert (batch.lengths, batch.valid) == (None, None)


def test_seeds_and_purposes_have_rows_of_their_own() -> None:
    one = Pool(draw, 0, "one", 8).batch(0, 4).inputs
    assert not np.array_equal(one, Pool(draw, 1, "one", 8).batch(0, 4).inputs)
    assert not np.array_equal(one, Pool(draw, 0, "other", 8).batch(0, 4).inputs)


def test_long_sequences_are_drawn_fewer_at_once() -> None:
    assert [pool_size(length) for length in (1, 40, 1 << 13, 1 << 20)] == [1024, 1024, 256, 32]
