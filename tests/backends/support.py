"""Random points at which a program and the oracle are compared, array by array."""

import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Any

import numpy as np
from hypothesis import settings
from numpy.typing import NDArray

from tests.backends.cupy import host_compiler
from tests.backends.cupy.host import HostDevice
from tests.cells.typed import TYPED
from workbench.backends import Backend, get_backend
from workbench.backends.cupy.backend import CupyBackend
from workbench.cells import Cell, catalogue
from workbench.cells.oracle import Oracle, OracleGradients

Array = NDArray[Any]
EVERY_CELL: Mapping[str, Cell] = {**catalogue(), **TYPED}
ON_HOST = "cupy-on-host"
"""The GPU's programs, their kernels compiled for the host."""
BACKENDS = ("numpy", *(("numba",) if find_spec("numba") else ()), *(() if host_compiler.missing() else (ON_HOST,)))
_ODD = [(hidden, batch, steps) for hidden in (1, 5, 33) for batch in (1, 3) for steps in (1, 2, 17)]
# Around vectors of 4 to 16 numbers, and around a register tile of six sequences.
_AROUND_VECTORS_AND_TILES = [(15, 5, 2), (16, 6, 3), (17, 7, 2), (48, 13, 2), (100, 6, 2)]
SIZES = [*_ODD, *_AROUND_VECTORS_AND_TILES]
"""Units, sequences and steps: odd ones, and those at which compiled code changes its ways."""


@cache
def backend_of(name: str) -> Backend:
    """The backend that a test goes through."""
    return CupyBackend(device=HostDevice()) if name == ON_HOST else get_backend(name)


def sizes_of(backend: str) -> list[tuple[int, int, int]]:
    """The sizes at which a backend is compared: few where each must be compiled."""
    return [(1, 1, 1), (5, 3, 17), (33, 3, 2)] if backend == ON_HOST else SIZES


def examples(backend: str, count: int) -> settings:
    """How hypothesis draws cells: few and always the same where each must be compiled and is then kept."""
    if backend in ("numba", ON_HOST):
        return settings(deadline=None, max_examples=8, derandomize=True)
    return settings(deadline=None, max_examples=count)


@dataclass(frozen=True)
class Point:
    """Everything that a cell is run forward and backward on, in float64, and the backend that runs it."""

    cell: Cell
    backend: str
    parameters: Mapping[str, Array]
    x: Array
    start: Mapping[str, Array]
    outside: Mapping[str, Array]
    first_step: int = 0

    @property
    def sizes(self) -> dict[str, int]:
        return {"inputs": self.x.shape[2], "hidden": next(iter(self.start.values())).shape[1]}

    def oracle(self) -> tuple[Oracle, OracleGradients]:
        with np.errstate(all="ignore"):
            oracle = Oracle(self.cell, self.parameters, self.x, self.start, self.first_step)
            return oracle, oracle.backward(self.outside)

    def program(self, dtype: str = "float64") -> Any:
        return backend_of(self.backend).compile(self.cell, dtype=dtype, **self.sizes)

    def run(self, dtype: str = "float64") -> tuple[Any, Any]:
        """The trace and the gradients."""
        program = self.program(dtype)
        trace = program.forward(self.parameters, self.x, start=self.start, first_step=self.first_step)
        return trace, program.backward(self.parameters, trace, self.outside)


def random_point(
    cell: Cell,
    backend: str,
    *,
    hidden: int = 5,
    batch: int = 3,
    steps: int = 4,
    inputs: int = 3,
    seed: int = 0,
    first_step: int = 0,
) -> Point:
    """A point with every parameter, start and outside gradient away from 0; inputs = hidden where the cell needs it."""
    if cell.roles.plain_input or cell.roles.input_sized:
        inputs = hidden
    random = np.random.default_rng([seed, hidden, batch, steps])
    drawn = cell.initial_parameters(inputs, hidden, seed=seed, length=20, dtype="float64")
    return Point(
        cell,
        backend,
        {name: value + 0.2 * random.standard_normal(value.shape) for name, value in drawn.items()},
        random.standard_normal((steps, batch, inputs)),
        {state: 0.5 * random.standard_normal((batch, hidden)) for state in cell.states},
        {state: random.standard_normal((steps, batch, hidden)) for state in cell.states},
        first_step,
    )


def arrays(values: Any, names: tuple[str, ...], gradients: Any, *, inputs: bool = True) -> Iterator[tuple[str, Array]]:
    """Every array of a forward and a backward pass, by name."""
    yield from ((name, values[name]) for name in names)
    yield from ((f"dL/d{name}", array) for name, array in gradients.parameters.items())
    yield from ((f"dL/d{name}_t", array) for name, array in gradients.states.items())
    yield from ((f"dL/d{name}_0", array) for name, array in gradients.start.items())
    if inputs:
        yield "dL/dx", gradients.inputs


def error(found: Array, expected: Array) -> float:
    """max|found - expected| over max|expected|, or over 0.01: a sum that cancels keeps the error of its terms."""
    assert found.shape == expected.shape
    scale = max(float(np.abs(expected).max()), 0.01)
    return float(np.abs(found - expected).max()) / scale


def assert_agrees_with_oracle(point: Point, dtype: str, tolerance: float) -> None:
    """Compare every value and every gradient of a program with the oracle's."""
    too_large = disagreements(point, dtype, tolerance)
    assert not too_large, too_large


def disagreements(point: Point, dtype: str, tolerance: float) -> dict[str, float]:
    """The errors beyond a tolerance of every value and every gradient of a program, against the oracle's."""
    oracle, expected = point.oracle()
    trace, gradients = point.run(dtype)
    names = tuple(oracle.values)
    found = dict(arrays(trace, names, gradients))
    wanted = dict(arrays(oracle.values, names, expected))
    assert set(found) == set(wanted)
    errors = {name: error(found[name], wanted[name]) for name in wanted}
    return {name: value for name, value in errors.items() if not value <= tolerance}


def peak_of(call: Callable[[], object]) -> int:
    """The most bytes that a call holds at any time beyond what was held before it."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
