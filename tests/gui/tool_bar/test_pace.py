"""Pace: steps a second and the time left, from what the workbook says of a run."""

from dataclasses import replace

import pytest

from workbench.gui.tool_bar.pace import Pace
from workbench.lab.workbook import RunRecord

RECORD = RunRecord(
    id=1,
    name="run",
    experiment="",
    cell="",
    origin={},
    status="running",
    sentence="",
    step=0,
    steps=1000,
    loss=None,
    seconds=0.0,
    created=0.0,
    started=0.0,
    ended=None,
    trashed=None,
)


def looks(*pairs: tuple[int, float]) -> Pace:
    pace = Pace()
    for step, seconds in pairs:
        pace.look(replace(RECORD, step=step, seconds=seconds))
    return pace


def test_nothing_is_known_after_one_look() -> None:
    assert looks((100, 1.0)).rate is None


def test_the_rate_is_steps_over_seconds_of_training() -> None:
    assert looks((100, 1.0), (300, 2.0)).rate == pytest.approx(200)


def test_what_is_left_takes_the_steps_left_at_this_rate() -> None:
    assert looks((100, 1.0), (300, 2.0)).remaining(replace(RECORD, step=300)) == pytest.approx(3.5)


def test_a_pause_does_not_slow_the_rate() -> None:
    assert looks((100, 1.0), (100, 1.0), (100, 1.0), (300, 2.0)).rate == pytest.approx(200)


def test_only_the_last_looks_count() -> None:
    slow = [(step, float(step)) for step in range(10)]
    fast = [(10 + 100 * look, 10.0 + look) for look in range(12)]
    assert looks(*slow, *fast).rate == pytest.approx(100)


def test_another_run_starts_over() -> None:
    pace = looks((100, 1.0), (300, 2.0))
    pace.look(replace(RECORD, id=2, step=5, seconds=9.0))
    assert pace.rate is None


def test_a_run_that_went_back_to_its_checkpoint_starts_over() -> None:
    assert looks((100, 1.0), (300, 2.0), (50, 0.5)).rate is None
