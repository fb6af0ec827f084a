"""What a program cannot run: a sentence that names the argument, what it should be and what it is."""

from typing import Any

import numpy as np
import pytest

from tests.backends.support import Point, backend_of, random_point
from workbench.backends import BACKENDS, BackendError, get_backend, resolve_backend
from workbench.cells import Cell, CellError, catalogue


@pytest.fixture
def point(backend: str) -> Point:
    """T = 4, B = 3, D = 2, H = 5."""
    return random_point(catalogue()["lstm"], backend, inputs=2)


@pytest.mark.parametrize(
    ("x", "wrong"),
    [
        (np.zeros((4, 3, 5)), r"x has shape \(T, B, 2\); this one has \(4, 3, 5\)"),
        (np.zeros((4, 3)), r"x has shape \(T, B, 2\); this one has \(4, 3\)"),
        (np.zeros(2), r"x has shape \(T, B, 2\); this one has \(2,\)"),
        (1.0, r"x has shape \(T, B, 2\); this one has \(\)"),
        (np.zeros((4, 3, 2), complex), "x holds real numbers, or integers as indices; this one holds complex128"),
        (np.full((4, 3, 2), "a"), "x holds real numbers, or integers as indices; this one holds <U1"),
        (np.zeros((4, 3, 2), object), "this one holds object"),
        (np.full((4, 3), 2), "an integer x holds indices from 0 to 1, or -1 for none"),
        (np.full((4, 3), -2), "an integer x holds indices from 0 to 1, or -1 for none"),
        (np.zeros(4, int), r"an integer x holds indices, \(T, B\) or \(T, B, k\); this one has shape \(4,\)"),
        (np.zeros((4, 3, 0), int), r"this one has shape \(4, 3, 0\)"),
        (np.zeros((4, 3, 2, 2), int), r"this one has shape \(4, 3, 2, 2\)"),
    ],
)
def test_an_input_that_does_not_fit_is_refused(point: Point, x: Any, wrong: str) -> None:
    with pytest.raises(BackendError, match=wrong):
        point.program().forward(point.parameters, x)


def test_a_parameter_that_is_missing_is_named(point: Point) -> None:
    del point.parameters["b_f"]  # type: ignore[attr-defined]
    with pytest.raises(BackendError, match="the parameter b_f is missing; lstm has W_fh, W_fx"):
        point.program().forward(point.parameters, point.x)


@pytest.mark.parametrize(
    ("name", "shape", "right"), [("W_fx", (2, 5), r"\(5, 2\)"), ("W_fh", (5,), r"\(5, 5\)"), ("b_f", (1,), r"\(5,\)")]
)
def test_a_parameter_of_another_shape_is_named(point: Point, name: str, shape: tuple[int, ...], right: str) -> None:
    parameters = {**point.parameters, name: np.zeros(shape)}
    with pytest.raises(BackendError, match=f"{name} has shape {right}; this one has"):
        point.program().forward(parameters, point.x)


def test_parameters_of_another_shape_are_refused_backward_too(point: Point) -> None:
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    with pytest.raises(BackendError, match=r"b_f has shape \(5,\)"):
        program.backward({**point.parameters, "b_f": np.zeros(1)}, trace, {})
    with pytest.raises(BackendError, match="the parameter W_fh is missing"):
        program.backward({}, trace, {})


@pytest.mark.parametrize(
    ("start", "wrong"),
    [
        ({"s": np.zeros((3, 5))}, "start names 's', which is no state; there are h, c"),
        ({"f": np.zeros((3, 5))}, "start names 'f', which is no state"),
        ({"h": np.zeros((4, 5))}, r"start of h has shape \(3, 5\); this one has \(4, 5\)"),
        ({"c": np.zeros(5)}, r"start of c has shape \(3, 5\); this one has \(5,\)"),
    ],
)
def test_a_start_that_does_not_fit_is_refused(point: Point, start: dict[str, Any], wrong: str) -> None:
    with pytest.raises(BackendError, match=wrong):
        point.program().forward(point.parameters, point.x, start=start)


@pytest.mark.parametrize(
    ("outside", "wrong"),
    [
        ({"f": np.zeros((4, 3, 5))}, "the gradient names 'f', which is no state; there are h, c"),
        ({"h": np.zeros((3, 5))}, r"the gradient of h has shape \(4, 3, 5\); this one has \(3, 5\)"),
        ({"c": np.zeros((5, 3, 5))}, r"the gradient of c has shape \(4, 3, 5\); this one has \(5, 3, 5\)"),
    ],
)
def test_a_gradient_that_does_not_fit_is_refused(point: Point, outside: dict[str, Any], wrong: str) -> None:
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    with pytest.raises(BackendError, match=wrong):
        program.backward(point.parameters, trace, outside)


def test_indices_are_refused_by_a_cell_that_reads_x_outside_products(backend: str) -> None:
    cell = Cell.from_equations("h = tanh(W @ h) + x", states=["h"])
    program = backend_of(backend).compile(cell, inputs=5, hidden=5)
    parameters = cell.initial_parameters(5, 5, seed=0)
    with pytest.raises(BackendError, match="this cell uses x outside a product, so x cannot be given as indices"):
        program.forward(parameters, np.zeros((4, 3), int))


def test_an_unknown_type_is_refused(point: Point) -> None:
    with pytest.raises(BackendError, match="dtype 'float16' is not one of float32, float64"):
        point.program("float16")


@pytest.mark.parametrize(("inputs", "hidden"), [(0, 4), (4, 0), (3, 4)])
def test_sizes_that_do_not_fit_the_equations_are_refused_by_the_cell(backend: str, inputs: int, hidden: int) -> None:
    cell = Cell.from_equations("h = tanh(W @ h) + x", states=["h"])
    with pytest.raises(CellError, match="inputs"):
        backend_of(backend).compile(cell, inputs=inputs, hidden=hidden)


@pytest.mark.parametrize("name", ["abacus", "NumPy", "", "os"])
def test_a_backend_that_is_not_there_is_refused_with_those_that_are(name: str) -> None:
    with pytest.raises(BackendError, match="choose one of auto, numpy"):
        get_backend(name)
    with pytest.raises(BackendError, match="choose one of auto, numpy"):
        resolve_backend(name)


def test_every_backend_that_is_named_is_there() -> None:
    assert [get_backend(name).name for name in BACKENDS] == list(BACKENDS)
    assert resolve_backend("auto") in BACKENDS
    assert resolve_backend("numpy") == "numpy"
