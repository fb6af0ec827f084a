import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from workbench.tasks.support.series.time_split import TimeSplit


def rows(count: int, columns: int = 1) -> np.ndarray:
    """A series whose every value is its row."""
    return np.repeat(np.arange(count, dtype=float)[:, None], columns, axis=1)


@st.composite
def splits(draw: st.DrawFn) -> TimeSplit:
    length, horizon = draw(st.integers(4, 30)), draw(st.integers(1, 9))
    split = draw(st.integers(max(length, 20) + horizon, 80))
    return TimeSplit(rows(split + draw(st.integers(2, 70)), draw(st.integers(1, 2))), split, horizon, length)


@given(split=splits())
def test_validation_counts_each_held_out_row_once_and_no_other(split: TimeSplit) -> None:
    batch = split.held_out_windows()
    assert batch.valid is not None
    counted = batch.targets[batch.valid][:, 0]
    assert sorted(counted) == list(range(split.split, len(split.series)))
    assert not batch.valid[: split.context].any()


@given(split=splits())
def test_every_target_is_the_row_one_horizon_later(split: TimeSplit) -> None:
    for batch in (split.held_out_windows(), split.windows(np.arange(split.places))):
        assert (batch.targets == batch.inputs + split.horizon).all()
        assert (np.diff(batch.inputs, axis=0) == 1).all()
        assert batch.inputs.shape[0] == split.length


@given(split=splits())
def test_training_windows_reach_the_last_row_of_the_training_part_and_not_beyond(split: TimeSplit) -> None:
    batch = split.windows(np.array([0, split.places - 1]))
    assert batch.inputs.min() == 0
    assert batch.targets.max() == split.split - 1


@given(split=splits())
def test_baselines_are_judged_on_the_very_targets_that_validation_counts(split: TimeSplit) -> None:
    record, batch = split.record(), split.held_out_windows()
    assert sorted(record.due[:, 0]) == sorted(batch.targets[batch.valid][:, 0])
    assert (record.targets[record.fitted] < split.split).all()
    assert record.fitted.min() == 19
    assert record.judged.min() >= 19


@given(split=splits())
def test_running_freely_goes_on_from_the_row_read_last_through_held_out_rows(split: TimeSplit) -> None:
    course = split.course()
    assert (course.due[0] == course.read[-1] + 1).all()
    assert (np.diff(course.due, axis=0) == 1).all()
    assert course.due.min() == split.split
    assert course.due.max() == len(split.series) - 1
    assert len(course.due) == min(50, split.held_out)
    assert len(course.read) == split.length


@given(columns=st.integers(300, 2_000), length=st.integers(4, 20))
def test_a_long_held_out_part_is_seen_through_256_windows_from_its_first_row_to_its_last(
    columns: int, length: int
) -> None:
    split = TimeSplit(rows(100 + columns * length), 100, 1, length)
    assume(split.held_out > 256 * split.counted)
    batch = split.held_out_windows()
    assert batch.inputs.shape[1] == 256
    counted = batch.targets[batch.valid][:, 0]
    assert len(set(counted)) == len(counted)
    assert counted.min() == split.split
    assert counted.max() == len(split.series) - 1
