"""The oracle: a float64 interpreter of the tree, step by step, reverse mode. No graph, no schedule, no tricks.

Slow and plain on purpose; every program is compared with it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.cells.cell import Cell
from workbench.cells.functions import COMPARISONS, FUNCTIONS, NORM_EPSILON
from workbench.cells.parser import parse_expression
from workbench.cells.roles import INPUT, STEP
from workbench.cells.tree import Call, Expression, MatrixProduct, Name, Number

Array = NDArray[np.float64]
Names = Mapping[str, Array]


# The side of its kink that a function takes: the derivative jumps where it changes.
_KINKS: Mapping[str, Callable[..., Array]] = {
    "relu": np.sign,
    "abs": np.sign,
    "maximum": lambda a, b: np.sign(a - b),
    "minimum": lambda a, b: np.sign(a - b),
    "floor": np.floor,
    **{name: comparison.evaluate for name, comparison in COMPARISONS.items()},
}


@dataclass
class OracleGradients:
    """As a program's Gradients."""

    parameters: dict[str, Array]
    inputs: Array
    states: dict[str, Array]
    start: dict[str, Array]


@dataclass
class Oracle:
    """A cell run step by step over ``x``, (T, B, D), with float64 parameters and ``start``, (B, H) each."""

    cell: Cell
    parameters: Mapping[str, Any]
    x: Array
    start: Mapping[str, Array]
    first_step: int = 0
    values: dict[str, Array] = field(init=False)
    """Every assigned name over time: (T, B, H)."""

    hold: "Oracle | None" = None
    """An oracle of another point, whose values of ``mod`` are taken: its gradient is 0 by definition alone."""
    held: list[Array] = field(init=False, default_factory=list)
    """The values of ``mod``, in order."""
    branches: list[bytes] = field(init=False, default_factory=list)
    """Which side of its kink each function with one took, in order: equal lists, no kink between."""

    def __post_init__(self) -> None:
        self._steps: list[dict[str, Array]] = []
        self._before: list[dict[str, Array]] = []
        states = {name: np.asarray(self.start[name], np.float64) for name in self.cell.states}
        for t in range(len(self.x)):
            names = self._given(t) | states
            self._before.append(dict(names))
            assigned: dict[str, Array] = {}
            for assignment in self.cell.assignments:
                value = self._spread(self._evaluate(assignment.expression, names))
                names[assignment.name] = assigned[assignment.name] = value
            self._steps.append(assigned)
            states = {name: assigned[name] for name in self.cell.states}
        names_ = [assignment.name for assignment in self.cell.assignments]
        self.values = {name: np.stack([step[name] for step in self._steps]) for name in names_}

    def _given(self, t: int) -> dict[str, Array]:
        given: dict[str, Array] = {name: np.asarray(value, np.float64) for name, value in self.parameters.items()}
        return given | {INPUT: np.asarray(self.x[t], np.float64), STEP: np.asarray(float(self.first_step + t))}

    def _spread(self, value: Array) -> Array:
        return np.array(np.broadcast_to(value, next(iter(self.start.values())).shape))

    def _evaluate(self, expression: Expression, names: Names) -> Array:
        match expression:
            case Number(value=number):
                return np.asarray(number)
            case Name(name=name):
                return names[name]
            case MatrixProduct(matrix=matrix, transposed=transposed, operand=operand):
                array = names[matrix].T if transposed else names[matrix]
                inner = self._evaluate(operand, names)
                inner = inner if np.ndim(inner) else np.full(array.shape[1], inner)
                return np.asarray(inner @ array.T)
            case Call(function="norm", args=(argument,)):
                return _normalise(self._spread(self._evaluate(argument, names)))[0]
            case Call(function=function, args=args):
                given = [self._evaluate(arg, names) for arg in args]
                if function == "mod":
                    return self._held(given)
                if function in _KINKS:
                    self.branches.append(np.asarray(_KINKS[function](*given)).tobytes())
                return np.asarray(FUNCTIONS[function].evaluate(*given))

    def _held(self, given: list[Array]) -> Array:
        count = len(self.held)
        self.held.append(self.hold.held[count] if self.hold else np.asarray(np.mod(*given)))
        return self.held[-1]

    def backward(self, outside: Mapping[str, Array]) -> OracleGradients:
        """Go back from the outside gradient of any state, (T, B, H) each."""
        shape = self._spread(np.zeros(())).shape
        parameters = {name: np.zeros(np.shape(value)) for name, value in self.parameters.items()}
        inputs = np.zeros(self.x.shape)
        arriving = {name: np.zeros(shape) for name in self.cell.states}
        totals: dict[str, list[Array]] = {name: [] for name in self.cell.states}
        for t in reversed(range(len(self.x))):
            new = {name: arriving[name] + outside.get(name, np.zeros((t + 1, 1, 1)))[t] for name in self.cell.states}
            old = self._step_back(t, new, parameters, inputs, totals)
            arriving = {name: self._spread(old.get(name, np.zeros(()))) for name in self.cell.states}
        stacked = {name: np.stack(rows[::-1]) for name, rows in totals.items()}
        learnt = {name: value for name, value in parameters.items() if name not in self.cell.fixed}
        return OracleGradients(learnt, inputs, stacked, arriving)

    def _step_back(
        self,
        t: int,
        new: dict[str, Array],
        parameters: dict[str, Array],
        inputs: Array,
        totals: dict[str, list[Array]],
    ) -> dict[str, Array]:
        """Undo one step; returns what reaches the states before it."""
        gradient: dict[str, Array] = dict(new)
        names = self._before[t] | self._steps[t]
        for assignment in reversed(self.cell.assignments):
            arrived = self._spread(gradient.pop(assignment.name, np.zeros(())))
            if assignment.name in self.cell.states:
                totals[assignment.name].append(arrived)
                # Above its line the state's name means its previous value.
                names[assignment.name] = self._before[t][assignment.name]
            self._pull(assignment.expression, arrived, names, gradient, parameters)
        inputs[t] += gradient.pop(INPUT, np.zeros(()))
        for name in list(gradient):
            if name in parameters:
                _add(parameters, name, gradient.pop(name))
        return gradient

    def _pull(
        self,
        expression: Expression,
        arrived: Array,
        names: Names,
        gradient: dict[str, Array],
        parameters: dict[str, Array],
    ) -> None:
        match expression:
            case Name(name=name):
                gradient[name] = gradient.get(name, np.zeros(())) + arrived
            case MatrixProduct(matrix=matrix, transposed=transposed, operand=operand):
                inner = np.atleast_1d(self._evaluate(operand, names))
                inner = np.broadcast_to(inner, (len(arrived), names[matrix].shape[0 if transposed else 1]))
                outer = arrived.T @ inner
                parameters[matrix] += outer.T if transposed else outer
                array = names[matrix].T if transposed else names[matrix]
                self._pull(operand, arrived @ array, names, gradient, parameters)
            case Call(function="norm", args=(argument,)):
                result, deviation = _normalise(self._spread(self._evaluate(argument, names)))
                centred = arrived - arrived.mean(-1, keepdims=True)
                pulled = (centred - result * (arrived * result).mean(-1, keepdims=True)) / deviation
                self._pull(argument, pulled, names, gradient, parameters)
            case Call(function=function, args=args):
                for argument, slope in zip(args, self._slopes(function, args, expression, names), strict=True):
                    if slope is not None:
                        self._pull(argument, arrived * slope, names, gradient, parameters)

    def _slopes(
        self, function: str, args: tuple[Expression, ...], whole: Expression, names: Names
    ) -> list[Array | None]:
        """The partial derivatives of a function, where it stands."""
        known = dict(zip("abcd", (self._evaluate(arg, names) for arg in args), strict=False))
        known["y"] = self._evaluate(whole, names)
        return [self._evaluate(rule, known) if rule else None for rule in _rules(function)]


@cache
def _rules(function: str) -> tuple[Expression | None, ...]:
    return tuple(parse_expression(text) if text else None for text in FUNCTIONS[function].partials)


def _normalise(value: Array) -> tuple[Array, Array]:
    centred = value - value.mean(-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(-1, keepdims=True) + NORM_EPSILON)
    return centred / deviation, deviation


def _add(parameters: dict[str, Array], name: str, gradient: Array) -> None:
    """A vector parameter was spread over the batch: its gradient is the sum."""
    parameters[name] += gradient.sum(axis=0)
