"""How many steps are taken before their numbers are read."""

from workbench.training.pace import CHUNK, MOST, Pace


def test_where_numbers_are_there_at_once_steps_are_taken_one_by_one() -> None:
    pace = Pace(works_ahead=False)
    pace.took(1, 1e-5)
    assert pace.steps == 1


def test_chunks_grow_by_and_by_to_their_time() -> None:
    pace = Pace(works_ahead=True)
    lengths = []
    for _ in range(8):
        lengths.append(pace.steps)
        pace.took(pace.steps, pace.steps * CHUNK / 20)
    assert lengths == [1, 2, 4, 8, 16, 20, 20, 20]


def test_a_chunk_is_one_step_where_that_takes_long() -> None:
    pace = Pace(works_ahead=True, steps=64)
    pace.took(64, 64 * 2 * CHUNK)
    assert pace.steps == 1


def test_a_chunk_has_an_end_however_fast_steps_are() -> None:
    pace = Pace(works_ahead=True, steps=MOST)
    pace.took(MOST, 0.0)
    assert pace.steps == MOST
