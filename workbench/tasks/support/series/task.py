"""What the tasks that predict numbers share: NRMSE, baselines, running freely, and numbers in words."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from functools import cached_property
from math import floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Baseline, Batch, Example, Predict, Reading, Real, Task
from workbench.tasks.support.metrics import squared_error
from workbench.tasks.support.series.forecasts import Record, linear_window, mean, normalised_error
from workbench.tasks.support.series.scaling import Scaling

FREE_STEPS = 50
"""Steps for which a network goes on from its own predictions."""
MOST_READ = 50
"""True values a network reads at most before that: each costs as much time as a step on its own."""
FREE_STARTS = 32
"""Places at which it does so."""
FREE_NAME = "free-running NRMSE"
FURTHEST = 100.0
"""Where a prediction that runs away is held, in the unit of the targets' deviation: its score stays a number."""
SHOWN = 3


@dataclass(frozen=True)
class Course:
    """Held-out sequences to run freely on: ``read`` (W, N, D), then ``due`` (F, N, D), which the network goes on to."""

    read: NDArray[np.float64]
    due: NDArray[np.float64]


class SeriesTask(Task):
    """Inputs and targets are numbers, read at every step; the first steps of a window give context alone.

    A subclass sets the scalings and says what predictors without a network see and must meet.
    """

    inputs: Real
    loss = "squared-error"
    reads = "every"
    metric = "NRMSE"
    better = "lower"

    input_scaling: Scaling
    target_scaling: Scaling
    context: int
    """Steps at the start of each window that do not count."""

    @property
    @abstractmethod
    def record(self) -> Record:
        """Return what the baselines see: the same for all of a task's life."""

    def course(self) -> Course | None:
        """Return what the network runs freely on, None where its targets are not its next inputs."""
        return None

    @cached_property
    def deviation(self) -> NDArray[np.float64]:
        """(K,), the standard deviation of the held-out targets, by which the NRMSE divides."""
        return self.record.deviation

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return the score of the mean."""
        return (mean(self.record),)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what predictors without a network score on the values that validation counts."""
        return self._baselines

    @cached_property
    def _baselines(self) -> tuple[Baseline, ...]:
        return (*self.simple_baselines(), linear_window(self.record))

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return the NRMSE and the squared error over the steps that count."""
        counts = slice(None) if batch.valid is None else batch.valid
        predicted, due = outputs[counts], batch.targets[counts]
        return {
            "NRMSE": normalised_error(predicted, due, self.deviation),
            "mse": squared_error(predicted, due),
        }

    def free_running(self, predict: Predict) -> dict[str, float]:
        """Return the NRMSE over 50 steps in which each input is the prediction before it.

        The network first reads true values. What runs further than 100 deviations away is held there.
        """
        course = self.course()
        if course is None:
            return {}
        state, outputs = None, course.read[0]
        for values in course.read:
            outputs, state = predict(values, state)
        predicted = [self._hold(outputs)]
        while len(predicted) < len(course.due):
            outputs, state = predict(predicted[-1], state)
            predicted.append(self._hold(outputs))
        return {FREE_NAME: normalised_error(np.stack(predicted), course.due, self.deviation)}

    def _hold(self, outputs: NDArray[Any]) -> NDArray[np.float64]:
        furthest = FURTHEST * self.deviation
        return np.clip(np.asarray(outputs, dtype=np.float64), -furthest, furthest)

    def describe(self, batch: Batch, own: int) -> Example:
        """Return the first and the last values read, and the last targets, in their own unit."""
        read = _rows(batch.inputs[:, own], self.input_scaling)
        words = read if len(read) <= 2 * SHOWN + 1 else [*read[:SHOWN], "…", *read[-SHOWN:]]
        return Example(" ".join(words), self.describe_output(batch.targets[:, own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the last values, in their own unit."""
        rows = _rows(outputs[-SHOWN:], self.target_scaling)
        return " ".join(rows if len(outputs) <= SHOWN else ["…", *rows])

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the last predictions beside the last targets, and the error of all that count."""
        counted = slice(self.context if len(target) > self.context else 0, None)
        error = normalised_error(outputs[counted], target[counted], self.deviation)
        return replace(super().reading(example, outputs, target), note=f"NRMSE {error:.3g} in this window")


def _rows(values: NDArray[Any], scaling: Scaling) -> list[str]:
    """Return each row of (T, D) scaled values in words, rows of several in brackets."""
    decimals = [min(max(2 - floor(log10(scale)), 0), 9) for scale in scaling.scale]
    rows = [
        ", ".join(f"{value:.{places}f}" for value, places in zip(row, decimals, strict=True))
        for row in scaling.undo(values)
    ]
    return rows if values.shape[1] == 1 else [f"({row})" for row in rows]
