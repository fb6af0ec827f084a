"""The backend of compiled code."""

from typing import Any

import numpy as np

from workbench.backends.numba.program import NumbaProgram
from workbench.backends.numpy import NumpyBackend
from workbench.cells import Cell


class NumbaBackend(NumpyBackend):
    """Runs compiled plans on NumPy's arrays."""

    name = "numba"
    xp: Any = np

    def compile(self, cell: Cell, inputs: int, hidden: int, dtype: str = "float32") -> NumbaProgram:  # type: ignore[override]
        """Compile a cell for sizes. Raises CellError where they do not fit its equations."""
        return NumbaProgram(cell, inputs, hidden, dtype)
