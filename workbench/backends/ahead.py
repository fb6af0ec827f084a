"""Cells compiled before anybody waits for them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import perf_counter

from workbench.backends.base import Backend
from workbench.backends.errors import BackendError
from workbench.cells import Cell


@dataclass(frozen=True)
class Compiled:
    """What became of a cell: compiled now, ready before, or the sentence why it cannot be."""

    name: str
    title: str
    compiled: bool
    ready: bool
    error: str
    seconds: float


def compile_cells(backend: Backend, cells: Iterable[Cell], dtype: str) -> Iterator[Compiled]:
    """Compile cells one by one; one that fails does not keep the others from it."""
    for cell in cells:
        start, ready, error = perf_counter(), backend.is_compiled(cell, dtype), ""
        if not ready:
            try:
                backend.compile_ahead(cell, dtype)
            except BackendError as failure:
                error = str(failure)
        compiled = not ready and not error
        yield Compiled(cell.name, cell.title, compiled, ready, error, round(perf_counter() - start, 3))
