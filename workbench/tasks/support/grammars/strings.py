"""Strings that are predicted symbol by symbol."""

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Batch


def predict_next(strings: NDArray[np.int64], lengths: NDArray[np.int64]) -> Batch:
    """Return strings (L, B), padded with symbol 0, as what is read and what comes next: L - 1 steps.

    The first symbol of a string is read and never predicted, its last one predicted and never read.
    """
    predicted = lengths - 1
    valid = np.arange(len(strings) - 1)[:, None] < predicted
    return Batch(np.where(valid, strings[:-1], 0), strings[1:].copy(), predicted, valid)


def own_steps(batch: Batch, own: int) -> int:
    """Return the steps of sequence ``own``."""
    return len(batch.inputs) if batch.lengths is None else int(batch.lengths[own])


def counted(batch: Batch) -> NDArray[np.bool_]:
    """Return (T, B), which targets count."""
    return np.ones(batch.targets.shape, dtype=np.bool_) if batch.valid is None else batch.valid


def previous(target: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return what was read before each target (T,) of a string that begins with symbol 0."""
    return np.append(0, target[:-1])
