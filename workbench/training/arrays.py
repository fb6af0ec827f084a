"""Arrays of the training step: named ones that lie in one flat array, and buffers used again every step."""

from collections.abc import Mapping
from math import isfinite, prod, sqrt
from typing import Any

Array = Any
"""An array of the backend's own module."""

Shapes = Mapping[str, tuple[int, ...]]


class NamedArrays:
    """Named arrays that lie one after another in ``flat`` (P,); ``views`` shows each in its own shape."""

    def __init__(self, xp: Any, shapes: Shapes, dtype: str) -> None:
        self.flat: Array = xp.zeros(count_entries(shapes), dtype=dtype)
        self.views: dict[str, Array] = split(self.flat, shapes)


def count_entries(shapes: Shapes) -> int:
    """Return how many numbers arrays of these shapes hold together."""
    return sum(prod(shape) for shape in shapes.values())


def split(flat: Array, shapes: Shapes) -> dict[str, Array]:
    """Return views of ``flat`` (P,), one of each shape, in order."""
    views: dict[str, Array] = {}
    start = 0
    for name, shape in shapes.items():
        views[name] = flat[start : start + prod(shape)].reshape(shape)
        start += prod(shape)
    return views


class Workspace:
    """Named buffers that are allocated once and grow only when a larger one is asked for."""

    def __init__(self, xp: Any, dtype: str) -> None:
        self._xp, self._dtype = xp, dtype
        self._buffers: dict[str, Array] = {}

    def take(self, name: str, shape: tuple[int, ...]) -> Array:
        """Return the named buffer in this shape; what it holds is what it was last used for."""
        size = prod(shape)
        if name not in self._buffers or self._buffers[name].size < size:
            self._buffers[name] = self._xp.empty(size, dtype=self._dtype)
        return self._buffers[name][:size].reshape(shape)


def norm_array(xp: Any, flat: Array) -> Array:
    """Return the Euclidean norm of an array (P,) as a float64 array without axes, infinite where squares overflow."""
    return xp.sqrt(xp.dot(flat, flat).astype("float64"))


def euclidean_norm(xp: Any, flat: Array) -> float:
    """Return the Euclidean norm of an array (P,), infinite or NaN only if an entry is.

    Where the squares alone overflow, the norm is taken of the array over its largest entry.
    """
    norm = sqrt(float(xp.dot(flat, flat)))
    if norm != float("inf"):
        return norm
    largest = float(abs(flat).max())
    if not isfinite(largest):
        return largest
    scaled = flat / largest
    return largest * sqrt(float(xp.dot(scaled, scaled)))
