import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.support.randomness import Shuffled, generator


def test_seed_purpose_and_step_each_give_other_numbers() -> None:
    draws = [
        generator(*arguments).random(4).tobytes() for arguments in ((0, "a", 0), (1, "a", 0), (0, "b", 0), (0, "a", 1))
    ]
    assert len(set(draws)) == 4


def test_neighbouring_large_seeds_give_other_numbers() -> None:
    assert generator(2**63, "a").random() != generator(2**63 + 1, "a").random()


def test_the_same_arguments_give_the_same_numbers() -> None:
    assert generator(5, "a", 7).random() == generator(5, "a", 7).random()


@given(count=st.integers(1, 30), batch=st.integers(1, 70), epochs=st.integers(1, 3))
def test_each_epoch_has_every_number_once(count: int, batch: int, epochs: int) -> None:
    order = Shuffled(0, "test", count)
    steps = -(-epochs * count // batch)
    drawn = np.concatenate([order.indices(step, batch) for step in range(steps)])
    assert len(drawn) == steps * batch
    for epoch in range(epochs):
        assert sorted(drawn[epoch * count : (epoch + 1) * count]) == list(range(count))


def test_a_late_step_needs_none_of_those_before_it() -> None:
    straight, jumped = Shuffled(0, "test", 10), Shuffled(0, "test", 10)
    earlier = [straight.indices(step, 4) for step in range(100)]
    assert np.array_equal(jumped.indices(99, 4), earlier[99])
