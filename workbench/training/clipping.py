"""Keeping gradients within bounds, after the backward pass: by norm or by value."""

from typing import Any

from workbench.training.arrays import Array


def clip_by_norm(gradient: Array, norm: float, limit: float) -> None:
    """Scale a gradient of the given norm in place so that its norm is ``limit`` at most (Pascanu 2013)."""
    if norm > limit:
        gradient *= limit / norm


def clip_by_norm_array(xp: Any, gradient: Array, norm: Array, limit: float) -> None:
    """Do the same with a norm that is an array without axes, of which no one has to know the value."""
    gradient *= xp.minimum(limit / norm, 1.0).astype(gradient.dtype)


def clip_by_value(xp: Any, gradient: Array, limit: float) -> None:
    """Bring every entry of the gradient in place into [-limit, limit] (Mikolov 2012)."""
    xp.clip(gradient, -limit, limit, out=gradient)
