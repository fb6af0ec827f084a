"""Tasks that rewrite a row of letters: reversed, or sorted."""

from abc import abstractmethod
from collections.abc import Mapping
from functools import cached_property
from math import log
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import END, Baseline, Batch, Symbols, TaskSettings
from workbench.tasks.support.answers.task import END_NAME, Answers
from workbench.tasks.support.lengths import tested_lengths
from workbench.tasks.support.randomness import generator

HELD_OUT = 256
BY_LENGTH = 64
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class RewritingSettings(TaskSettings):
    """How many letters there are, and how many are read."""

    use = "Sequence to sequence"

    alphabet: int = Field(
        8,
        title="Alphabet",
        description="How many different letters there are.",
        json_schema_extra={"unit": "letters"},
        ge=2,
        le=len(LETTERS),
    )
    length: int = Field(
        10,
        title="Length",
        description="Letters of the longest row; lengths are drawn evenly from 1 to this one.",
        json_schema_extra={"unit": "letters"},
        ge=1,
        le=1000,
    )
    test_length: int = Field(
        0,
        title="Test length",
        description="The longest held-out sequences; results are kept by length. 0: the same as trained.",
        json_schema_extra={"unit": "letters"},
        ge=0,
        le=1000,
    )


class Rewriting(Answers):
    """Letters 0 .. V-1 are read; classes 1 .. V are the same letters written, class 0 is END."""

    settings: RewritingSettings
    order: ClassVar[str]
    """How the letters are written, for the protocol."""

    def __init__(self, settings: RewritingSettings, seed: int) -> None:
        self.settings = settings
        self._seed = seed
        letters = tuple(LETTERS[: settings.alphabet])
        self.inputs = Symbols(len(letters), letters)
        self.outputs = len(letters) + 1
        self.output_names = (END_NAME, *letters)
        self.length = 2 * settings.length + 1
        self.solved = "At least 99 % of the held-out rows right as a whole."
        self.protocol = (
            f"A row of 1 to {settings.length} letters, each length as likely, each letter drawn evenly from "
            f"{settings.alphabet}, is read; then it is written {self.order}, ended by {END_NAME}, which counts in the "
            f"loss. Each training batch is new; {HELD_OUT} rows drawn apart are held out."
        )

    @abstractmethod
    def rewrite(self, letters: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return (S, B): the letters (S, B) as they are written; those beyond each length are of no account."""

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return new rows, a function of seed, step and size alone."""
        return self._draw(generator(self._seed, f"{self.name}/training", step), batch)

    def validation(self) -> Batch:
        """Return the 256 held-out rows."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return self._draw(generator(self._seed, f"{self.name}/held-out"), HELD_OUT)

    def by_length(self) -> Mapping[int, Batch]:
        """Return 64 rows of each tested length; empty where the test length is that of training."""
        return self._by_length

    @cached_property
    def _by_length(self) -> Mapping[int, Batch]:
        trained, longest = self.settings.length, self.settings.test_length
        if longest in {0, trained}:
            return {}
        random = generator(self._seed, f"{self.name}/by-length")
        return {
            length: self._batch(random, np.full(BY_LENGTH, length), length)
            for length in tested_lengths(trained, longest)
        }

    def _draw(self, random: np.random.Generator, batch: int) -> Batch:
        longest = self.settings.length
        return self._batch(random, random.integers(1, longest + 1, batch), longest)

    def _batch(self, random: np.random.Generator, lengths: NDArray[np.int64], longest: int) -> Batch:
        """Return rows of these lengths, padded to the longest."""
        letters = random.integers(0, self.inputs.size, (longest, len(lengths)))
        within = np.arange(longest + 1)[:, None] < lengths
        targets = np.full((longest + 1, len(lengths)), END, dtype=np.int64)
        targets[:-1] = np.where(within[:-1], self.rewrite(letters, lengths) + 1, END)
        valid = np.ones_like(within)
        valid[1:] = within[:-1]
        return Batch(np.where(within[:-1], letters, 0), targets, lengths, valid)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the score of an even guess among the letters, as many as were read."""
        return (self._even_guess(),)

    def _even_guess(self) -> Baseline:
        lengths, letters = self._held_out.lengths, self.inputs.size
        assert lengths is not None  # _batch gives them
        return Baseline(
            "even guess",
            float(lengths.sum() / (lengths + 1).sum()) * log(letters),
            float(np.mean(float(letters) ** -lengths)),
            f"ln {letters} a letter, 0 for {END_NAME}: sum(n) ln {letters} / sum(n + 1), n letters a held-out row",
            f"each letter has the chance 1/{letters}, and n is known; measured on the held-out rows",
        )
