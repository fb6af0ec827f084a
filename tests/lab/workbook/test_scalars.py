"""Scalars: whatever the sizes of the commits, every entry comes back."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.support import add_run, columns
from workbench.lab.workbook import Columns, Workbook, open_workbook
from workbench.lab.workbook.scalars import LARGEST_CHUNK


def assert_same(actual: Columns, expected: Columns) -> None:
    np.testing.assert_array_equal(actual.steps, expected.steps)
    assert set(actual.values) == set(expected.values)
    for name in expected.values:
        np.testing.assert_array_equal(actual[name], expected[name])


@settings(max_examples=30, deadline=None)
@given(counts=st.lists(st.integers(0, 50), max_size=30), after=st.integers(-1, 500))
def test_commits_of_any_sizes_read_back_as_one_series(counts: list[int], after: int) -> None:
    with TemporaryDirectory() as folder, open_workbook(Path(folder) / "a.rnnw", create=True) as workbook:
        run = add_run(workbook)
        first = 1
        for count in counts:
            workbook.scalars.append(run, columns(first, count))
            first += count

        expected = columns(1, first - 1).after(after)
        read = workbook.scalars.read(run, after)
        if len(expected):
            assert_same(read, expected)
        else:
            assert len(read) == 0
        assert workbook.scalars.last_step(run) == (first - 1 if first > 1 else -1)


def test_many_commits_lie_in_few_chunks(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    for first in range(1, 1001, 2):
        workbook.scalars.append(run, columns(first, 2))

    with sqlite3.connect(path) as connection:
        chunks = connection.execute("SELECT count(*) FROM scalars").fetchone()[0]
    connection.close()
    assert chunks <= 10
    assert_same(workbook.scalars.read(run), columns(1, 1000))


def test_chunks_stop_growing(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    for first in range(1, 200_001, 10_000):
        workbook.scalars.append(run, columns(first, 10_000))

    with sqlite3.connect(path) as connection:
        largest = connection.execute("SELECT max(count) FROM scalars").fetchone()[0]
    connection.close()
    assert largest <= LARGEST_CHUNK
    assert_same(workbook.scalars.read(run), columns(1, 200_000))


def test_numbers_keep_every_bit(workbook: Workbook) -> None:
    run = add_run(workbook)
    numbers = np.array([0.1, -0.0, np.pi, 5e-324, np.inf, np.nan, 1e300])
    workbook.scalars.append(run, Columns(np.arange(7), {"loss": numbers}))

    assert workbook.scalars.read(run)["loss"].tobytes() == numbers.tobytes()


def test_single_precision_takes_half_the_room_and_keeps_every_bit(workbook: Workbook) -> None:
    run = add_run(workbook)
    numbers = np.random.default_rng(0).standard_normal(100).astype(np.float32).astype(np.float64)
    workbook.scalars.append(run, Columns(np.arange(100), {"loss": numbers}))

    np.testing.assert_array_equal(workbook.scalars.read(run)["loss"], numbers)


def test_steps_with_gaps_keep_their_places(workbook: Workbook) -> None:
    run = add_run(workbook)
    for step in (0, 50, 100, 110):
        workbook.validations.append(run, Columns(np.array([step]), {"loss": np.array([step / 7])}))

    assert workbook.validations.read(run).steps.tolist() == [0, 50, 100, 110]
    assert workbook.validations.read(run, after=50).steps.tolist() == [100, 110]


def test_the_series_of_a_run_are_apart_from_each_other_and_from_other_runs(workbook: Workbook) -> None:
    first, second = add_run(workbook), add_run(workbook)
    workbook.scalars.append(first, columns(1, 3))
    workbook.validations.append(first, columns(2, 1))
    workbook.scalars.append(second, columns(1, 5))

    assert (len(workbook.scalars.read(first)), len(workbook.validations.read(first))) == (3, 1)
    assert (len(workbook.scalars.read(second)), len(workbook.validations.read(second))) == (5, 0)


@pytest.mark.parametrize("step", [1, 2, 57, 100, 101, 500])
def test_what_comes_after_a_step_can_be_dropped(workbook: Workbook, step: int) -> None:
    run = add_run(workbook)
    for first in range(1, 101, 9):
        workbook.scalars.append(run, columns(first, min(9, 101 - first)))

    workbook.scalars.drop_from(run, step)

    kept = workbook.scalars.read(run)
    assert kept.steps.tolist() == list(range(1, min(step, 101)))
    workbook.scalars.append(run, columns(step, 20))
    assert workbook.scalars.last_step(run) == step + 19
