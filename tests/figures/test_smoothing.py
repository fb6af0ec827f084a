"""The moving mean agrees with its definition, has gaps where its numbers have, and survives a huge one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.figures.smoothing import moving_mean

VALUES = st.lists(st.floats(-1e300, 1e300, allow_subnormal=False) | st.just(np.nan) | st.just(np.inf), max_size=30)


@given(VALUES, st.integers(0, 12))
def test_it_is_the_mean_of_the_finite_values_about_each(values: list[float], half: int) -> None:
    array, window = np.array(values), 2 * half + 1
    smooth = moving_mean(array, window)
    for at, value in enumerate(array):
        near = array[max(0, at - half) : at + half + 1]
        finite = near[np.isfinite(near)]
        if np.isfinite(value):
            assert smooth[at] == pytest.approx((finite / len(finite)).sum(), rel=1e-9, abs=1e-9 * np.abs(finite).max())
        else:
            assert np.isnan(smooth[at])


def test_a_huge_number_does_not_drown_the_small_ones_behind_it() -> None:
    curve = np.full(5000, 1e-3)
    curve[100] = 1e30
    assert moving_mean(curve, 25)[200:] == pytest.approx(1e-3, rel=1e-12)


def test_a_window_of_an_even_width_reaches_as_far_to_both_sides() -> None:
    assert moving_mean(np.array([0.0, 0.0, 3.0, 0.0, 0.0]), 2) == pytest.approx([0, 1, 1, 1, 0])


def test_a_window_longer_than_the_curve_is_as_long_as_it() -> None:
    assert len(moving_mean(np.ones(3), 1001)) == 3
    assert len(moving_mean(np.ones(0), 5)) == 0
