"""What predictors without a network make of a record of numbers: the mean, the last value, the season, a line."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Baseline

Array = NDArray[np.float64]

WINDOW = 20
"""Values that the linear predictor sees."""
RIDGE = 1e-8
MOST_FITTED = 200_000
"""Windows that the linear predictor is fitted to at most."""
MOST_NUMBERS = 8_000_000
"""Numbers in these windows at most: many columns are fitted to fewer of them."""
FURTHEST = 200_000
"""Numbers at the end of the training part in which a period is looked for."""
LEAST_CORRELATION = 0.2
NEARLY = 0.9


@dataclass(frozen=True)
class Record:
    """What is read at each of N steps and what is due there, and where predictors learn and are judged.

    Each step of ``fitted`` and ``judged`` has WINDOW - 1 steps of its own sequence before it.
    """

    inputs: Array
    """(N, D)."""
    targets: Array
    """(N, K): row t is due after row t of the inputs was read."""
    fitted: NDArray[np.int64]
    """(P,) steps of the training part."""
    judged: NDArray[np.int64]
    """(Q,) steps that validation counts, as often as it counts them."""

    @property
    def due(self) -> Array:
        """(Q, K), what a predictor is to meet."""
        due: Array = self.targets[self.judged]
        return due

    @property
    def deviation(self) -> Array:
        """(K,), the standard deviation of what is due, 1 for a column that does not change."""
        due = self.due
        return np.where(np.ptp(due, axis=0) > 0, due.std(axis=0), 1.0)


def spread_evenly(first: int, end: int, most: int) -> NDArray[np.int64]:
    """Return the numbers from ``first`` up to ``end``, or ``most`` of them evenly spaced."""
    if end - first <= most:
        return np.arange(first, end)
    return np.linspace(first, end - 1, most).astype(np.int64)


def normalised_error(predicted: NDArray[Any], due: NDArray[Any], deviation: NDArray[np.float64]) -> float:
    """Return the NRMSE: the root of the mean over rows and columns of ((predicted - due) / deviation)^2."""
    return float(np.sqrt(np.mean(np.square((predicted - due) / deviation, dtype=np.float64))))


def judge(record: Record, name: str, predicted: Array, formula: str, source: str) -> Baseline:
    """Return the scores of predictions (Q, K)."""
    due = record.due
    squared = float(np.mean((predicted - due) ** 2))
    return Baseline(name, squared, normalised_error(predicted, due, record.deviation), formula, source)


def mean(record: Record) -> Baseline:
    """Return what the mean of the training targets scores."""
    predicted = np.broadcast_to(record.targets[record.fitted].mean(axis=0), record.due.shape)
    return judge(record, "mean", predicted, "y(t+h) = mean of the training targets", "the best constant")


def persistence(record: Record, horizon: int) -> Baseline:
    """Return what the last value read scores; inputs and targets are the same columns."""
    formula = f"y(t+{horizon}) = y(t)"
    return judge(record, "persistence", record.inputs[record.judged], formula, "the naive forecast: no change")


def seasonal(record: Record, horizon: int, period: int) -> Baseline:
    """Return what the value one period before the target scores, or so many periods that it has been read."""
    back = -(-horizon // period) * period
    places = np.maximum(record.judged + horizon - back, 0)
    formula = f"y(t+{horizon}) = y(t+{horizon}-{back}), period {period}"
    source = "the seasonal naive forecast; the period is the peak of the training part's autocorrelation"
    return judge(record, "seasonal", record.inputs[places], formula, source)


def linear_window(record: Record) -> Baseline:
    """Return what a line through the last 20 inputs scores, fitted to the training part."""
    columns = WINDOW * record.inputs.shape[1] + 1
    most = min(MOST_FITTED, MOST_NUMBERS // columns)
    fitted = record.fitted[spread_evenly(0, len(record.fitted), most)]
    windows, ridge = _windows(record.inputs, fitted), np.sqrt(RIDGE) * np.eye(columns)
    targets = record.targets[fitted]
    rows = np.concatenate([windows, ridge])
    due = np.concatenate([targets, np.zeros((columns, targets.shape[1]))])
    weights = np.linalg.lstsq(rows, due)[0]
    predicted = _windows(record.inputs, record.judged) @ weights
    return judge(
        record,
        f"linear window of {WINDOW}",
        predicted,
        f"w · (x(t-{WINDOW - 1}) ... x(t), 1), least squares with ridge {RIDGE:g} on {len(fitted):,} training windows",
        "autoregression, Yule 1927; measured on the values that validation counts",
    )


def _windows(inputs: Array, steps: NDArray[np.int64]) -> Array:
    """Return (P, WINDOW D + 1): the inputs up to each step, and a 1."""
    found = inputs[steps[:, None] + np.arange(1 - WINDOW, 1)].reshape(len(steps), -1)
    return np.concatenate([found, np.ones((len(steps), 1))], axis=1)


def find_period(series: Array) -> int | None:
    """Return after how many steps a series (N, D) repeats itself, None where it does not.

    The trend is taken off. Among the lags after the autocorrelation (the columns' mean) first fell below zero, its
    highest must be at least 0.2 and 4 / sqrt(N), four deviations of noise. The period is the first peak of nine
    tenths of that, for the double of a period fits as well.
    """
    rows = max(FURTHEST // series.shape[1], 1)
    correlation = _autocorrelation(series[-rows:])
    below = np.flatnonzero(correlation < 0)
    if len(below) == 0:
        return None
    first = int(below[0])
    highest = correlation[first:].max()
    if highest < max(LEAST_CORRELATION, 4 / np.sqrt(min(rows, len(series)))):
        return None
    near = first + int(np.argmax(correlation[first:] >= NEARLY * highest))
    period = near + int(correlation[near : near + near // 2 + 1].argmax())
    return period if period < len(correlation) - 1 else None


def _autocorrelation(series: Array) -> Array:
    """Return the autocorrelation at lags 0 .. N/2: sums over N, so that long lags count less."""
    count = len(series)
    time = np.arange(count) - (count - 1) / 2
    level = series - series.mean(axis=0)
    level = level - time[:, None] * (time @ level / max(float(time @ time), 1.0))
    size = 1 << (2 * count - 1).bit_length()
    power = np.abs(np.fft.rfft(level, size, axis=0)) ** 2
    covariance = np.fft.irfft(power, size, axis=0)[: count // 2 + 1]
    correlation: Array = (covariance / np.maximum(covariance[0], np.finfo(np.float64).tiny)).mean(axis=1)
    return correlation
