"""Tasks whose sequences are drawn without end, of any length: for training, for validation, longer ones."""

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from workbench.tasks.base import Batch, Task, TaskError, TaskSettings
from workbench.tasks.support.lengths import tested_lengths
from workbench.tasks.support.randomness import generator

TESTED = 64
"""Held-out sequences of each tested length."""
LONGEST = 10_000


def length_field(default: int, description: str, fewest: int) -> Any:
    """Declare the length that a task trains on."""
    return Field(
        default,
        title="Length",
        description=description,
        json_schema_extra={"unit": "steps"},
        ge=fewest,
        le=LONGEST,
    )


def tested_length_field(default: int) -> Any:
    """Declare the longest length that a task is tested on."""
    return Field(
        default,
        title="Test length",
        description="The longest held-out sequences; results are kept by length. 0: the same as trained.",
        json_schema_extra={"unit": "steps"},
        ge=0,
        le=LONGEST,
    )


class Drawn(Task):
    """A task that draws sequences of any length from ``fewest`` steps on.

    Raises TaskError where sequences of ``length`` or ``longest`` steps are too short; ``longest`` is the longest
    tested length, 0 for that of training.
    """

    held_out: ClassVar[int]
    """How many sequences are held out."""

    def __init__(self, settings: TaskSettings, seed: int, length: int, longest: int, fewest: int = 1) -> None:
        self.settings = settings
        self.length = length
        self._seed = seed
        self._longest = longest or length
        self._refuse_too_short("length", length, fewest)
        self._refuse_too_short("test_length", self._longest, fewest)

    def _refuse_too_short(self, setting: str, length: int, fewest: int) -> None:
        if length < fewest:
            raise TaskError(
                f"Sequences of {length} steps are too short: with these settings the task {self.name} needs at least "
                f"{fewest}. Raise task.{setting}."
            )

    @abstractmethod
    def draw(self, random: np.random.Generator, batch: int, length: int) -> Batch:
        """Return ``batch`` sequences, the longest of ``length`` steps."""

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return new sequences, a function of seed, step and size alone."""
        return self.draw(generator(self._seed, f"{self.name}/training", step), batch, self.length)

    def validation(self) -> Batch:
        """Return the held-out sequences."""
        return self._held_out

    def by_length(self) -> Mapping[int, Batch]:
        """Return 64 sequences of each tested length; empty where there is but that of training."""
        return self._by_length

    @cached_property
    def _held_out(self) -> Batch:
        return self.draw(generator(self._seed, f"{self.name}/held-out"), self.held_out, self.length)

    @cached_property
    def _by_length(self) -> Mapping[int, Batch]:
        lengths = tested_lengths(self.length, self._longest)
        return {length: self._of_length(length) for length in lengths if len(lengths) > 1}

    def _of_length(self, length: int) -> Batch:
        return self.draw(generator(self._seed, f"{self.name}/by-length", length), TESTED, length)
