"""The running mean that curves of training are drawn with."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def running_mean(values: NDArray[Any], window: int) -> NDArray[np.float64]:
    """Return the mean over ``window`` values about each (N,); at the ends over those that there are.

    Values that are not finite are left out of the means about them, and stay gaps (NaN) themselves.
    """
    wide = values.astype(np.float64)
    finite = np.isfinite(wide)
    width = min(window, len(wide))
    if width < 2:
        return np.where(finite, wide, np.nan)
    box = np.ones(width)
    count = np.convolve(finite, box, "same")
    # Divided before they are added: values near the largest number would add up to infinity.
    total = np.convolve(np.where(finite, wide, 0.0) / width, box, "same")
    return np.where(finite, total * (width / np.maximum(count, 1.0)), np.nan)
