"""The Mackey-Glass equation: x'(t) = 0.2 x(t - tau) / (1 + x(t - tau)^10) - 0.1 x(t)."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

PRODUCTION, DECAY = 0.2, 0.1
STEPS = 10
"""Steps of the integration in a unit of time: dt = 0.1."""
DT = 1 / STEPS


def mackey_glass(history: float, delay: int, units: int) -> Array:
    """Return x at the times 0, 1, ... ``units``, where x was ``history`` up to time 0.

    The classical Runge-Kutta method of fourth order with dt = 0.1. Over one delay the delayed values are all
    known, so that the equation is linear there and its steps, each a factor and a sum, are taken at once; halfway
    between two steps the delayed value is the cubic through values and slopes.
    """
    block = delay * STEPS
    count = -(-units // delay)
    times = np.full(count * block + 1, history)
    delayed, slopes = np.full(block + 1, history), np.zeros(block + 1)
    for own in range(count):
        halfway = (delayed[:-1] + delayed[1:]) / 2 + DT / 8 * (slopes[:-1] - slopes[1:])
        made = _production(delayed)
        delayed = _decaying(float(delayed[-1]), made, _production(halfway))
        slopes = made - DECAY * delayed
        times[own * block + 1 : (own + 1) * block + 1] = delayed[1:]
    return times[: units * STEPS + 1 : STEPS].copy()


def _production(delayed: Array) -> Array:
    square = delayed * delayed
    fourth = square * square
    return PRODUCTION * delayed / (1 + fourth * fourth * square)


def _decaying(start: float, made: Array, halfway: Array) -> Array:
    """Return the N + 1 values of x' = made(t) - 0.1 x from ``start`` on; made (N + 1,), halfway between them (N,).

    A Runge-Kutta step of a linear equation is x <- factor x + share, so x_n = factor^n (x_0 + sum share / factor^k).
    """
    z = DECAY * DT
    factor = 1 - z + z**2 / 2 - z**3 / 6 + z**4 / 24
    before, between = 1 - z + z**2 / 2 - z**3 / 4, 4 - 2 * z + z**2 / 2
    share = DT / 6 * (before * made[:-1] + between * halfway + made[1:])
    powers = factor ** np.arange(len(made))
    values: Array = np.empty(len(made))
    values[0] = start
    values[1:] = start + np.cumsum(share / powers[1:])
    values *= powers
    return values
