"""Sequences of numbers drawn without end, with what the baselines see of them."""

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Batch
from workbench.tasks.support.series.forecasts import MOST_FITTED, Record, spread_evenly

Sequences = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Inputs and targets (T, N), one number a step."""


def windows(sequences: Sequences, length: int, context: int) -> Batch:
    """Return the last ``length`` steps of sequences, of which the first ``context`` do not count."""
    inputs, targets = (np.ascontiguousarray(numbers[-length:, :, None]) for numbers in sequences)
    valid = np.ones(inputs.shape[:2], dtype=np.bool_)
    valid[:context] = False
    return Batch(inputs, targets, valid=valid)


def record_of(training: Sequences, held_out: Sequences, counted: int, before: int) -> Record:
    """Return sequences of as many steps each, one after another, as predictors without a network see them.

    They are fitted to each step of a training sequence that has ``before`` steps before it, and judged on the last
    ``counted`` of a held-out one.
    """
    inputs, targets = (
        np.concatenate([one.T.ravel(), other.T.ravel()])[:, None] for one, other in zip(training, held_out, strict=True)
    )
    steps, learnt = training[0].shape
    places = np.arange(len(inputs)).reshape(-1, steps)
    fitted = places[:learnt, before:].ravel()
    return Record(
        inputs,
        targets,
        fitted[spread_evenly(0, len(fitted), MOST_FITTED)],
        places[learnt:, steps - counted :].ravel(),
    )
