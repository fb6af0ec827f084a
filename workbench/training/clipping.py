"""Keeping gradients within bounds, after the backward pass: by norm or by value."""

from math import isfinite, sqrt
from typing import Any

Array = Any


def gradient_norm(xp: Any, gradient: Array) -> float:
    """Return the Euclidean norm of a flat gradient (P,), infinite or NaN only if an entry is.

    Where the squares alone overflow, the norm is taken of the gradient over its largest entry.
    """
    norm = sqrt(float(xp.dot(gradient, gradient)))
    if norm != float("inf"):
        return norm
    largest = float(abs(gradient).max())
    if not isfinite(largest):
        return largest
    scaled = gradient / largest
    return largest * sqrt(float(xp.dot(scaled, scaled)))


def clip_by_norm(gradient: Array, norm: float, limit: float) -> None:
    """Scale a gradient of the given norm in place so that its norm is ``limit`` at most (Pascanu 2013)."""
    if norm > limit:
        gradient *= limit / norm


def clip_by_value(xp: Any, gradient: Array, limit: float) -> None:
    """Bring every entry of the gradient in place into [-limit, limit] (Mikolov 2012)."""
    xp.clip(gradient, -limit, limit, out=gradient)
