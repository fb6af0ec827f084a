"""Which outputs count: the last step of each sequence, or every step; and how much each one counts.

A sequence may be worked through in pieces of steps; ``select`` says which rows of a piece are read out. All of it is
worked out on the host, where batches are made; ``moved`` brings rows to where the programs run.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from workbench.tasks import Batch, Reads
from workbench.training.arrays import Array
from workbench.training.errors import TrainingError
from workbench.training.initialization import Architecture

Move = Callable[[NDArray[Any]], Array]
"""Takes a host array to where it is wanted."""


class Rows(ABC):
    """The rows of one piece that are read out, with their targets (N, ...) and weights (N,) or one number."""

    targets: Array
    weights: Array | float

    @property
    def places(self) -> Any:
        """Which sequences the rows belong to, in order, where each sequence has one."""
        return slice(None)

    @abstractmethod
    def moved(self, move: Move) -> Self:
        """Return the same rows with each array moved, always in one order."""

    @abstractmethod
    def gather(self, xp: Any, states: Array) -> Array:
        """Return the rows (N, H) of states (T, B, H)."""

    @abstractmethod
    def spread(self, xp: Any, gradient: Array, weight: Array, states: Array, into: Array) -> None:
        """Write what ``gradient @ weight``, (N, K) @ (K, H), of the rows means for the ``states`` they were gathered
        from to ``into``, both (T, B, H); zeros elsewhere.
        """


@dataclass(frozen=True)
class AllRows(Rows):
    """Every step of every sequence."""

    targets: Array
    weights: Array | float

    def moved(self, move: Move) -> Self:
        """Return the same rows with targets and weights moved."""
        weights = self.weights if isinstance(self.weights, float) else move(self.weights)
        return type(self)(move(self.targets), weights)

    def gather(self, xp: Any, states: Array) -> Array:
        """Return all rows, (T * B, H)."""
        return states.reshape(-1, states.shape[2])

    def spread(self, xp: Any, gradient: Array, weight: Array, states: Array, into: Array) -> None:
        """Write all rows, as one product."""
        xp.matmul(gradient, weight, out=into.reshape(-1, into.shape[2]))


@dataclass(frozen=True)
class EndRows(Rows):
    """The last step of those sequences that end in this piece; ``steps`` and ``sequences`` are (N,)."""

    targets: Array
    weights: float
    steps: Array
    sequences: Array

    @property
    def places(self) -> Array:
        """The sequences that end here."""
        return self.sequences

    def moved(self, move: Move) -> Self:
        """Return the same rows with targets and places moved."""
        return type(self)(move(self.targets), self.weights, move(self.steps), move(self.sequences))

    def gather(self, xp: Any, states: Array) -> Array:
        """Return one row a sequence, (N, H)."""
        return states[self.steps, self.sequences]

    def spread(self, xp: Any, gradient: Array, weight: Array, states: Array, into: Array) -> None:
        """Write one row a sequence."""
        into.fill(0)
        into[self.steps, self.sequences] = gradient @ weight


@dataclass(frozen=True)
class BothEndsRows(EndRows):
    """The last state of each direction: half of the units read onward, the others from the end, to step 0."""

    def gather(self, xp: Any, states: Array) -> Array:
        """Return one row a sequence, (N, 2H)."""
        half = states.shape[2] // 2
        onward, back = states[self.steps, self.sequences, :half], states[0, self.sequences, half:]
        return xp.concatenate([onward, back], axis=1)

    def spread(self, xp: Any, gradient: Array, weight: Array, states: Array, into: Array) -> None:
        """Write one row a sequence for each direction."""
        half, rows = states.shape[2] // 2, gradient @ weight
        into.fill(0)
        into[self.steps, self.sequences, :half] = rows[:, :half]
        into[0, self.sequences, half:] = rows[:, half:]


@dataclass(frozen=True)
class PooledRows(Rows):
    """One row a sequence made of all its steps; ``inside`` (T, B, 1) says which are its own; ``lengths`` (B, 1)."""

    targets: Array
    weights: float
    inside: Array
    lengths: Array

    def moved(self, move: Move) -> Self:
        """Return the same rows with targets and steps moved."""
        return type(self)(move(self.targets), self.weights, move(self.inside), move(self.lengths))


@dataclass(frozen=True)
class MeanRows(PooledRows):
    """The mean of each unit over a sequence's steps."""

    def gather(self, xp: Any, states: Array) -> Array:
        """Return one row a sequence, (B, H)."""
        return xp.where(self.inside, states, 0).sum(axis=0) / self.lengths.astype(states.dtype)

    def spread(self, xp: Any, gradient: Array, weight: Array, states: Array, into: Array) -> None:
        """Share each row out evenly over its steps."""
        into[...] = xp.where(self.inside, gradient @ weight / self.lengths.astype(states.dtype), 0)


@dataclass(frozen=True)
class MaximumRows(PooledRows):
    """The largest value of each unit over a sequence's steps; of equal ones, the first."""

    def gather(self, xp: Any, states: Array) -> Array:
        """Return one row a sequence, (B, H)."""
        return xp.where(self.inside, states, -inf).max(axis=0)

    def spread(self, xp: Any, gradient: Array, weight: Array, states: Array, into: Array) -> None:
        """Write each entry of a row to the step it came from."""
        at = xp.where(self.inside, states, -inf).argmax(axis=0)
        steps = xp.arange(len(states))[:, None, None]
        into[...] = xp.where(steps == at, gradient @ weight, 0)


