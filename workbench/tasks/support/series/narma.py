"""NARMA-10: a system of the tenth order whose output feeds back, driven by random numbers."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ORDER = 10
LARGEST = 1.0
"""Above this output the system is likely to run away to infinity; below, it returns."""
SPARE = 64
"""One sequence in so many is drawn beyond those asked for: of 150 steps, two in a thousand pass the largest."""


def respond(inputs: Array) -> Array:
    """Return the outputs y (T, N), each one step after the input (T, N) of the same row; before them all was 0.

    y(t+1) = 0.3 y(t) + 0.05 y(t) [y(t) + ... + y(t-9)] + 1.5 u(t-9) u(t) + 0.1. A sequence that runs away ends
    as infinity or nothing at all.
    """
    steps, count = inputs.shape
    drive = np.full((steps, count), 0.1)
    drive[ORDER - 1 :] += 1.5 * inputs[: steps - ORDER + 1] * inputs[ORDER - 1 :]
    outputs = np.zeros((steps + ORDER, count))
    total, next_output = np.zeros(count), np.empty(count)
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps):
            np.multiply(total, 0.05, out=next_output)
            next_output += 0.3
            next_output *= outputs[step + ORDER - 1]
            next_output += drive[step]
            outputs[step + ORDER] = next_output
            total += next_output
            total -= outputs[step]
    return outputs[ORDER:]


def draw_sequences(random: np.random.Generator, count: int, steps: int) -> tuple[Array, Array]:
    """Return inputs even on [0, 0.5] and outputs one step later, both (steps, count), whose outputs stay below 1.

    Sequences that pass it are left out and others drawn in their place.
    """
    inputs, outputs = np.empty((steps, 0)), np.empty((steps, 0))
    while inputs.shape[1] < count:
        missing = count - inputs.shape[1]
        drawn = random.uniform(0, 0.5, (steps, missing + missing // SPARE + 1))
        found = respond(drawn)
        stays = (found <= LARGEST).all(axis=0)
        inputs = np.concatenate([inputs, drawn[:, stays]], axis=1)
        outputs = np.concatenate([outputs, found[:, stays]], axis=1)
    return inputs[:, :count], outputs[:, :count]
