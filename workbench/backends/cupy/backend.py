"""The backend of NVIDIA cards."""

from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends.cupy.calls import THREADS
from workbench.backends.cupy.device import Array, Device, Kernel
from workbench.backends.cupy.program import REAL, CupyProgram
from workbench.backends.cupy.rendering import source_of_rows
from workbench.backends.cupy.ways import WAYS, WayName
from workbench.backends.errors import BackendError
from workbench.cells import Cell


class CupyBackend:
    """Runs CUDA programs on CuPy's arrays. CuPy itself is loaded when the device is first asked for.

    ``tf32``: products of float32 in TensorFloat-32, ten bits of mantissa. ``way``: how every sequence is run, rather
    than as its size suggests. ``device``: what to run on, instead of the card. Raises BackendError for a way that
    there is not.
    """

    name = "cupy"
    works_ahead = True

    def __init__(self, tf32: bool = False, way: WayName | None = None, device: Device | None = None) -> None:
        if way is not None and way not in WAYS:
            raise BackendError(f"there is no way {way!r}; choose one of {', '.join(WAYS)}")
        self.tf32, self.way, self._device = tf32, way, device
        self._row_kernels: dict[str, dict[str, Kernel]] = {}

    @cached_property
    def device(self) -> Device:
        """The card. Raises BackendError where there is none that can be used."""
        if self._device is not None:
            return self._device
        from workbench.backends.cupy.cuda import CudaDevice

        return CudaDevice(tf32=self.tf32)

    @property
    def xp(self) -> Any:
        """The array module."""
        return self.device.xp

    def compile(self, cell: Cell, inputs: int, hidden: int, dtype: str = "float32") -> CupyProgram:
        """Compile a cell for sizes. Raises CellError where they do not fit its equations."""
        return CupyProgram(self, cell, inputs, hidden, dtype)

    def is_compiled(self, cell: Cell, dtype: str = "float32") -> bool:
        """Whether nothing is to be done ahead: always, for sources are compiled for sizes, when these are known."""
        return True

    def compile_ahead(self, cell: Cell, dtype: str = "float32") -> None:
        """Do nothing."""

    def asarray(self, array: Any, dtype: str | None = None) -> Array:
        """Bring an array to the device."""
        return self.xp.asarray(array, dtype=dtype)

    def to_host(self, array: Array) -> NDArray[Any]:
        """Bring an array home."""
        return np.asarray(array.get() if hasattr(array, "get") else array)

    def row_kernels(self, dtype: str) -> dict[str, Kernel]:
        """``gather_rows`` and ``add_rows``, compiled once for a type."""
        if dtype not in self._row_kernels:
            options = [f"-DREAL={REAL[dtype]}"]
            self._row_kernels[dtype] = self.device.build(source_of_rows(), ["gather_rows", "add_rows"], options)
        return self._row_kernels[dtype]

    def add_rows(self, table: Array, indices: Array, rows: Array) -> None:
        """Add each of ``rows`` (N, E) to the row of ``table`` (V, E) that ``indices`` (N,) names; -1 names none.

        Where there are k times as many indices as rows, a row has k of them. Rows of one index are summed in order.
        """
        xp, (units, columns) = self.xp, table.shape
        order = xp.argsort(indices, kind="stable")
        bounds = xp.searchsorted(indices[order], xp.arange(units + 1))
        pitch, active = rows.strides[0] // rows.dtype.itemsize, len(indices) // len(rows)
        kernel = self.row_kernels(str(table.dtype))["add_rows"]
        arguments = [order, bounds, rows, table, units, active, columns, pitch]
        kernel.launch(ceil(units * columns / THREADS), THREADS, arguments)

    def random(self, seed: int) -> np.random.Generator:
        """A source of random numbers with numpy's interface: the host's, the same for every backend."""
        return np.random.default_rng(seed)
