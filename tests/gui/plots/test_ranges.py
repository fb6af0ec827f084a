"""Which stretch of the axes is shown."""

import numpy as np
import pytest

from workbench.gui.plots.ranges import with_near, x_range, y_range


def test_x_goes_from_0_to_a_little_beyond_the_newest_number_of_all_runs() -> None:
    low, high = x_range([100.0, float("nan"), 1000.0])
    assert -20 < low < 0
    assert 1000 < high < 1050


def test_runs_without_numbers_have_a_range_all_the_same() -> None:
    low, high = x_range([float("nan")])
    assert low < high


def test_y_is_all_that_is_drawn_without_gaps() -> None:
    assert y_range([np.array([1.0, np.nan, 3.0])], [np.array([0.5, 2.0])], steady=False) == (0.5, 3.0)


def test_one_spike_does_not_flatten_the_rest_on_an_even_scale() -> None:
    noise = np.concatenate([np.linspace(0.1, 0.3, 500), [80.0]])
    assert y_range([np.full(200, 0.2)], [noise], steady=True)[1] < 1
    assert y_range([np.full(200, 0.2)], [noise], steady=False)[1] == 80


def test_nothing_drawn_has_a_range_all_the_same() -> None:
    assert y_range([np.array([np.nan])], [], steady=True) == (0.0, 1.0)


@pytest.mark.parametrize(("level", "seen"), [(-2.5, (-2.5, 0.0)), (-3.5, (-2.0, 0.0)), (0.9, (-2.0, 0.9))])
def test_a_level_within_a_power_of_ten_is_brought_into_view(level: float, seen: tuple[float, float]) -> None:
    assert with_near((-2.0, 0.0), np.array([level]), log=True) == seen
