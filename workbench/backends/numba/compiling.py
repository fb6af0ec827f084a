"""From a cell to compiled code: rendered, compiled once on a machine, kept in memory."""

from functools import cache
from pathlib import Path
from types import ModuleType

from workbench.backends.numba.modules import is_compiled, load_module
from workbench.backends.numba.rendering import Rendering, render
from workbench.cells import Cell

_KERNELS = ("product", "add_outer", "gather", "scatter", "pack", "copy_rows", "clear")


def compile_cell(cell: Cell, dtype: str) -> tuple[Rendering, ModuleType]:
    """Return a cell's rendering and its compiled functions."""
    rendering = render(cell.folded_plan, cell.title, dtype)
    return rendering, load_module(dtype, rendering.source)


@cache
def compile_kernels(dtype: str) -> dict[str, int]:
    """Return the addresses of what every cell's program shares."""
    module = load_module(f"kernels_{dtype}", _kernel_source())
    return {name: int(getattr(module, name).address) for name in _KERNELS}


def is_cell_compiled(cell: Cell, dtype: str) -> bool:
    """Whether running a cell needs no compiling on this machine."""
    source = render(cell.folded_plan, cell.title, dtype).source
    return is_compiled(dtype, source) and is_compiled(f"kernels_{dtype}", _kernel_source())


def _kernel_source() -> str:
    return (Path(__file__).parent / "kernels.py").read_text(encoding="utf-8")
