"""Clipping against torch's and its definition."""

import numpy as np
import pytest

from workbench.training.arrays import euclidean_norm, norm_array
from workbench.training.clipping import clip_by_norm, clip_by_norm_array, clip_by_value


def test_a_long_gradient_is_scaled_to_the_limit() -> None:
    gradient = np.array([3.0, 4.0])
    clip_by_norm(gradient, euclidean_norm(np, gradient), 1.0)
    np.testing.assert_allclose(gradient, [0.6, 0.8])


def test_a_short_gradient_is_left_alone() -> None:
    gradient = np.array([0.3, 0.4])
    clip_by_norm(gradient, euclidean_norm(np, gradient), 1.0)
    np.testing.assert_array_equal(gradient, [0.3, 0.4])


def test_clipping_by_norm_agrees_with_torch() -> None:
    torch = pytest.importorskip("torch")
    gradient = np.random.default_rng(0).normal(size=50)
    theirs = torch.zeros(50, dtype=torch.float64, requires_grad=True)
    theirs.grad = torch.tensor(gradient.copy())
    norm = torch.nn.utils.clip_grad_norm_([theirs], 2.5)
    assert euclidean_norm(np, gradient) == pytest.approx(float(norm))
    clip_by_norm(gradient, float(norm), 2.5)
    np.testing.assert_allclose(gradient, theirs.grad.numpy(), rtol=1e-6)


@pytest.mark.parametrize("limit", [0.1, 1.0, 7.0, 1e3])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_clipping_by_a_norm_that_nobody_reads_gives_the_same_bits(dtype: str, limit: float) -> None:
    read = np.random.default_rng(0).normal(size=50).astype(dtype)
    unread = read.copy()
    clip_by_norm(read, euclidean_norm(np, read), limit)
    clip_by_norm_array(np, unread, norm_array(np, unread), limit)
    assert unread.tobytes() == read.tobytes()


def test_clipping_by_value_bounds_every_entry() -> None:
    gradient = np.array([-3.0, 0.2, 5.0])
    clip_by_value(np, gradient, 0.5)
    np.testing.assert_array_equal(gradient, [-0.5, 0.2, 0.5])


@pytest.mark.filterwarnings("ignore:overflow encountered:RuntimeWarning")
def test_a_finite_gradient_has_a_finite_norm_even_where_its_squares_overflow() -> None:
    gradient = np.array([3e30, 4e30], dtype=np.float32)
    assert euclidean_norm(np, gradient) == pytest.approx(5e30, rel=1e-6)


@pytest.mark.parametrize("entry", [np.nan, np.inf, -np.inf])
def test_the_norm_of_a_gradient_that_is_not_finite_is_not_finite(entry: float) -> None:
    assert not np.isfinite(euclidean_norm(np, np.array([1.0, entry])))
