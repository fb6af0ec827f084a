"""How fast a gradient vanishes on its way back through the sequence."""

import math

import numpy as np
from numpy.typing import ArrayLike

SMALLEST = 1e-30
"""A gradient below has vanished: float32 has rounded or flushed what was left."""


def half_life(norms: ArrayLike) -> float:
    """Return after how many steps back a gradient's norm has fallen by half, from its norms (T,) at each step.

    It is read off a least-squares line through the logarithms of those above 1e-30; zeros and NaN are left out.
    Infinite where the norm does not fall, NaN where fewer than two norms are left.
    """
    values = np.asarray(norms, np.float64)
    steps = np.flatnonzero(np.isfinite(values) & (values > SMALLEST))
    if len(steps) < 2:
        return math.nan
    heights = np.log2(values[steps])
    places = steps - steps.mean()
    slope = float(places @ (heights - heights.mean()) / (places @ places))
    return 1 / slope if slope > 0 else math.inf
