"""Pairs of a source and an answer, made once: batches are taken out of them by number."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Baseline, Batch
from workbench.tasks.support.answers.task import Answers, valid_of
from workbench.tasks.support.randomness import Shuffled

HELD_OUT = 500
"""Held-out pairs that are looked at, at most."""


@dataclass(frozen=True)
class Rows:
    """Rows of symbols of different lengths, one after another."""

    symbols: NDArray[np.integer]
    lengths: NDArray[np.int64]

    @cached_property
    def longest(self) -> int:
        """Symbols of the longest row."""
        return int(self.lengths.max())

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each row begins."""
        starts: NDArray[np.int64] = self.lengths.cumsum() - self.lengths
        return starts

    def take(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return rows as columns (longest, B), padded with 0."""
        step = np.arange(self.longest)[:, None]
        taken = self.symbols.take(self.starts[places] + step, mode="clip")
        return np.where(step < self.lengths[places], taken, 0).astype(np.int64)


@dataclass(frozen=True)
class Pairs:
    """Sources and answers, each answer with its END, and the places of those that train and of those held out."""

    sources: Rows
    answers: Rows
    training: NDArray[np.int64]
    held_out: NDArray[np.int64]

    def take(self, places: NDArray[np.int64]) -> Batch:
        """Return these pairs as a batch."""
        lengths = self.answers.lengths[places]
        valid = np.arange(self.answers.longest)[:, None] < lengths
        return Batch(self.sources.take(places), self.answers.take(places), self.sources.lengths[places], valid)

    def counts(self, classes: int) -> NDArray[np.int64]:
        """Return how often each class is written in the answers that train."""
        trains = np.zeros(len(self.answers.lengths), dtype=np.bool_)
        trains[self.training] = True
        return np.bincount(self.answers.symbols[np.repeat(trains, self.answers.lengths)], minlength=classes)


class PairsTask(Answers):
    """Each pair that trains is read once an epoch, in a new order."""

    pairs: Pairs
    _order: Shuffled

    def hold(self, pairs: Pairs, seed: int) -> None:
        """Take these pairs as the task's own, and their sizes."""
        self.pairs = pairs
        self.length = pairs.sources.longest + pairs.answers.longest
        self._order = Shuffled(seed, f"{self.name}/training", len(pairs.training))

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return the pairs of this step in the epochs' shuffled order."""
        return self.pairs.take(self.pairs.training[self._order.indices(step, batch)])

    def validation(self) -> Batch:
        """Return the held-out pairs."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return self.pairs.take(self.pairs.held_out)

    def shares(self) -> NDArray[np.float64]:
        """Return how often each class is written in training answers, each counted once more than it was seen."""
        counts = self.pairs.counts(self.outputs) + 1.0
        shares: NDArray[np.float64] = counts / counts.sum()
        return shares

    def unigram(self, unit: str) -> Baseline:
        """Return the score of a guess by how often each symbol, a ``unit``, is written."""
        targets, due = self._held_out.targets, valid_of(self._held_out)
        nats = np.where(due, -np.log(self.shares())[targets], 0.0)
        return Baseline(
            "unigram",
            float(nats.sum() / due.sum()),
            float(np.exp(-nats.sum(axis=0)).mean()),
            f"-mean ln p({unit}), p its share in training answers, END among them, each counted once more",
            "measured on the held-out pairs; the metric is the chance that a guess drawn so is right",
        )
