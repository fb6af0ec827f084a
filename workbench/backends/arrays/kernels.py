"""Elementwise operations on whole arrays, writing where they are told: one call an operation."""

from collections.abc import Callable
from typing import Any

Array = Any
Kernel = Callable[..., object]
"""Takes its arguments and, last, the array to write."""

# Of the shapes that one operation meets; batches of ever new lengths must not fill the memory.
SHAPES_KEPT = 16


def make_kernels(xp: Any, dtype: str) -> dict[str, Kernel]:
    """Return the operations of a plan by name, for one array module and floating-point type."""
    kernels: dict[str, Kernel] = {
        "add": xp.add,
        "subtract": xp.subtract,
        "multiply": xp.multiply,
        "divide": xp.divide,
        # numpy.negative is wrong where source and target are both strided (seen in 2.4.6).
        "negative": lambda a, out: xp.multiply(a, -1.0, out),
        "copy": xp.positive,
        "sigmoid": _sigmoid_exact(xp) if dtype == "float64" else _sigmoid_by_tanh(xp),
        "tanh": xp.tanh,
        "softplus": lambda a, out: xp.logaddexp(a, 0.0, out),
        "relu": lambda a, out: xp.maximum(a, 0.0, out=out),
        "exp": xp.exp,
        "log": xp.log,
        "sqrt": xp.sqrt,
        "abs": xp.abs,
        "sin": xp.sin,
        "cos": xp.cos,
        "maximum": lambda a, b, out: xp.maximum(a, b, out=out),
        "minimum": lambda a, b, out: xp.minimum(a, b, out=out),
        "mod": xp.mod,
        "floor": xp.floor,
        "mean": lambda a, out: xp.copyto(out, xp.mean(a, axis=-1, keepdims=True)),
    }
    for name in ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal"):
        kernels[f"where_{name}"] = _where(xp, getattr(xp, name))
    return kernels


def _make_room(xp: Any, dtype: str) -> Callable[[tuple[int, ...]], Array]:
    """Return what gives an array for intermediate results; the last few shapes are kept."""
    kept: dict[tuple[int, ...], Array] = {}

    def room(shape: tuple[int, ...]) -> Array:
        if shape not in kept:
            if len(kept) == SHAPES_KEPT:
                kept.clear()
            kept[shape] = xp.empty(shape, dtype)
        return kept[shape]

    return room


def _sigmoid_exact(xp: Any) -> Kernel:
    def sigmoid(a: Array, out: Array) -> None:
        xp.multiply(a, -1.0, out)
        xp.exp(out, out)
        xp.add(out, 1.0, out)
        xp.reciprocal(out, out)

    return sigmoid


def _sigmoid_by_tanh(xp: Any) -> Kernel:
    """In float32 tanh is the faster function, and the identity exact to rounding."""
    room = _make_room(xp, "float32")

    def sigmoid(a: Array, out: Array) -> None:
        # Arguments are columns of wider arrays; what lies close together is faster to pass over.
        half = room(out.shape)
        xp.multiply(a, 0.5, half)
        xp.tanh(half, half)
        xp.multiply(half, 0.5, half)
        xp.add(half, 0.5, out)

    return sigmoid


def make_flush(xp: Any, shape: tuple[int, ...], dtype: str) -> Callable[[Array, float], None]:
    """Return what sets the elements of a row that lie closer to 0 than a limit to 0."""
    size, small = xp.empty(shape, dtype), xp.empty(shape, bool)

    def flush(row: Array, limit: float) -> None:
        xp.abs(row, size)
        xp.less(size, limit, small)
        xp.copyto(row, 0.0, where=small)

    return flush


def _where(xp: Any, compare: Kernel) -> Kernel:
    room = _make_room(xp, "bool")

    def where(a: Array, b: Array, yes: Array, no: Array, out: Array) -> None:
        mask = room(out.shape)
        compare(a, b, mask)
        xp.copyto(out, no)
        xp.copyto(out, yes, where=mask)

    return where
