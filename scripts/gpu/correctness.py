"""Every cell, every way, against the float64 oracle: each value and each gradient."""

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpu.backends import make_backend
from gpu.cases import LARGE, Sizes
from gpu.report import Line, failed
from workbench.backends import Backend, BackendError, get_backend
from workbench.backends.check import compare_with_oracle
from workbench.cells import Cell, catalogue
from workbench.cells.oracle import Oracle

PART = "correctness"
TOLERANCE = {"float32": 1e-4, "float64": 1e-10}
"""Of an array's largest error beside its largest number."""
ROUNDING = 3.0
"""Times the error of NumPy's float32 at the same point, up to which an error is float32's own and not a program's."""
NOT_ROUNDING = 1e-2
"""An error that is never laid to rounding."""
ANOTHER_WAY = "choose another way"
"""What a backend says of a way that a cell of this size cannot take."""
_MOST_PROCESSES = 8
_MANY = 64  # units
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Point:
    """All that a cell is run on."""

    parameters: dict[str, Floats]
    x: Floats
    start: dict[str, Floats]
    outside: dict[str, Floats]


def random_point(cell: Cell, sizes: Sizes, inputs: int = 3) -> Point:
    """Return random numbers to run a cell on.

    At few units no parameter stays at 0, where errors would hide; at many they are half of what a run begins with,
    since larger ones let long sequences grow chaotic (layer norm does at 1), and then no two ways to round agree.
    """
    if cell.roles.plain_input or cell.roles.input_sized:
        inputs = sizes.hidden
    random = np.random.default_rng([sizes.hidden, sizes.batch, sizes.steps])
    drawn = cell.initial_parameters(inputs, sizes.hidden, seed=1, length=sizes.steps + 1, dtype="float64")
    scale, spread = (1.0, 0.2) if sizes.hidden < _MANY else (0.5, 0.002)
    shape = (sizes.batch, sizes.hidden)
    return Point(
        {name: scale * value + spread * random.standard_normal(value.shape) for name, value in drawn.items()},
        random.standard_normal((sizes.steps, sizes.batch, inputs)),
        {state: 0.5 * random.standard_normal(shape) for state in cell.states},
        {state: random.standard_normal((sizes.steps, *shape)) for state in cell.states},
    )


def largest_error(backend: Backend, cell: Cell, sizes: Sizes, dtypes: Sequence[str]) -> dict[str, tuple[float, str]]:
    """Return for each floating-point type the largest relative error, and of which array it is."""
    point = random_point(cell, sizes)
    with np.errstate(all="ignore"):
        oracle = Oracle(cell, point.parameters, point.x, point.start)
        return {dtype: _largest(_errors(backend, cell, point, oracle, dtype)) for dtype in dtypes}


def _errors(backend: Backend, cell: Cell, point: Point, oracle: Oracle, dtype: str) -> dict[str, float]:
    hidden = next(iter(point.start.values())).shape[1]
    program = backend.compile(cell, inputs=point.x.shape[2], hidden=hidden, dtype=dtype)
    trace = program.forward(point.parameters, point.x, start=point.start)
    gradients = program.backward(point.parameters, trace, point.outside, wants_inputs=True)
    return compare_with_oracle(backend, oracle, point.outside, trace, gradients)


def _largest(errors: dict[str, float]) -> tuple[float, str]:
    name = max(errors, key=lambda name: errors[name])
    return errors[name], name


def check_cell(
    backend_name: str, cell_name: str, ways: Sequence[str | None], odd: Sequence[Sizes], large: Sizes | None = LARGE
) -> list[Line]:
    """Check one cell in every way: float32 and float64 at odd sizes, float32 at a large one."""
    cell = catalogue()[cell_name]
    lines: list[Line] = []
    for way in ways:
        found = _Found(cell_name, way)
        backend = make_backend(backend_name, way)
        for sizes in (*odd, *([large] if large else [])):
            dtypes = ("float32", "float64") if sizes is not large else ("float32",)
            found.look(backend, cell, sizes, dtypes)
        lines += found.lines()
    return lines


class _Found:
    """What was found of a cell in one way."""

    def __init__(self, cell: str, way: str | None) -> None:
        self._name = f"{cell}, {way}" if way else cell
        self._worst: dict[str, tuple[float, str]] = {}
        self._broken: list[Line] = []
        self._excused: list[str] = []
        self._inapplicable = 0
        self._checked = 0

    def look(self, backend: Backend, cell: Cell, sizes: Sizes, dtypes: Sequence[str]) -> None:
        """Compare at one size; a way that does not apply there is counted, whatever else breaks off is told."""
        try:
            errors = largest_error(backend, cell, sizes, dtypes)
        except BackendError as error:
            if ANOTHER_WAY in str(error):
                self._inapplicable += 1
            else:
                self._broken.append(failed(PART, f"{self._name}, {sizes}", error))
            return
        except Exception as error:  # noqa: BLE001 (one size that breaks off keeps no other from its turn)
            self._broken.append(failed(PART, f"{self._name}, {sizes}", error))
            return
        self._checked += 1
        for dtype, (error_of, array) in errors.items():
            if self._is_rounding(cell, sizes, dtype, error_of):
                self._excused.append(f"{array} at {sizes}: {error_of:.1e}")
            elif not error_of <= self._worst.get(dtype, (-1.0, ""))[0]:
                self._worst[dtype] = error_of, f"{array} at {sizes}"

    def _is_rounding(self, cell: Cell, sizes: Sizes, dtype: str, found: float) -> bool:
        """Whether an error beyond the tolerance is that of float32 itself: NumPy has it at this point too.

        A sum that cancels keeps the error of its terms, and a relu near 0 may fall to either side.
        """
        if found <= TOLERANCE[dtype] or dtype != "float32" or not found <= NOT_ROUNDING:
            return False
        return found <= ROUNDING * largest_error(get_backend("numpy"), cell, sizes, [dtype])[dtype][0]

    def lines(self) -> Iterator[Line]:
        """One line for each floating-point type, and one for each size that broke off."""
        yield from self._broken
        for dtype, (error, where) in self._worst.items():
            says = f"largest error {error:.1e} ({where}), {self._checked} sizes"
            if dtype == "float32" and self._excused:
                says += f"; as large in NumPy's float32: {', '.join(self._excused)}"
            if self._inapplicable:
                says += f"; does not apply at {self._inapplicable}"
            figures = {"error": error if np.isfinite(error) else None, "tolerance": TOLERANCE[dtype], "where": where}
            yield Line(PART, f"{self._name}, {dtype}", bool(error <= TOLERANCE[dtype]), says, figures)
        if not self._checked and not self._broken:
            yield Line(PART, self._name, None, "does not apply at any size")


def check_cells(
    backend_name: str, cells: Iterable[str], ways: Sequence[str | None], odd: Sequence[Sizes], large: Sizes | None
) -> Iterator[Line]:
    """Check cells side by side in processes, for most of the time goes to compiling and to the oracle."""
    processes = max(1, min(_MOST_PROCESSES, (os.cpu_count() or 1) - 1))
    with ProcessPoolExecutor(processes, multiprocessing.get_context("spawn")) as pool:
        asked = {name: pool.submit(check_cell, backend_name, name, ways, odd, large) for name in cells}
        for name, answer in asked.items():
            try:
                yield from answer.result()
            except Exception as error:  # noqa: BLE001 (a process that died is told)
                yield failed(PART, name, error)
