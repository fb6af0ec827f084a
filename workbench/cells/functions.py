"""The functions of the cell language: meaning, derivative and how dear each is to compute again.

A derivative is written in the cell language itself. ``a, b, c, d`` are the arguments and ``y`` the result; the
directional check compares every one of them with finite differences.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Function:
    """One function: its numpy meaning and the partial derivative by each argument (empty: gradient 0)."""

    name: str
    evaluate: Callable[..., Array]
    partials: tuple[str, ...]
    cheap: bool = False
    symbol: str = ""

    @property
    def arity(self) -> int:
        """Number of arguments."""
        return len(self.partials)


def _sigmoid(a: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-a)))


def _spread_mean(a: Array) -> Array:
    return np.broadcast_to(np.mean(a, axis=-1, keepdims=True), a.shape)


def _choice(comparison: Function) -> Function:
    """A ``where`` together with its comparison: c where a and b compare so, else d."""

    def evaluate(a: Array, b: Array, c: Array, d: Array) -> Array:
        return np.asarray(np.where(comparison.evaluate(a, b), c, d))

    slopes = (f"where(a {comparison.symbol} b, 1, 0)", f"where(a {comparison.symbol} b, 0, 1)")
    return Function(f"where_{comparison.name}", evaluate, ("", "", *slopes), cheap=True)


OPERATORS = {
    "add": Function("add", np.add, ("1", "1"), cheap=True, symbol="+"),
    "subtract": Function("subtract", np.subtract, ("1", "-1"), cheap=True, symbol="-"),
    "multiply": Function("multiply", np.multiply, ("b", "a"), cheap=True, symbol="*"),
    "divide": Function("divide", np.divide, ("1 / b", "-y / b"), symbol="/"),
    "negative": Function("negative", np.negative, ("-1",), cheap=True, symbol="-"),
}

COMPARISONS = {
    "less": Function("less", np.less, ("", ""), symbol="<"),
    "less_equal": Function("less_equal", np.less_equal, ("", ""), symbol="<="),
    "greater": Function("greater", np.greater, ("", ""), symbol=">"),
    "greater_equal": Function("greater_equal", np.greater_equal, ("", ""), symbol=">="),
    "equal": Function("equal", np.equal, ("", ""), symbol="=="),
    "not_equal": Function("not_equal", np.not_equal, ("", ""), symbol="!="),
}

NAMED = {
    f.name: f
    for f in (
        Function("sigmoid", _sigmoid, ("y * (1 - y)",)),
        Function("tanh", np.tanh, ("1 - y * y",)),
        Function("relu", lambda a: np.maximum(a, 0.0), ("where(y > 0, 1, 0)",), cheap=True),
        Function("softplus", lambda a: np.logaddexp(0.0, a), ("sigmoid(a)",)),
        Function("exp", np.exp, ("y",)),
        Function("log", np.log, ("1 / a",)),
        Function("sqrt", np.sqrt, ("0.5 / y",)),
        Function("abs", np.abs, ("where(a > 0, 1, where(a < 0, -1, 0))",), cheap=True),
        Function("sin", np.sin, ("cos(a)",)),
        Function("cos", np.cos, ("-sin(a)",)),
        Function(
            "maximum",
            np.maximum,
            ("where(a > b, 1, where(a < b, 0, 0.5))", "where(a < b, 1, where(a > b, 0, 0.5))"),
            cheap=True,
        ),
        Function(
            "minimum",
            np.minimum,
            ("where(a < b, 1, where(a > b, 0, 0.5))", "where(a > b, 1, where(a < b, 0, 0.5))"),
            cheap=True,
        ),
        Function("where", np.where, ("", "where(a, 1, 0)", "where(a, 0, 1)"), cheap=True),
        Function("mod", np.mod, ("", "")),
        Function("floor", np.floor, ("",)),
        Function("norm", lambda a: a, ("",)),
    )
}

# Not part of the language: what the compiler makes of it.
INTERNAL = {
    # The mean over the units, spread over them again; its own transpose.
    "mean": Function("mean", _spread_mean, ("",)),
    "copy": Function("copy", lambda a: a, ("1",), cheap=True),
} | {f"where_{name}": _choice(comparison) for name, comparison in COMPARISONS.items()}

FUNCTIONS = OPERATORS | COMPARISONS | NAMED | INTERNAL

# norm(v) = (v - mean(v)) / sqrt(var(v) + 1e-5), population variance, no gain (Ba, Kiros & Hinton 2016).
NORM_EPSILON = 1e-5
