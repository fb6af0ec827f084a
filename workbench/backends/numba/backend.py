"""The backend of compiled code."""

from workbench.backends.numba.compiling import compile_kernels, compile_source, is_compiled
from workbench.backends.numba.program import NumbaProgram
from workbench.backends.numba.rendering import render
from workbench.backends.numpy import HostArrays
from workbench.cells import Cell


class NumbaBackend(HostArrays):
    """Runs compiled plans on NumPy's arrays. Numba itself is loaded when the first program runs."""

    name = "numba"

    def compile(self, cell: Cell, inputs: int, hidden: int, dtype: str = "float32") -> NumbaProgram:
        """Compile a cell for sizes. Raises CellError where they do not fit its equations."""
        return NumbaProgram(cell, inputs, hidden, dtype)

    def is_compiled(self, cell: Cell, dtype: str = "float32") -> bool:
        """Whether programs of a cell can run at once on this machine."""
        return is_compiled(render(cell.folded_plan, dtype).source, dtype)

    def compile_ahead(self, cell: Cell, dtype: str = "float32") -> None:
        """Compile what programs of a cell run. Raises BackendError where Numba is missing or fails."""
        compile_kernels(dtype)
        compile_source(render(cell.folded_plan, dtype).source, dtype)
