"""A plan as source text: complete, readable, and calling what every program shares with all that it takes."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.backends.support import EVERY_CELL
from workbench.backends.numba import rendering
from workbench.backends.numba.rendering import render
from workbench.cells import Cell, catalogue

KERNELS = Path(inspect.getfile(rendering)).parent / "kernels.py"


def kernels() -> dict[str, int]:
    """How many arguments each function takes; they are called by address, where nothing notices a wrong number."""
    tree = ast.parse(KERNELS.read_text(encoding="utf-8"))
    return {node.name: len(node.args.args) for node in tree.body if isinstance(node, ast.FunctionDef)}


def calls(source: str) -> Iterator[tuple[str, int]]:
    """The name of each function that a source calls by address, and the number of its arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "call":
            address = node.args[0]
            assert isinstance(address, ast.Name)
            yield address.id, len(node.args) - 1


@pytest.mark.parametrize("name", EVERY_CELL)
def test_shared_functions_are_called_with_all_their_arguments(name: str) -> None:
    found = list(calls(render(EVERY_CELL[name].folded_plan, "float32").source))
    known = kernels()
    assert found
    assert all(known[kernel] == count for kernel, count in found)


@pytest.mark.parametrize("name", EVERY_CELL)
def test_every_name_of_a_source_is_defined_in_it(name: str) -> None:
    tree = ast.parse(render(EVERY_CELL[name].folded_plan, "float32").source)
    known = {"range", "min", "max"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            known.add(node.id)
        elif isinstance(node, ast.arg):
            known.add(node.arg)
        elif isinstance(node, ast.ImportFrom):
            known |= {alias.name for alias in node.names}
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert used <= known


def test_an_lstm_takes_one_product_and_one_pass_over_the_units_a_step_in_either_direction() -> None:
    functions = {
        node.name: ast.unparse(node)
        for node in ast.parse(render(catalogue()["lstm"].folded_plan, "float32").source).body
        if isinstance(node, ast.FunctionDef)
    }
    assert functions["forward"].count("call(product,") == functions["forward"].count("for unit in range") == 1
    # The second product of the backward pass is the gradient of x, where that is wanted.
    assert functions["backward"].count("call(product,") == 2
    assert functions["backward"].count("for unit in range") == 1


def test_a_cell_with_elementwise_recurrence_multiplies_outside_the_loop_over_time_alone() -> None:
    source = render(catalogue()["indrnn"].folded_plan, "float32").source
    loop = source.split("for t in range(start, end):")[1]
    assert "call(product" not in loop


def test_nothing_that_a_user_wrote_but_names_of_parameters_is_in_a_source() -> None:
    words = {"name": "exit", "title": 'quit() """', "about": "import os", "source": "\n\nraise SystemExit"}
    plain = Cell.from_equations("h = tanh(W_hh @ h + W_hx @ x)", states=["h"])
    cell = Cell.from_equations(
        "h = tanh(W_hh @ h + W_hx @ x)  # breakpoint()", states=["h"], init={}, fixed=(), **words
    )
    assert render(cell.folded_plan, "float32").source == render(plain.folded_plan, "float32").source
