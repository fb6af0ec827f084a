import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from workbench.tasks import TaskError
from workbench.tasks.support.series.scaling import Kind, fit_scaling, unscaled

KINDS: tuple[Kind, ...] = ("standard", "range", "none")
values = arrays(np.float64, (7, 2), elements=st.floats(-1e6, 1e6, width=32)).filter(
    lambda found: bool((np.ptp(found, axis=0) > 1e-3).all())
)


@given(found=values, kind=st.sampled_from(KINDS))
def test_undoing_a_scaling_gives_the_numbers_back(found: np.ndarray, kind: Kind) -> None:
    scaling = fit_scaling(kind, found, ("a", "b"))
    assert np.allclose(scaling.undo(scaling.apply(found)), found, rtol=1e-9, atol=1e-6)


@given(found=values)
def test_standard_gives_each_column_mean_0_and_deviation_1(found: np.ndarray) -> None:
    scaled = fit_scaling("standard", found, ("a", "b")).apply(found)
    assert np.allclose(scaled.mean(axis=0), 0, atol=1e-6)
    assert np.allclose(scaled.std(axis=0), 1)


@given(found=values)
def test_range_spans_minus_1_to_1(found: np.ndarray) -> None:
    scaled = fit_scaling("range", found, ("a", "b")).apply(found)
    assert np.allclose(scaled.min(axis=0), -1)
    assert np.allclose(scaled.max(axis=0), 1)


def test_no_scaling_leaves_numbers_and_even_constant_columns_alone() -> None:
    found = np.ones((3, 2))
    assert np.array_equal(fit_scaling("none", found, ("a", "b")).apply(found), found)
    assert np.array_equal(unscaled(2).apply(found), found)


@pytest.mark.parametrize("kind", ["standard", "range"])
def test_a_column_that_never_changes_is_refused_by_name(kind: Kind) -> None:
    with pytest.raises(TaskError, match=r'Column "b" is 0\.1 in every row that trains'):
        fit_scaling(kind, np.array([[1.0, 0.1], [2.0, 0.1], [3.0, 0.1]]), ("a", "b"))


@pytest.mark.parametrize("kind", ["standard", "range"])
def test_numbers_too_large_to_be_scaled_are_refused(kind: Kind) -> None:
    with pytest.raises(TaskError, match="too large or too close together"):
        fit_scaling(kind, np.array([[-1.7e308], [1.7e308], [0.0]]), ("a",))
