"""The gradient check passes what is right, finds what is wrong, and knows kinks from faults."""

from typing import Any

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, backend_of
from tests.cells.support import one_line
from workbench.backends import get_backend
from workbench.backends.check import ORACLE_TOLERANCE, check_gradients
from workbench.backends.numpy import NumpyBackend
from workbench.cells import CellError, catalogue, derivative, functions, oracle
from workbench.cells.functions import Function


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", EVERY_CELL)
def test_every_cell_passes(backend: str, name: str, seed: int) -> None:
    check = check_gradients(EVERY_CELL[name], backend_of(backend), seed=seed)
    assert check.passed, check


@pytest.mark.parametrize(("hidden", "batch", "steps"), [(1, 1, 17), (5, 3, 3), (33, 3, 3)], ids=str)
@pytest.mark.parametrize("name", EVERY_CELL)
def test_every_cell_passes_at_odd_sizes(backend: str, name: str, hidden: int, batch: int, steps: int) -> None:
    check = check_gradients(EVERY_CELL[name], backend_of(backend), hidden=hidden, batch=batch, steps=steps)
    assert check.passed, check


def test_a_check_reports_every_value_and_every_gradient(backend: str) -> None:
    check = check_gradients(catalogue()["gated"], backend_of(backend))
    gradients = {f"dL/d{name}" for name in catalogue()["gated"].parameters}
    assert set(check.oracle_errors) == {"g", "s", "dL/ds_t", "dL/ds_0", "dL/dx"} | gradients
    assert check.oracle_error == max(check.oracle_errors.values())
    assert (check.cell, check.backend) == ("gated", backend_of(backend).name)


def test_a_cell_that_reads_x_outside_products_is_checked_with_equal_sizes(backend: str) -> None:
    sizes = check_gradients(one_line("tanh(W @ h) + x"), backend_of(backend)).sizes
    assert sizes["inputs"] == sizes["hidden"]


class Careless(NumpyBackend):
    """A backend whose tanh is a little off."""

    def compile(self, *args: Any, **sizes: Any) -> Any:
        program = super().compile(*args, **sizes)
        program.kernels["tanh"] = lambda a, out: np.multiply(np.tanh(a), 1 + 1e-7, out=out)
        return program


def test_a_program_that_is_a_little_wrong_fails() -> None:
    check = check_gradients(catalogue()["elman"], Careless())
    assert not check.passed
    assert check.oracle_errors["s"] > ORACLE_TOLERANCE


@pytest.fixture
def wrong_derivative(monkeypatch: pytest.MonkeyPatch) -> Any:
    """sin with cos(a) + 0.001 for its derivative, in the table that program and oracle share."""
    tables = (derivative._partials, oracle._rules)
    for table in tables:
        table.cache_clear()
    wrong = Function("sin", np.sin, ("cos(a) + 0.001",))
    monkeypatch.setitem(functions.FUNCTIONS, "sin", wrong)
    yield
    for table in tables:
        table.cache_clear()


def test_a_wrong_derivative_that_oracle_and_program_share_fails(wrong_derivative: None) -> None:
    check = check_gradients(one_line("sin(W @ h + U @ x)"), get_backend("numpy"))
    assert check.oracle_error <= ORACLE_TOLERANCE
    assert not check.passed


@pytest.mark.parametrize("expression", ["relu(W @ h + U @ x)", "abs(h) - maximum(U @ x, h)", "floor(3 * h) + U @ x"])
def test_kinks_are_stepped_around(backend: str, expression: str) -> None:
    assert check_gradients(one_line(expression), backend_of(backend)).passed


@pytest.mark.parametrize("expression", ["log(U @ x)", "sqrt(h - 100)", "1 / (h - h)", "exp(exp(exp(9 + h * h)))"])
def test_a_cell_without_a_finite_point_is_told_what_to_do(backend: str, expression: str) -> None:
    with pytest.raises(CellError, match="keep the arguments of log, sqrt and division positive"):
        check_gradients(one_line(expression), backend_of(backend))


def test_a_check_gives_the_same_errors_every_time(backend: str) -> None:
    one, other = (check_gradients(catalogue()["lstm"], backend_of(backend), seed=3) for _ in range(2))
    assert one == other
