"""Few points of long curves: no peak is lost, gaps stay gaps, and a growing curve does not flicker."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from workbench.gui.plots.decimation import lonely, peaks

CURVES = arrays(np.float64, some.integers(1, 400), elements=some.one_of(some.floats(-1e6, 1e6), some.just(np.nan)))


@given(CURVES, some.integers(1, 40))
def test_the_least_and_the_greatest_number_are_among_few_points(curve: np.ndarray, bins: int) -> None:
    chosen = peaks(curve, 0, len(curve), bins)
    assert len(chosen) <= 2 * bins + 4
    assert (np.diff(chosen) >= 0).all()
    if np.isfinite(curve).any():
        assert np.nanmin(curve[chosen]) == np.nanmin(curve)
        assert np.nanmax(curve[chosen]) == np.nanmax(curve)
    else:
        assert np.isnan(curve[chosen]).all()


def test_a_short_curve_is_drawn_whole() -> None:
    assert peaks(np.arange(100.0), 20, 60, 50).tolist() == list(range(20, 60))


def test_a_spike_of_one_step_in_a_million_is_drawn() -> None:
    curve = np.zeros(1_000_000)
    curve[700_123] = 30.0
    assert 700_123 in peaks(curve, 0, len(curve), 800)


def test_a_bin_without_numbers_is_a_gap_between_the_others() -> None:
    curve = np.ones(1000)
    curve[480:560] = np.nan
    drawn = curve[peaks(curve, 0, 1000, 50)]
    assert np.isnan(drawn).any()
    assert np.isfinite(drawn[[0, -1]]).all()


def test_the_points_of_the_past_stay_as_a_curve_grows() -> None:
    curve = np.random.default_rng(0).standard_normal(20_000)
    before, after = peaks(curve, 0, 17_000, 400), peaks(curve, 0, 17_100, 400)
    past = 16_800
    assert before[before < past].tolist() == after[after < past].tolist()


def test_a_number_between_gaps_is_lonely() -> None:
    assert lonely(np.array([1.0, np.nan, 2.0, 3.0, np.nan, 4.0])).tolist() == [0, 5]
    assert lonely(np.empty(0)).tolist() == []
