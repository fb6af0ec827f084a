"""A backend of strict arrays: NumPy's programs, as if they ran on a device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.training.strict_arrays import TRAFFIC, StrictArray, StrictModule, wrap
from workbench.backends import Backend, get_backend
from workbench.backends.base import Array
from workbench.cells import Cell

Arrays = Mapping[str, Any]


def host(array: Any) -> NDArray[Any]:
    """What a program reads: its arguments may be host arrays or the backend's own."""
    return array.on_host if isinstance(array, StrictArray) else np.asarray(array)


def all_on_host(arrays: Arrays) -> dict[str, NDArray[Any]]:
    return {name: host(array) for name, array in arrays.items()}


def wrap_all(arrays: Arrays) -> dict[str, StrictArray]:
    return {name: wrap(array) for name, array in arrays.items()}


class StrictTrace:
    """A trace whose arrays are strict."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def __getitem__(self, name: str) -> StrictArray:
        return StrictArray(self.inner[name])

    @property
    def final(self) -> dict[str, StrictArray]:
        return wrap_all(self.inner.final)


class StrictGradients:
    """Gradients whose arrays are strict."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.parameters, self.states = wrap_all(inner.parameters), wrap_all(inner.states)
        self.start = wrap_all(inner.start)

    @property
    def inputs(self) -> StrictArray:
        return StrictArray(self._inner.inputs)


class StrictProgram:
    """A program of NumPy's on strict arrays."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self.cell, self.inputs, self.hidden, self.dtype = inner.cell, inner.inputs, inner.hidden, inner.dtype
        self.state_names, self.value_names, self.way = inner.state_names, inner.value_names, inner.way

    def forward(
        self, parameters: Arrays, x: Array, start: Arrays | None = None, first_step: int = 0, reuse: Any = None
    ) -> StrictTrace:
        begun = None if start is None else all_on_host(start)
        given = None if reuse is None else reuse.inner
        return StrictTrace(self._inner.forward(all_on_host(parameters), host(x), begun, first_step, given))

    def backward(
        self, parameters: Arrays, trace: StrictTrace, outside: Arrays, consume: bool = False, wants_inputs: bool = False
    ) -> StrictGradients:
        arrays = all_on_host(parameters), trace.inner, all_on_host(outside)
        return StrictGradients(self._inner.backward(*arrays, consume=consume, wants_inputs=wants_inputs))

    def jvp(self, trace: StrictTrace, states: Arrays, inputs: Array | None = None) -> dict[str, StrictArray]:
        raise NotImplementedError

    def memory(self, steps: int, batch: int) -> int:
        return int(self._inner.memory(steps, batch))


class StrictBackend:
    """NumPy's backend, whose arrays lie apart from the host's."""

    name = "strict"
    works_ahead = True

    def __init__(self) -> None:
        self.xp: Any = StrictModule()
        self._inner: Backend = get_backend("numpy")

    def compile(self, cell: Cell, inputs: int, hidden: int, dtype: str = "float32") -> StrictProgram:
        return StrictProgram(self._inner.compile(cell, inputs, hidden, dtype))

    def is_compiled(self, cell: Cell, dtype: str = "float32") -> bool:
        return True

    def compile_ahead(self, cell: Cell, dtype: str = "float32") -> None:
        """Do nothing."""

    def asarray(self, array: Any, dtype: str | None = None) -> StrictArray:
        if isinstance(array, StrictArray):
            return array if dtype is None else StrictArray(np.asarray(array.on_host, dtype))
        TRAFFIC.sent += 1
        return StrictArray(np.array(array, dtype))

    def to_host(self, array: Any) -> NDArray[Any]:
        found: NDArray[Any] = array.get() if isinstance(array, StrictArray) else np.asarray(array)
        return found

    def add_rows(self, table: StrictArray, indices: StrictArray, rows: StrictArray) -> None:
        self._inner.add_rows(table.on_host, indices.on_host, rows.on_host)

    def random(self, seed: int) -> np.random.Generator:
        return np.random.default_rng(seed)
