"""Which stretch of the axes to show, so that all that matters is seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_AHEAD = 0.015  # of the x range left free behind the newest number
_BEFORE = 0.006  # and before 0, so that a circle there is whole
_STEADY = 99.0  # percentile up to which a noisy curve on an even scale has to be seen


def x_range(newest: Sequence[float]) -> tuple[float, float]:
    """Return a range from 0 to the newest numbers, and a little beyond both."""
    end = max((x for x in newest if np.isfinite(x)), default=1.0)
    end = end or 1.0
    return -_BEFORE * end, (1 + _AHEAD) * end


def y_range(whole: Sequence[Numbers], noisy: Sequence[Numbers], *, steady: bool) -> tuple[float, float]:
    """Return the range of all numbers; where ``steady``, without the few greatest of those that are noisy."""
    main, noise = _joined(whole), _joined(noisy)
    if steady and len(noise) and len(main):
        noise = noise[noise <= max(np.percentile(noise, _STEADY), main.max())]
        main = main[main <= np.percentile(np.concatenate([main, noise]), _STEADY)]
    numbers = np.concatenate([main, noise])
    return (float(numbers.min()), float(numbers.max())) if len(numbers) else (0.0, 1.0)


def with_near(seen: tuple[float, float], levels: Numbers, *, log: bool) -> tuple[float, float]:
    """Return the range widened to the levels that lie near: within a power of ten, or half of what is seen."""
    low, high = seen
    margin = 1.0 if log else 0.5 * (high - low)
    near = [level for level in levels if low - margin <= level <= high + margin]
    return min([low, *near]), max([high, *near])


def _joined(parts: Sequence[Numbers]) -> Numbers:
    joined: Numbers = np.concatenate([np.empty(0), *parts])
    finite: Numbers = joined[np.isfinite(joined)]
    return finite
