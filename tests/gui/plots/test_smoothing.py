"""The moving mean agrees with its definition, has gaps where its numbers have, and survives a huge one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from hypothesis.extra.numpy import arrays

from workbench.gui.plots.smoothing import moving_mean, reach

CURVES = arrays(
    np.float64,
    some.integers(1, 120),
    elements=some.one_of(some.floats(-1e3, 1e3), some.just(np.nan), some.just(np.inf)),
)


@given(CURVES, some.integers(1, 30))
def test_it_is_the_mean_of_the_finite_neighbours(curve: np.ndarray, width: int) -> None:
    means = moving_mean(curve, width)
    for index, mean in enumerate(means):
        window = curve[max(0, index - reach(width)) : index + reach(width) + 1]
        if np.isfinite(curve[index]):
            assert mean == pytest.approx(window[np.isfinite(window)].mean(), rel=1e-9, abs=1e-9)
        else:
            assert np.isnan(mean)


def test_a_huge_number_does_not_drown_the_small_ones_behind_it() -> None:
    curve = np.full(5000, 1e-3)
    curve[100] = 1e30
    assert moving_mean(curve, 25)[200:] == pytest.approx(1e-3, rel=1e-12)
