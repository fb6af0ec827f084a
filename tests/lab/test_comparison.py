"""Ready comparisons."""

import pytest

from tests.lab.support import small_experiment
from workbench.lab.comparison import WINDOWS, windows_of
from workbench.lab.errors import ExperimentError


def test_the_network_itself_comes_first_without_a_window() -> None:
    first = windows_of(small_experiment(cell="elman", window=3))[0]
    assert (first.cell, first.window, first.name) == ("elman", 1, "elman, no window")


def test_each_window_follows_with_the_feed_forward_cell() -> None:
    beside = windows_of(small_experiment(), (2, 8))[1:]
    assert [(one.cell, one.window, one.name) for one in beside] == [
        ("feedforward", 2, "window of 2"),
        ("feedforward", 8, "window of 8"),
    ]


def test_windows_double_where_none_are_named() -> None:
    assert tuple(one.window for one in windows_of(small_experiment())[1:]) == WINDOWS == (1, 2, 4, 8, 16)


def test_nothing_else_differs() -> None:
    told = {"cell", "window", "name"}
    rest = [{k: v for k, v in one.values().items() if k not in told} for one in windows_of(small_experiment())]
    assert all(values == rest[0] for values in rest)


def test_a_window_that_is_none_is_refused() -> None:
    with pytest.raises(ExperimentError, match="window"):
        windows_of(small_experiment(), (0,))
