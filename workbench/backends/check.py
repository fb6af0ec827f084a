"""The gradient check: a program against the oracle, and its gradient against finite differences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends.base import Backend
from workbench.cells import Cell, CellError
from workbench.cells.oracle import Oracle

Arrays = dict[str, NDArray[np.float64]]

STEPS, BATCH, INPUTS, HIDDEN = 5, 3, 3, 7
DIFFERENCE = 1e-6
ORACLE_TOLERANCE = 1e-9
DIRECTIONAL_TOLERANCE = 1e-5
POINTS = 20


@dataclass(frozen=True)
class GradientCheck:
    """What a check found. Errors are relative: max|a - b| / max|b| of an array."""

    cell: str
    backend: str
    sizes: Mapping[str, int]
    oracle_errors: Mapping[str, float]
    """Of every value and every gradient, against the float64 oracle."""
    directional_error: float
    """Of the derivative along a random direction, against central differences."""
    points_skipped: int
    """Random points passed over because a kink or a value that is not finite lay within the difference."""

    @property
    def oracle_error(self) -> float:
        """The largest of the errors against the oracle."""
        return max(self.oracle_errors.values())

    @property
    def passed(self) -> bool:
        """Whether both comparisons hold."""
        return self.oracle_error <= ORACLE_TOLERANCE and self.directional_error <= DIRECTIONAL_TOLERANCE


@dataclass(frozen=True)
class _Point:
    """Everything a loss depends on."""

    parameters: Arrays
    x: NDArray[np.float64]
    start: Arrays

    def moved(self, direction: "_Point", distance: float) -> "_Point":
        return _Point(
            {name: array + distance * direction.parameters[name] for name, array in self.parameters.items()},
            self.x + distance * direction.x,
            {name: array + distance * direction.start[name] for name, array in self.start.items()},
        )

    def arrays(self) -> Iterator[NDArray[np.float64]]:
        yield from self.parameters.values()
        yield self.x
        yield from self.start.values()

    def dot(self, other: "_Point") -> float:
        return float(sum(np.vdot(a, b) for a, b in zip(self.arrays(), other.arrays(), strict=True)))


def check_gradients(
    cell: Cell,
    backend: Backend,
    *,
    inputs: int = INPUTS,
    hidden: int = HIDDEN,
    steps: int = STEPS,
    batch: int = BATCH,
    seed: int = 0,
) -> GradientCheck:
    """Check a cell in float64 with random parameters, input, start and outside gradients of every state.

    A cell that uses x outside a product is checked with as many inputs as units. Raises CellError where no random point
    gives finite values away from kinks.
    """
    if cell.roles.plain_input or cell.roles.input_sized:
        inputs = hidden
    random = np.random.default_rng(seed)
    program = backend.compile(cell, inputs=inputs, hidden=hidden, dtype="float64")
    for skipped in range(POINTS):
        point = _random_point(cell, inputs, hidden, steps, batch, random)
        direction = _random_direction(cell, point, random)
        oracle = _smooth_around(cell, point, direction)
        if oracle is None:
            continue
        outside = {state: random.standard_normal((steps, batch, hidden)) for state in cell.states}
        trace = program.forward(point.parameters, point.x, start=point.start)
        gradients = program.backward(point.parameters, trace, outside)
        gradient = _as_point(backend, gradients, point)
        return GradientCheck(
            cell.name,
            backend.name,
            {"inputs": inputs, "hidden": hidden, "steps": steps, "batch": batch},
            compare_with_oracle(backend, oracle, outside, trace, gradients),
            _directional_error(cell, oracle, point, direction, gradient, outside),
            skipped,
        )
    raise CellError(
        f"{cell.name} gives values that are not finite, or sits on a kink, at each of {POINTS} random points; keep the "
        "arguments of log, sqrt and division positive, for example with softplus(...) + 0.1"
    )


def _random_point(cell: Cell, inputs: int, hidden: int, steps: int, batch: int, random: np.random.Generator) -> _Point:
    drawn = cell.initial_parameters(inputs, hidden, seed=int(random.integers(2**31)), length=100, dtype="float64")
    # Many parameters start at 0, where errors would hide.
    parameters = {name: array + 0.1 * random.standard_normal(array.shape) for name, array in drawn.items()}
    start = {state: 0.5 * random.standard_normal((batch, hidden)) for state in cell.states}
    return _Point(parameters, random.standard_normal((steps, batch, inputs)), start)


def _random_direction(cell: Cell, point: _Point, random: np.random.Generator) -> _Point:
    """A random direction of length 1; fixed parameters stay where they are."""
    direction = _Point(
        {
            name: np.zeros_like(array) if name in cell.fixed else random.standard_normal(array.shape)
            for name, array in point.parameters.items()
        },
        random.standard_normal(point.x.shape),
        {state: random.standard_normal(array.shape) for state, array in point.start.items()},
    )
    return direction.moved(direction, 1.0 / np.sqrt(direction.dot(direction)) - 1.0)


def _smooth_around(cell: Cell, point: _Point, direction: _Point) -> Oracle | None:
    """The oracle at the point, or None where the difference crosses a kink or a value is not finite."""
    with np.errstate(all="ignore"):
        here, ahead, behind = (
            Oracle(cell, moved.parameters, moved.x, moved.start)
            for moved in (point, point.moved(direction, DIFFERENCE), point.moved(direction, -DIFFERENCE))
        )
    finite = all(np.isfinite(values).all() for values in here.values.values())
    return here if finite and ahead.branches == behind.branches else None


def compare_with_oracle(
    backend: Backend, oracle: Oracle, outside: Arrays, trace: Any, gradients: Any
) -> dict[str, float]:
    """Return the relative error of every value of a trace, and of every gradient from ``outside``, by name."""
    expected = oracle.backward(outside)
    errors = {name: relative_error(backend.to_host(trace[name]), values) for name, values in oracle.values.items()}
    pairs = [(f"dL/d{name}", gradients.parameters[name], value) for name, value in expected.parameters.items()]
    pairs += [(f"dL/d{state}_t", gradients.states[state], value) for state, value in expected.states.items()]
    pairs += [(f"dL/d{state}_0", gradients.start[state], value) for state, value in expected.start.items()]
    pairs += [("dL/dx", gradients.inputs, expected.inputs)]
    return errors | {name: relative_error(backend.to_host(array), value) for name, array, value in pairs}


def relative_error(found: NDArray[Any], expected: NDArray[Any]) -> float:
    """max|found - expected| / max|expected|, and plainly the difference where nothing is expected; NaN is infinite."""
    scale = float(np.max(np.abs(expected))) or 1.0
    error = float(np.max(np.abs(found - expected))) / scale
    return error if np.isfinite(error) else float("inf")


def _as_point(backend: Backend, gradients: Any, point: _Point) -> _Point:
    home = {name: backend.to_host(array) for name, array in gradients.parameters.items()}
    parameters = {name: home.get(name, np.zeros_like(array)) for name, array in point.parameters.items()}
    start = {state: backend.to_host(gradients.start[state]) for state in point.start}
    return _Point(parameters, backend.to_host(gradients.inputs), start)


def _directional_error(
    cell: Cell, oracle: Oracle, point: _Point, direction: _Point, gradient: _Point, outside: Arrays
) -> float:
    """The better of two differences: the larger suffers from curvature, the smaller from rounding, never both."""

    def loss(at: _Point) -> float:
        values = Oracle(cell, at.parameters, at.x, at.start, hold=oracle).values
        return float(sum(np.vdot(values[state], weights) for state, weights in outside.items()))

    derived = gradient.dot(direction)
    # A random direction may lie across the gradient: then its usual size is the measure.
    usual = np.sqrt(gradient.dot(gradient) / sum(array.size for array in point.arrays()))
    errors = []
    for distance in (DIFFERENCE, DIFFERENCE / 20):
        ahead, behind = (loss(point.moved(direction, step)) for step in (distance, -distance))
        measured = (ahead - behind) / (2 * distance)
        errors.append(float(abs(measured - derived) / max(abs(measured), usual, 1e-12)))
    return min((error for error in errors if np.isfinite(error)), default=float("inf"))
