"""Multinomial logistic regression by truncated Newton steps: the linear baseline."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.support.metrics import cross_entropy, log_softmax

Array = NDArray[np.float64]

NEWTON_STEPS = 50
CONJUGATE_STEPS = 100


class Features(Protocol):
    """A matrix X (N, D), dense or not, known by its products."""

    @property
    def shape(self) -> tuple[int, int]:
        """(N, D)."""

    @property
    def weight(self) -> Array:
        """(D,), about the sum of squares of each column: it speeds the fit and need not be exact."""

    def times(self, weights: Array) -> Array:
        """Return X @ weights, (N, K)."""

    def transposed_times(self, rows: Array) -> Array:
        """Return X.T @ rows, (D, K)."""


@dataclass(frozen=True)
class Dense:
    """Features that are one array (N, D)."""

    array: Array

    @property
    def shape(self) -> tuple[int, int]:
        """(N, D)."""
        rows, columns = self.array.shape
        return rows, columns

    @property
    def weight(self) -> Array:
        """(D,), the sum of squares of each column."""
        squares: Array = (self.array**2).sum(axis=0)
        return squares

    def times(self, weights: Array) -> Array:
        """Return X @ weights, (N, K)."""
        product: Array = self.array @ weights
        return product

    def transposed_times(self, rows: Array) -> Array:
        """Return X.T @ rows, (D, K)."""
        product: Array = self.array.T @ rows
        return product


@dataclass(frozen=True)
class Counts:
    """Features that count what occurs: item ``columns[i]`` occurs once in row ``rows[i]``."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    shape: tuple[int, int]

    @property
    def weight(self) -> Array:
        """(D,), how often each item occurs."""
        return np.bincount(self.columns, minlength=self.shape[1]).astype(np.float64)

    def times(self, weights: Array) -> Array:
        """Return X @ weights, (N, K)."""
        return _sum_by(self.rows, weights, self.columns, self.shape[0])

    def transposed_times(self, rows: Array) -> Array:
        """Return X.T @ rows, (D, K)."""
        return _sum_by(self.columns, rows, self.rows, self.shape[1])


def _sum_by(group: NDArray[np.int64], values: Array, taken: NDArray[np.int64], count: int) -> Array:
    """Return (count, K): the rows values[taken[i]] added up by group[i]."""
    return np.stack([np.bincount(group, column[taken], count) for column in values.T], axis=1)


@dataclass(frozen=True)
class Logistic:
    """p(k | x) = softmax(x @ weights + intercepts); weights (D, K), intercepts (K,)."""

    weights: Array
    intercepts: Array

    def logits(self, features: Features) -> Array:
        """Return the (N, K) logits."""
        return features.times(self.weights) + self.intercepts


def fit_logistic(
    features: Features, labels: NDArray[Any], classes: int, penalty: float = 1.0, tolerance: float = 1e-4
) -> Logistic:
    """Return the minimum of sum(cross-entropy) + penalty/2 |weights|^2; intercepts go free.

    Newton steps, their systems solved by conjugate gradients no better than the step deserves, halved until
    the objective falls (Nocedal & Wright 2006, algorithm 7.1). ``tolerance`` bounds the largest element of
    the gradient, relative to that at zero.
    """
    problem = _Problem(features, labels, classes, penalty)
    point = np.zeros((features.shape[1] + 1, classes))
    goal = tolerance * np.abs(problem.gradient(point)).max()
    for _ in range(NEWTON_STEPS):
        gradient = problem.gradient(point)
        if np.abs(gradient).max() <= goal:
            break
        point = problem.descend(point, problem.newton_step(point, gradient))
    return Logistic(point[:-1], point[-1])


class _Problem:
    """The objective at a point (D + 1, K), the intercepts in its last row."""

    def __init__(self, features: Features, labels: NDArray[Any], classes: int, penalty: float) -> None:
        self.features = features
        self.labels = labels
        self.truth = np.eye(classes)[labels]
        self.ridge = np.full((features.shape[1] + 1, 1), penalty)
        self.ridge[-1] = 0.0
        spread = (classes - 1) / classes**2  # p (1 - p) of even chances
        self.diagonal = spread * np.append(features.weight, features.shape[0])[:, None] + self.ridge

    def value(self, point: Array) -> float:
        data = len(self.labels) * cross_entropy(self._logits(point), self.labels)
        return data + 0.5 * float((self.ridge * point**2).sum())

    def gradient(self, point: Array) -> Array:
        gradient: Array = self._transposed(self._chances(point) - self.truth) + self.ridge * point
        return gradient

    def newton_step(self, point: Array, gradient: Array) -> Array:
        """Return about -H^-1 gradient by conjugate gradients, preconditioned by H's diagonal at even chances."""
        chances = self._chances(point)
        step, residual = np.zeros_like(gradient), -gradient
        direction = residual / self.diagonal
        square = float((residual * direction).sum())
        enough = min(0.25, square**0.5) * square
        for _ in range(CONJUGATE_STEPS):
            curved = self._curvature(chances, direction)
            length = square / float((direction * curved).sum())
            step = step + length * direction
            residual = residual - length * curved
            scaled = residual / self.diagonal
            square, before = float((residual * scaled).sum()), square
            if square <= enough:
                break
            direction = scaled + (square / before) * direction
        return step

    def descend(self, point: Array, step: Array) -> Array:
        """Return the first of point + step, + step/2, + step/4, ... that does not raise the objective."""
        start = self.value(point)
        for halvings in range(40):
            candidate: Array = point + step / 2**halvings
            if self.value(candidate) <= start:
                return candidate
        return point

    def _chances(self, point: Array) -> Array:
        chances: Array = np.exp(log_softmax(self._logits(point)))
        return chances

    def _curvature(self, chances: Array, step: Array) -> Array:
        change = chances * self._logits(step)
        spread = change - chances * change.sum(axis=1, keepdims=True)
        curved: Array = self._transposed(spread) + self.ridge * step
        return curved

    def _logits(self, point: Array) -> Array:
        logits: Array = self.features.times(point[:-1]) + point[-1]
        return logits

    def _transposed(self, rows: Array) -> Array:
        return np.vstack([self.features.transposed_times(rows), rows.sum(axis=0)])
