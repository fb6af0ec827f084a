"""The moving mean of curves over training, on the screen and on paper: centred, and exact beside a huge number."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def reach(width: int) -> int:
    """Return how many neighbours on each side a mean over ``width`` entries reads."""
    return width // 2


def moving_mean(values: NDArray[np.floating], width: int) -> Numbers:
    """Return the mean of each entry and its ``reach(width)`` neighbours on each side (N,), fewer at the ends.

    What is no finite number has no say, and stays a gap.
    """
    values = values.astype(np.float64, copy=False)
    there = np.isfinite(values)
    if width < 2 or not there.any():
        return np.where(there, values, np.nan)
    size = 2 * reach(width) + 1
    # Divided before they are added: values near the largest number would add up to infinity.
    sums = _window_sums(np.where(there, values, 0.0) / size, reach(width))
    counts = _window_sums(there.astype(np.float64), reach(width))
    return np.where(there, sums * (size / np.maximum(counts, 1.0)), np.nan)


def _window_sums(values: Numbers, reach: int) -> Numbers:
    """Return the sum of each entry and its neighbours.

    A window is the end of one block and the beginning of the next. Sums never leave two blocks, so nothing large
    has to be subtracted again, which would drown small numbers behind it.
    """
    size = 2 * reach + 1
    count = len(values)
    padded = np.zeros(-(-(count + 2 * reach) // size) * size)
    padded[reach : reach + count] = values
    blocks = padded.reshape(-1, size)
    from_start = np.cumsum(blocks, axis=1).ravel()
    to_end = np.cumsum(blocks[:, ::-1], axis=1)[:, ::-1].ravel()
    first = np.arange(count)
    whole = first % size == 0
    return np.where(whole, from_start[size - 1 :][:count], to_end[:count] + from_start[size - 1 :][:count])
