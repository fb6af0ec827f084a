"""Sequences drawn many at once and handed out a batch at a time: what a step costs no longer counts."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from workbench.tasks.base import Batch
from workbench.tasks.support.randomness import generator

MOST, FEWEST = 1024, 32
SYMBOLS = 1 << 21
"""At most about so many steps of sequences are drawn at once: 16 megabytes."""


def pool_size(length: int) -> int:
    """Return how many sequences of ``length`` steps are drawn at once."""
    return min(MOST, max(FEWEST, SYMBOLS // length))


class Pool:
    """Endless sequences as a pure function of seed, purpose, step and batch.

    ``draw(random, count)`` returns ``count`` sequences, read at every step. Sequence n of them all stands in the
    ``n // size``-th drawing, so that step s of batch B takes the sequences s B .. (s + 1) B - 1, wherever it starts.
    """

    def __init__(self, draw: Callable[[np.random.Generator, int], Batch], seed: int, purpose: str, size: int) -> None:
        self._size = size
        self._drawn = lru_cache(maxsize=2)(lambda number: draw(generator(seed, purpose, number), size))

    def batch(self, step: int, count: int) -> Batch:
        """Return the ``count`` sequences of step ``step`` when each step takes so many."""
        size, first, end = self._size, step * count, (step + 1) * count
        parts = [
            _columns(self._drawn(number), slice(max(first - number * size, 0), end - number * size))
            for number in range(first // size, (end - 1) // size + 1)
        ]
        return parts[0] if len(parts) == 1 else _joined(parts)


def _columns(batch: Batch, own: slice) -> Batch:
    """Return some sequences of a batch, in arrays of their own."""
    return Batch(
        batch.inputs[:, own].copy(),
        batch.targets[:, own].copy(),
        None if batch.lengths is None else batch.lengths[own].copy(),
        None if batch.valid is None else batch.valid[:, own].copy(),
    )


def _joined(parts: list[Batch]) -> Batch:
    lengths = [part.lengths for part in parts if part.lengths is not None]
    valid = [part.valid for part in parts if part.valid is not None]
    return Batch(
        np.concatenate([part.inputs for part in parts], axis=1),
        np.concatenate([part.targets for part in parts], axis=1),
        np.concatenate(lengths) if lengths else None,
        np.concatenate(valid, axis=1) if valid else None,
    )
