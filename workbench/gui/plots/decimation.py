"""Long curves as few points: the least and the greatest of each bin, so that no peak is lost."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def peaks(y: Numbers, first: int, stop: int, bins: int) -> NDArray[np.int64]:
    """Return which entries of ``y[first:stop]`` to draw so that a curve of at most ``bins`` columns looks the same.

    Indices into ``y`` (N,), ascending, at most 2 ``bins`` + 4; gaps are NaN. Bins have round widths and start at
    multiples of them, so that a curve that grows does not flicker; one without a number stays a gap. A stretch no
    longer than 2 ``bins`` is returned whole.
    """
    first, stop = max(first, 0), min(stop, len(y))
    if stop - first <= 2 * bins:
        return np.arange(first, max(stop, first))
    width = _round_width(-(-(stop - first) // bins))
    first -= first % width
    end = first + (stop - first) // width * width
    chosen = _extremes(y[first:end].reshape(-1, width)) + first
    return chosen if end == stop else np.concatenate([chosen, _extremes(y[None, end:stop]) + end])


def _round_width(least: int) -> int:
    """Return the smallest of 1, 2, 3, 4, 6, 8, 12, 16, ... that is not below ``least``."""
    power = 1 << (least - 1).bit_length()
    return power * 3 // 4 if power >= 4 and power * 3 // 4 >= least else power


def _extremes(rows: Numbers) -> NDArray[np.int64]:
    """Return where each row is least and greatest, in the order of the entries: flat indices (2 rows,)."""
    gaps = np.isnan(rows)
    if gaps.any():
        least = np.where(gaps, np.inf, rows).argmin(axis=1)
        greatest = np.where(gaps, -np.inf, rows).argmax(axis=1)
    else:
        least, greatest = rows.argmin(axis=1), rows.argmax(axis=1)
    pairs = np.stack([np.minimum(least, greatest), np.maximum(least, greatest)], axis=1)
    indices: NDArray[np.int64] = (pairs + np.arange(len(rows))[:, None] * rows.shape[1]).ravel()
    return indices


def lonely(y: Numbers) -> NDArray[np.intp]:
    """Return where a number stands between two gaps: no line shows it."""
    gap = np.concatenate([[True], ~np.isfinite(y), [True]])
    return np.flatnonzero(gap[:-2] & ~gap[1:-1] & gap[2:])
