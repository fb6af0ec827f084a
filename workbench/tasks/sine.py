"""Sine waves: the next value of waves whose periods and phases the network must find."""

from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Real, TaskSettings
from workbench.tasks.support.pools import Pool, pool_size
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.series.drawn import Sequences, record_of, windows
from workbench.tasks.support.series.forecasts import WINDOW, Record, mean, persistence
from workbench.tasks.support.series.scaling import unscaled
from workbench.tasks.support.series.task import FREE_STARTS, FREE_STEPS, MOST_READ, Course, SeriesTask

HELD_OUT = 256
LEARNT = 512
"""Sequences that the baselines are fitted to."""
SHORTEST, LONGEST = 5.0, 25.0
"""Bounds of the periods, in steps."""


class SineSettings(TaskSettings):
    """How many waves, how noisy."""

    title: ClassVar[str] = "Sine waves"
    about: ClassVar[str] = "Predict the next value of sine waves of unknown period."
    use = "Series"

    name: Literal["sine"] = "sine"
    waves: int = Field(
        1,
        title="Waves",
        description="How many sine waves are added up in a sequence.",
        json_schema_extra={"unit": "waves"},
        ge=1,
        le=5,
    )
    noise: float = Field(
        0.0,
        title="Noise",
        description="Standard deviation of the noise on each value; that of the waves is 0.71.",
        ge=0,
        le=2,
    )
    length: int = Field(
        60,
        title="Length",
        description="Steps of a sequence; its first quarter gives context and does not count.",
        json_schema_extra={"unit": "steps"},
        ge=4,
        le=1_000,
    )

    def build(self, seed: int) -> "Sine":
        """Return the task drawn from ``seed``."""
        return Sine(self, seed)


class Sine(SeriesTask):
    """Inputs are the values of a sequence of its own waves, targets the values one step later."""

    version = 1
    predicts_next = True
    source = "An exercise of our own; networks that generate waves: Williams & Zipser 1989"

    def __init__(self, settings: SineSettings, seed: int) -> None:
        self.settings = settings
        self.length, self.context = settings.length, settings.length // 4
        self.inputs = Real(1, ("value",))
        self.outputs = 1
        self.input_scaling = self.target_scaling = unscaled(1)
        self._waves, self._noise, self._seed = settings.waves, settings.noise, seed
        self._training = Pool(self._draw, seed, "sine/training", pool_size(settings.length))
        self.solved_below = 1.1 * self._noise**2 + 0.001
        self.solved = f"Mean squared error below {self.solved_below:.3g}: that of the noise, a tenth and 0.001."
        self.protocol = (
            f"Each sequence adds up {self._added} of amplitude {self._waves**-0.5:.3g}, their periods drawn from "
            f"{SHORTEST:g} to {LONGEST:g} steps (evenly in the logarithm), their phases evenly{self._noise_in_words}. "
            f"The target at each of {self.length} steps is the next value; the first {self.context} give context and "
            f"do not count. Each training batch is new; {HELD_OUT} sequences drawn apart are held out. Running freely: "
            f"after {min(self.length, MOST_READ)} true values the network goes on from its own predictions for "
            f"{FREE_STEPS} steps, on {FREE_STARTS} sequences."
        )

    @property
    def _added(self) -> str:
        return "1 sine wave" if self._waves == 1 else f"{self._waves} sine waves"

    @property
    def _noise_in_words(self) -> str:
        return f", and noise of deviation {self._noise:g}" if self._noise else ""

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return new sequences, a function of seed, step and size alone."""
        return self._training.batch(step, batch)

    def validation(self) -> Batch:
        """Return the 256 held-out sequences."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return windows(self._held_out_sequences, self.length, self.context)

    @cached_property
    def _held_out_sequences(self) -> Sequences:
        return self._sequences(generator(self._seed, "sine/held-out"), HELD_OUT)

    @cached_property
    def record(self) -> Record:
        """The sequences as predictors without a network see them, 19 values before a window included."""
        learnt = self._sequences(generator(self._seed, "sine/baselines"), LEARNT)
        return record_of(learnt, self._held_out_sequences, self.length - self.context, before=WINDOW - 1)

    def course(self) -> Course:
        """Return 32 sequences of their own: as many values to read as in training, 50 at most, then 50 more."""
        read = min(self.length, MOST_READ)
        values = self._values(generator(self._seed, "sine/free"), FREE_STARTS, read + FREE_STEPS)[:, :, None]
        return Course(values[:read], values[read:])

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return the scores of the mean, of the last value and, where there is noise, of the waves without it."""
        return (mean(self.record), persistence(self.record, 1), *([self._noise_alone] if self._noise else []))

    @property
    def _noise_alone(self) -> Baseline:
        error = self._noise / float(self.deviation[0])
        return Baseline("the waves, known", self._noise**2, error, "noise^2", "no predictor can do better")

    def _draw(self, random: np.random.Generator, count: int) -> Batch:
        values = self._values(random, count, self.length + 1)
        return windows((values[:-1], values[1:]), self.length, self.context)

    def _sequences(self, random: np.random.Generator, count: int) -> Sequences:
        values = self._values(random, count, WINDOW + self.length)
        return values[:-1], values[1:]

    def _values(self, random: np.random.Generator, count: int, steps: int) -> NDArray[np.float64]:
        """Return (steps, count)."""
        periods = np.exp(random.uniform(np.log(SHORTEST), np.log(LONGEST), (self._waves, count)))
        phases = random.uniform(0, 2 * np.pi, (self._waves, count))
        values = np.zeros((steps, count))
        for period, phase in zip(periods, phases, strict=True):
            values += _wave(period, phase, steps)
        values *= self._waves**-0.5
        if self._noise:
            values += self._noise * random.standard_normal((steps, count))
        return values


def _wave(period: NDArray[np.float64], phase: NDArray[np.float64], steps: int) -> NDArray[np.float64]:
    """Return sin(2 pi t / period + phase), (steps, N): the first half, turned on, is the second, faster than sines."""
    points, turn = np.exp(1j * phase)[None], np.exp(2j * np.pi / period)
    while len(points) < steps:
        points = np.concatenate([points, points[: steps - len(points)] * turn])
        turn = turn * turn
    values: NDArray[np.float64] = points.imag
    return values
