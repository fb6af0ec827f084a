"""NARMA-10: follow a system of the tenth order from its random input alone."""

from functools import cached_property
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from workbench.tasks.base import Batch, Real, TaskSettings
from workbench.tasks.support.pools import Pool, pool_size
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.series.drawn import Sequences, record_of, windows
from workbench.tasks.support.series.forecasts import Record
from workbench.tasks.support.series.narma import draw_sequences
from workbench.tasks.support.series.scaling import Scaling, fit_scaling
from workbench.tasks.support.series.task import SeriesTask

HELD_OUT = 256
LEARNT = 512
"""Sequences that the baselines and the scaling of the targets are fitted to."""
WASHOUT = 50
"""Steps of the system before a window: it starts at rest."""


class Narma10Settings(TaskSettings):
    """How long a sequence is."""

    title: ClassVar[str] = "NARMA-10"
    about: ClassVar[str] = "Predict a system of the tenth order from its random input."
    use = "Series"

    name: Literal["narma10"] = "narma10"
    length: int = Field(
        100,
        title="Length",
        description="Steps of a sequence; its first quarter gives context and does not count.",
        json_schema_extra={"unit": "steps"},
        ge=4,
        le=1_000,
    )

    def build(self, seed: int) -> "Narma10":
        """Return the task drawn from ``seed``."""
        return Narma10(self, seed)


class Narma10(SeriesTask):
    """Inputs are u(t), targets y(t+1): what the system makes of the inputs up to now."""

    version = 1
    source = "Atiya & Parlos 2000; as a benchmark of recurrent networks: Jaeger 2003"
    solved = "NRMSE below 0.2 on held-out sequences, half of what a line through 20 inputs reaches."
    solved_below = 0.04

    def __init__(self, settings: Narma10Settings, seed: int) -> None:
        self.settings = settings
        self.length, self.context = settings.length, settings.length // 4
        self.inputs = Real(1, ("u",))
        self.outputs = 1
        self._seed = seed
        self.input_scaling = Scaling(np.array([0.25]), np.array([0.5 / np.sqrt(12)]))
        self.target_scaling = fit_scaling("standard", self._learnt[1][WASHOUT:].reshape(-1, 1), ("y",))
        self._training = Pool(self._draw, seed, "narma10/training", pool_size(WASHOUT + settings.length))
        self.protocol = (
            "y(t+1) = 0.3 y(t) + 0.05 y(t) [y(t) + ... + y(t-9)] + 1.5 u(t-9) u(t) + 0.1, u drawn evenly from "
            f"[0, 0.5]. The network reads u and predicts y one step later, for {settings.length} steps; it is shown no "
            f"y. The system starts at rest {WASHOUT} steps before, and the first {self.context} steps of a sequence "
            "give context and do not count. The system is known to run away now and then: sequences in which y passes "
            "1 are left out and others drawn. Inputs and targets are scaled to mean 0 and deviation 1. Each training "
            f"batch is new; {HELD_OUT} sequences drawn apart are held out."
        )

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return new sequences, a function of seed, step and size alone."""
        return self._training.batch(step, batch)

    def validation(self) -> Batch:
        """Return the 256 held-out sequences."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return self._windows(self._held_out_sequences)

    @cached_property
    def record(self) -> Record:
        """The sequences as predictors without a network see them, inputs before a window included."""
        sequences = self._scaled(self._learnt), self._scaled(self._held_out_sequences)
        return record_of(*sequences, counted=self.length - self.context, before=WASHOUT)

    @cached_property
    def _held_out_sequences(self) -> Sequences:
        return self._sequences(generator(self._seed, "narma10/held-out"), HELD_OUT)

    @cached_property
    def _learnt(self) -> Sequences:
        return self._sequences(generator(self._seed, "narma10/baselines"), LEARNT)

    def _sequences(self, random: np.random.Generator, count: int) -> Sequences:
        return draw_sequences(random, count, WASHOUT + self.length)

    def _draw(self, random: np.random.Generator, count: int) -> Batch:
        return self._windows(self._sequences(random, count))

    def _windows(self, sequences: Sequences) -> Batch:
        return windows(self._scaled(sequences), self.length, self.context)

    def _scaled(self, sequences: Sequences) -> Sequences:
        inputs, outputs = sequences
        return self.input_scaling.apply(inputs), self.target_scaling.apply(outputs)