class Reading(ABC):
    """The targets of one batch, on the host."""

    @abstractmethod
    def select(self, start: int, stop: int) -> Rows | None:
        """Return what is read out of steps ``start`` to ``stop``; None where nothing is."""


class ReadLast(Reading):
    """One target a sequence, read at its last step, or at the last of both directions."""

    def __init__(self, batch: Batch, targets: NDArray[Any], weight: float, rows: type[EndRows] = EndRows) -> None:
        self._targets, self._weight, self._rows = targets, weight, rows
        self._last = last_steps(batch)

    def select(self, start: int, stop: int) -> Rows | None:
        """Return the sequences that end in steps ``start`` to ``stop``."""
        ending = [b for b, last in enumerate(self._last) if start <= last < stop]
        if not ending:
            return None
        steps = np.array([self._last[b] - start for b in ending], np.int64)
        sequences = np.array(ending, np.int64)
        return self._rows(self._targets[sequences], self._weight, steps, sequences)


class ReadPooled(Reading):
    """One target a sequence, read of all its steps together, which must come in one piece."""

    def __init__(self, batch: Batch, targets: NDArray[Any], weight: float, rows: type[PooledRows]) -> None:
        lengths = np.array(last_steps(batch)) + 1
        inside = np.arange(len(batch.inputs))[:, None, None] < lengths[:, None]
        self._all = rows(targets, weight, inside, lengths[:, None])

    def select(self, start: int, stop: int) -> Rows | None:
        """Return all sequences."""
        return self._all


class ReadEvery(Reading):
    """A target at every step; ``weights`` are (T, B) or one number for all."""

    def __init__(self, targets: NDArray[Any], weights: NDArray[Any] | float) -> None:
        self._targets, self._weights = targets, weights

    def select(self, start: int, stop: int) -> Rows | None:
        """Return all rows of steps ``start`` to ``stop``."""
        targets, weights = self._targets[start:stop], self._weights
        if not isinstance(weights, float):
            weights = weights[start:stop].reshape(-1)
        return AllRows(targets.reshape(-1, *targets.shape[2:]), weights)


def last_steps(batch: Batch) -> list[int]:
    """Return the last step of each sequence, from 0."""
    steps, sequences = batch.inputs.shape[:2]
    return [steps - 1] * sequences if batch.lengths is None else [int(n) - 1 for n in batch.lengths]


def first_targets(reads: Reads, batch: Batch) -> NDArray[np.int64]:
    """Return the first step of each sequence that counts in its loss, (B,); -1 for a sequence without any."""
    if reads == "last":
        return np.array(last_steps(batch))
    counted = valid_targets(batch)
    if counted is None:
        return np.zeros(batch.inputs.shape[1], np.int64)
    return np.where(counted.any(axis=0), counted.argmax(axis=0), -1)


def valid_targets(batch: Batch) -> NDArray[np.bool_] | None:
    """Return which targets of a batch read at every step count, (T, B); None when all do."""
    if batch.valid is not None:
        return batch.valid
    if batch.lengths is None:
        return None
    counted: NDArray[np.bool_] = np.arange(len(batch.inputs))[:, None] < batch.lengths[None, :]
    return counted


def read_batch(architecture: Architecture, batch: Batch) -> Reading:
    """Return the targets weighted so that the weighted sum of losses is the mean over all valid ones.

    Raises TrainingError for a batch without any valid target.
    """
    targets = targets_of(batch, architecture.dtype)
    if architecture.reads == "last":
        return _read_once(architecture, batch, targets, 1.0 / len(targets))
    valid = batch.valid if architecture.decodes else valid_targets(batch)
    if valid is None:
        steps, sequences = targets.shape[:2]
        return ReadEvery(targets, 1.0 / (steps * sequences))
    count = int(valid.sum())
    if count == 0:
        raise TrainingError("A batch has no target that counts. Check its lengths and its mask of valid targets.")
    return ReadEvery(targets, valid.astype(architecture.dtype) / count)


def read_sequences(architecture: Architecture, batch: Batch) -> Reading:
    """Return the targets weighted so that each sequence's own loss is the mean over its own valid ones.

    Sequences do not touch each other, so the gradient of the sum is each sequence's gradient of its own loss.
    """
    targets = targets_of(batch, architecture.dtype)
    if architecture.reads == "last":
        return _read_once(architecture, batch, targets, 1.0)
    valid = batch.valid if architecture.decodes else valid_targets(batch)
    if valid is None:
        return ReadEvery(targets, 1.0 / len(targets))
    return ReadEvery(targets, (valid / np.maximum(valid.sum(axis=0), 1)).astype(architecture.dtype))


def _read_once(architecture: Architecture, batch: Batch, targets: NDArray[Any], weight: float) -> Reading:
    """Return the targets of sequences that have one each."""
    if architecture.representation == "mean":
        return ReadPooled(batch, targets, weight, MeanRows)
    if architecture.representation == "max":
        return ReadPooled(batch, targets, weight, MaximumRows)
    return ReadLast(batch, targets, weight, BothEndsRows if architecture.bidirectional else EndRows)


def targets_of(batch: Batch, dtype: str) -> NDArray[Any]:
    """Return the targets: classes as whole numbers, numbers in the network's own type."""
    return np.asarray(batch.targets, dtype if batch.targets.dtype.kind == "f" else "int64")
