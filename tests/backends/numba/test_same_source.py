"""The source of a program: the same for the same equations, whoever wrote them, and in every process."""

import pytest

from tests.backends.numba.support import output_of, start_process
from tests.backends.support import EVERY_CELL
from workbench.backends import get_backend
from workbench.backends.numba.rendering import render
from workbench.cells import Cell, catalogue

PRINT_SOURCES = """
import hashlib
from tests.backends.support import EVERY_CELL
from workbench.backends.numba.rendering import render
sources = (render(cell.folded_plan, "float32").source for cell in EVERY_CELL.values())
print(hashlib.sha256("".join(sources).encode()).hexdigest())
"""


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", catalogue())
def test_a_cell_typed_as_equations_is_the_same_program_as_from_the_catalogue(name: str, dtype: str) -> None:
    ours = catalogue()[name]
    typed = Cell.from_equations(ours.equations, states=ours.states, fixed=ours.fixed, name="mine", title="Mine")
    assert render(typed.folded_plan, dtype).source == render(ours.folded_plan, dtype).source


def test_the_same_equations_are_one_compiled_module() -> None:
    backend, ours = get_backend("numba"), catalogue()["lstm"]
    typed = Cell.from_equations(ours.equations, states=ours.states, name="mine")
    modules = [backend.compile(cell, inputs=3, hidden=8).module for cell in (ours, typed)]
    assert modules[0] is modules[1]


def test_sizes_are_no_part_of_the_source() -> None:
    backend, cell = get_backend("numba"), catalogue()["lstm"]
    sources = {backend.compile(cell, inputs=d, hidden=h).rendering.source for d, h in ((1, 1), (3, 64), (700, 33))}
    assert len(sources) == 1


def test_every_process_renders_the_same_source() -> None:
    """Or a cell would be compiled again and again."""
    processes = [start_process(PRINT_SOURCES, PYTHONHASHSEED=seed) for seed in ("1", "2")]
    assert len({output_of(process) for process in processes}) == 1


@pytest.mark.parametrize("name", EVERY_CELL)
def test_a_cell_that_is_compiled_ahead_is_compiled(name: str) -> None:
    backend = get_backend("numba")
    backend.compile_ahead(EVERY_CELL[name])
    assert backend.is_compiled(EVERY_CELL[name])
