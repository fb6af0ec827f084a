"""Numbers read as they come: what is kept equals what the workbook holds, whatever happened there meanwhile."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.gui.support import small_experiment
from workbench.figures.smoothing import moving_mean
from workbench.gui.panels.loss_numbers import KeptNumbers, Series
from workbench.lab.running import start_run
from workbench.lab.workbook import Columns, Workbook, open_workbook


@pytest.fixture
def workbook(tmp_path: Path) -> Iterator[Workbook]:
    with open_workbook(tmp_path / "numbers.rnnw", create=True) as opened:
        start_run(opened, small_experiment())
        yield opened


def add(workbook: Workbook, first: int, last: int, *, level: float = 1.0, **more: float) -> None:
    steps = np.arange(first, last + 1)
    columns = {"loss": level + 1 / steps} | {name: np.full(len(steps), value) for name, value in more.items()}
    workbook.scalars.append(1, Columns(steps, columns))


def assert_kept(series: Series, workbook: Workbook) -> None:
    there = workbook.scalars.read(1)
    assert series.steps.tolist() == there.steps.tolist()
    for name, column in there.values.items():
        np.testing.assert_array_equal(series.column(name), column)


def test_new_entries_are_added_behind_those_kept(workbook: Workbook) -> None:
    series = Series(workbook.scalars, 1)
    for first in (1, 101, 1301):
        add(workbook, first, first + 99)
        series.update()
        assert_kept(series, workbook)


def test_nothing_new_is_the_same_version(workbook: Workbook) -> None:
    add(workbook, 1, 50)
    series = Series(workbook.scalars, 1)
    series.update()
    before = series.version
    series.update()
    assert series.version == before
    add(workbook, 51, 51)
    series.update()
    assert series.version != before


@pytest.mark.parametrize("last", [120, 200, 400])
def test_entries_that_were_dropped_and_learned_again_are_read_anew(workbook: Workbook, last: int) -> None:
    add(workbook, 1, 200)
    series = Series(workbook.scalars, 1)
    series.update()
    workbook.scalars.drop_from(1, 101)
    add(workbook, 101, last, level=2.0)
    series.update()
    assert_kept(series, workbook)


def test_a_run_whose_entries_were_all_dropped_has_none(workbook: Workbook) -> None:
    add(workbook, 1, 20)
    series = Series(workbook.scalars, 1)
    series.update()
    workbook.scalars.drop_from(1, 0)
    series.update()
    assert len(series) == 0


def test_a_column_that_comes_later_has_gaps_before(workbook: Workbook) -> None:
    add(workbook, 1, 3)
    series = Series(workbook.scalars, 1)
    series.update()
    add(workbook, 4, 5, extra=7.0)
    series.update()
    np.testing.assert_array_equal(series.column("extra"), [np.nan, np.nan, np.nan, 7.0, 7.0])
    assert series.column("loss").shape == (5,)


def test_means_that_grow_with_the_entries_are_the_means_of_all(workbook: Workbook) -> None:
    series = Series(workbook.scalars, 1)
    for first in range(1, 400, 7):
        add(workbook, first, first + 6)
        series.update()
        series.smoothed("loss", 25)
    np.testing.assert_allclose(series.smoothed("loss", 25), moving_mean(series.column("loss"), 25), rtol=1e-12)


def test_a_short_run_is_not_flattened_by_a_mean_over_all_of_it(workbook: Workbook) -> None:
    add(workbook, 1, 20)
    series = Series(workbook.scalars, 1)
    series.update()
    np.testing.assert_allclose(series.smoothed("loss", 25), moving_mean(series.column("loss"), 5), rtol=1e-12)


def test_runs_no_longer_drawn_are_forgotten(workbook: Workbook) -> None:
    kept = KeptNumbers(workbook)
    first = kept.of(1)
    kept.keep([1])
    assert kept.of(1) is first
    kept.keep([])
    assert kept.of(1) is not first
