"""A series parted by time: windows to train on, and windows that count each held-out value once."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Baseline, Batch, Real, TaskSettings
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.series.forecasts import (
    MOST_FITTED,
    WINDOW,
    Record,
    find_period,
    mean,
    persistence,
    seasonal,
    spread_evenly,
)
from workbench.tasks.support.series.scaling import Scaling
from workbench.tasks.support.series.task import FREE_STARTS, FREE_STEPS, MOST_READ, Course, SeriesTask

MOST_WINDOWS = 256
"""Held-out windows that validation reads at most."""


@dataclass(frozen=True)
class TimeSplit:
    """A series (N, D) whose rows from ``split`` on are held out; the target at row t is row t + ``horizon``."""

    series: NDArray[np.float64]
    split: int
    horizon: int
    length: int

    @property
    def context(self) -> int:
        """Steps of a window that do not count."""
        return self.length // 4

    @property
    def held_out(self) -> int:
        """How many rows are held out."""
        return len(self.series) - self.split

    @property
    def counted(self) -> int:
        """Steps of a window that count."""
        return self.length - self.context

    @property
    def places(self) -> int:
        """Where training windows may start: windows whose last target is of the training part."""
        return self.split - self.length - self.horizon + 1

    def windows(self, starts: NDArray[np.int64], first_due: int = 0) -> Batch:
        """Return the windows (length, B) from these rows on; targets before row ``first_due`` do not count."""
        rows = starts + np.arange(self.length)[:, None]
        due = rows + self.horizon
        valid = due >= first_due
        valid[: self.context] = False
        return Batch(self.series[rows], self.series[due], valid=valid)

    @cached_property
    def held_out_starts(self) -> NDArray[np.int64]:
        """Where the held-out windows start, a window's counted steps apart; the last ends with the series.

        The first may begin within the training part: what is known then may be read.
        """
        count = -(-self.held_out // self.counted)
        last = len(self.series) - self.length - self.horizon
        return np.sort(last - self.counted * spread_evenly(0, count, MOST_WINDOWS))

    def held_out_windows(self) -> Batch:
        """Return the held-out windows; a step counts if its target is held out."""
        return self.windows(self.held_out_starts, self.split)

    def record(self) -> Record:
        """Return the series as predictors without a network see it."""
        due = self.held_out_starts + np.arange(self.context, self.length)[:, None] + self.horizon
        judged = due[due >= self.split] - self.horizon
        fitted = spread_evenly(WINDOW - 1, self.split - self.horizon, MOST_FITTED)
        return Record(self.series[: -self.horizon], self.series[self.horizon :], fitted, judged)

    def course(self) -> Course:
        """Return up to 32 stretches of the held-out part, with up to 50 values to read before each."""
        free = min(FREE_STEPS, self.held_out)
        read = min(self.length, MOST_READ)
        starts = np.unique(spread_evenly(self.split, len(self.series) - free + 1, FREE_STARTS))
        return Course(
            self.series[starts + np.arange(-read, 0)[:, None]], self.series[starts + np.arange(free)[:, None]]
        )


class SplitSeriesTask(SeriesTask):
    """A task that predicts the value or values of one series, ``horizon`` steps later."""

    predicts_next = True

    def __init__(
        self, settings: TaskSettings, seed: int, split: TimeSplit, scaling: Scaling, names: tuple[str, ...]
    ) -> None:
        self.settings = settings
        self.split = split
        self.length, self.context = split.length, split.context
        self.inputs = Real(len(names), names)
        self.outputs = len(names)
        self.input_scaling = self.target_scaling = scaling
        self._seed = seed

    @property
    def windows_in_words(self) -> str:
        """Return how windows are cut, for the protocol."""
        split = self.split
        few = len(split.held_out_starts) * split.counted >= split.held_out
        reads = (
            "each held-out value counts once" if few else f"{MOST_WINDOWS} windows spread over the held-out part count"
        )
        return (
            f"The target at each step is the value {_steps(split.horizon)} later. A batch is windows of "
            f"{_steps(split.length)} that start at random in the training part; the first {_steps(split.context)} of "
            f"a window give context and do not count. In validation {reads}; context may reach back before it."
        )

    @property
    def free_in_words(self) -> str:
        """Return how the network runs freely, for the protocol; nothing where it does not."""
        if self.split.horizon != 1:
            return ""
        course = self.split.course()
        return (
            f" Running freely: after {len(course.read)} true values the network goes on from its own predictions for "
            f"{len(course.due)} steps, at {course.due.shape[1]} places of the held-out part."
        )

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return windows at random places of the training part, a function of seed, step and size alone."""
        random = generator(self._seed, f"{self.name}/training", step)
        return self.split.windows(random.integers(0, self.split.places, batch))

    def validation(self) -> Batch:
        """Return the held-out windows."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return self.split.held_out_windows()

    @cached_property
    def record(self) -> Record:
        """The series as predictors without a network see it."""
        return self.split.record()

    def course(self) -> Course | None:
        """Return stretches of the held-out part, None for a horizon above 1: targets are not the next inputs."""
        return self.split.course() if self.split.horizon == 1 else None

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return the scores of the mean, of the last value, and of the last season where the series has a period."""
        return self._simple_baselines

    @cached_property
    def _simple_baselines(self) -> tuple[Baseline, ...]:
        horizon = self.split.horizon
        known = (mean(self.record), persistence(self.record, horizon))
        period = find_period(self.split.series[: self.split.split])
        return known if period is None else (*known, seasonal(self.record, horizon, period))


def _steps(count: int) -> str:
    return "1 step" if count == 1 else f"{count:,} steps"
