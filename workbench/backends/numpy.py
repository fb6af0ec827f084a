"""The backend that is always there."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends.arrays.program import ArrayProgram
from workbench.cells import Cell


class HostArrays:
    """Arrays of backends whose programs run on NumPy's."""

    xp: Any = np
    works_ahead = False

    def asarray(self, array: Any, dtype: str | None = None) -> NDArray[Any]:
        """Return an array of the given type, copied only where needed."""
        return np.asarray(array, dtype=dtype)

    def to_host(self, array: Any) -> NDArray[Any]:
        """Return the array: it is at home already."""
        return np.asarray(array)

    def add_rows(self, table: NDArray[Any], indices: NDArray[Any], rows: NDArray[Any]) -> None:
        """Add each of ``rows`` (N, E) to the row of ``table`` (V, E) that ``indices`` (N,) names.

        Rows of one index are sorted together and summed in order.
        """
        order = np.argsort(indices, kind="stable")
        ordered = indices[order]
        is_first = np.ones(ordered.shape, dtype=bool)
        is_first[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(is_first)
        table[ordered[starts]] += np.add.reduceat(rows[order], starts, axis=0)

    def random(self, seed: int) -> np.random.Generator:
        """Return a source of random numbers."""
        return np.random.default_rng(seed)


class NumpyBackend(HostArrays):
    """Runs plans with NumPy."""

    name = "numpy"

    def compile(self, cell: Cell, inputs: int, hidden: int, dtype: str = "float32") -> ArrayProgram:
        """Compile a cell for sizes. Raises CellError where they do not fit its equations."""
        return ArrayProgram(np, cell, inputs, hidden, dtype)

    def is_compiled(self, cell: Cell, dtype: str = "float32") -> bool:
        """Whether programs of a cell can run at once: always."""
        return True

    def compile_ahead(self, cell: Cell, dtype: str = "float32") -> None:
        """Do nothing: plans are run as they are."""
