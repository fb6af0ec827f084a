"""Numbers brought to a common size before a network sees them, and back."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import TaskError

Kind = Literal["standard", "range", "none"]


@dataclass(frozen=True)
class Scaling:
    """(value - shift) / scale, a column at a time; ``shift`` and ``scale`` are (D,)."""

    shift: NDArray[np.float64]
    scale: NDArray[np.float64]

    def apply(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return (..., D) values in the network's unit."""
        scaled: NDArray[np.float64] = values - self.shift
        scaled /= self.scale
        return scaled

    def undo(self, scaled: NDArray[Any]) -> NDArray[np.float64]:
        """Return (..., D) values in their own unit."""
        values: NDArray[np.float64] = scaled * self.scale + self.shift
        return values


def unscaled(columns: int) -> Scaling:
    """Return the scaling that leaves numbers as they are."""
    return Scaling(np.zeros(columns), np.ones(columns))


def fit_scaling(kind: Kind, values: NDArray[np.float64], names: tuple[str, ...]) -> Scaling:
    """Return what brings ``values`` (N, D) to mean 0 and deviation 1 (standard) or to -1 ... 1 (range).

    Raises TaskError for a column that never changes, or whose numbers are too large to be squared.
    """
    if kind == "none":
        return unscaled(values.shape[1])
    low, high = values.min(axis=0), values.max(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        if kind == "standard":
            shift, scale = values.mean(axis=0), values.std(axis=0)
        else:
            shift, scale = (low + high) / 2, (high - low) / 2
    for name, column in zip(names, range(len(names)), strict=True):
        if low[column] == high[column]:
            raise TaskError(
                f'Column "{name}" is {low[column]:g} in every row that trains. '
                "Leave it out of the columns, or give more rows."
            )
        if not (np.isfinite(scale[column]) and scale[column] > 0):
            raise TaskError(
                f'The numbers of column "{name}", from {low[column]:g} to {high[column]:g}, are too large or too '
                "close together to be scaled. Give them in another unit."
            )
    return Scaling(shift, scale)
