"""Losses and their gradients against torch, formulas and differences."""

import numpy as np
import pytest
from numpy.typing import NDArray

from workbench.training.losses import cross_entropy, squared_error

Floats = NDArray[np.float64]


@pytest.fixture
def outputs() -> Floats:
    return np.random.default_rng(1).normal(scale=3.0, size=(7, 5))


def test_cross_entropy_and_its_gradient_are_those_of_torch(outputs: Floats) -> None:
    torch = pytest.importorskip("torch")
    targets = np.array([0, 4, 2, 2, 1, 3, 0])
    theirs = torch.tensor(outputs.copy(), requires_grad=True)
    expected = torch.nn.functional.cross_entropy(theirs, torch.tensor(targets))
    expected.backward()
    losses = cross_entropy(np, outputs, targets, 1 / 7)
    assert losses.mean() == pytest.approx(expected.item())
    np.testing.assert_allclose(outputs, theirs.grad.numpy(), atol=1e-15)


def test_squared_error_and_its_gradient_are_those_of_torch(outputs: Floats) -> None:
    torch = pytest.importorskip("torch")
    targets = np.random.default_rng(2).normal(size=(7, 5))
    theirs = torch.tensor(outputs.copy(), requires_grad=True)
    expected = torch.nn.functional.mse_loss(theirs, torch.tensor(targets))
    expected.backward()
    losses = squared_error(np, outputs, targets, 1 / 7)
    assert losses.mean() == pytest.approx(expected.item())
    np.testing.assert_allclose(outputs, theirs.grad.numpy(), atol=1e-15)


def test_equal_logits_cost_the_logarithm_of_the_number_of_classes() -> None:
    losses = cross_entropy(np, np.zeros((2, 8)), np.array([0, 7]), 1.0)
    np.testing.assert_allclose(losses, np.log(8))


def test_huge_logits_give_finite_losses() -> None:
    logits = np.array([[1e4, -1e4]], dtype=np.float32)
    losses = cross_entropy(np, logits, np.array([1]), 1.0)
    np.testing.assert_allclose(losses, [2e4])
    np.testing.assert_allclose(logits, [[1.0, -1.0]])


def test_rows_of_weight_zero_have_no_gradient(outputs: Floats) -> None:
    weights = np.array([0.5, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0])
    cross_entropy(np, outputs, np.zeros(7, dtype=np.int64), weights)
    assert np.abs(outputs[[1, 3, 4, 5, 6]]).max() == 0.0
    assert np.abs(outputs[[0, 2]]).min() > 0.0


def test_weights_scale_the_gradient_row_by_row(outputs: Floats) -> None:
    targets, weights = np.zeros((7, 5)), np.arange(7.0)
    expected = 2.0 / 5.0 * outputs * weights[:, None]
    squared_error(np, outputs, targets, weights)
    np.testing.assert_allclose(outputs, expected)
