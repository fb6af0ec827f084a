"""Copying the source, symbol by symbol: the translation of who does nothing."""

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import END, Batch
from workbench.tasks.support.answers.pairs import Pairs

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

ROUNDS = 30
COUNTED = 10_000
"""Training pairs that are looked at, at most."""


def copied(batch: Batch, classes: Whole) -> Whole:
    """Return (S + 1, B): each source symbol replaced by its class, then END; symbols of class END are left out."""
    written = np.full((batch.inputs.shape[0] + 1, batch.inputs.shape[1]), END, dtype=np.int64)
    written[:-1] = classes[batch.inputs]
    if batch.lengths is not None:
        written[np.arange(len(written))[:, None] >= batch.lengths] = END
    order = np.argsort(written == END, axis=0, kind="stable")
    return np.take_along_axis(written, order, axis=0)


def fit_copying(pairs: Pairs, classes: Whole, shares: Array) -> tuple[float, Array]:
    """Return the weight w of copying, and -ln p of each held-out answer (B,), its END among it.

    p(symbol) = w [it is the source's at the same place] + (1 - w) unigram; w by expectation and maximisation on the
    training pairs.
    """
    hits, guesses = _chances(pairs.take(pairs.training[:COUNTED]), classes, shares)
    hits, guesses = hits[guesses > 0], guesses[guesses > 0]
    weight = 0.5
    for _ in range(ROUNDS):
        weight = float(np.mean(weight * hits / (weight * hits + (1 - weight) * guesses)))
    hits, guesses = _chances(pairs.take(pairs.held_out), classes, shares)
    chances = np.where(guesses > 0, weight * hits + (1 - weight) * guesses, 1.0)
    nats: Array = -np.log(chances).sum(axis=0)
    return weight, nats


def _chances(batch: Batch, classes: Whole, shares: Array) -> tuple[Array, Array]:
    """Return two arrays (U, B): 1 where the copy is right, and the unigram's chance, 0 where nothing counts."""
    written, due = copied(batch, classes), batch.targets
    copy = np.full(due.shape, END, dtype=np.int64)
    shared = min(len(written), len(due))
    copy[:shared] = written[:shared]
    assert batch.valid is not None  # pairs give it
    return (copy == due).astype(np.float64), np.where(batch.valid, shares[due], 0.0)
