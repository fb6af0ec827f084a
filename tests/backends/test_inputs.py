"""Inputs given as the indices of their active units: gathered, never multiplied, with the dense product's result."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.backends.support import EVERY_CELL, Point, error, random_point
from workbench.backends import BackendError
from workbench.cells import catalogue

SPARSE = [name for name, cell in EVERY_CELL.items() if not cell.roles.plain_input]


def hot(indices: NDArray[np.int64], inputs: int) -> NDArray[np.float64]:
    """The dense input of indices (T, B) or (T, B, k)."""
    indices = indices.reshape(*indices.shape[:2], -1)
    return np.asarray((indices[..., None] == np.arange(inputs)).sum(axis=2), dtype=np.float64)


def run(point: Point, x: NDArray[Any], dtype: str = "float64") -> tuple[Any, Any]:
    program = point.program(dtype)
    trace = program.forward(point.parameters, x, start=point.start)
    return trace, program.backward(point.parameters, trace, point.outside)


@pytest.mark.parametrize("shape", [(4, 3), (4, 3, 1), (4, 3, 2), (4, 3, 5)], ids=str)
@pytest.mark.parametrize("name", SPARSE)
def test_indices_give_what_the_dense_input_gives(backend: str, name: str, shape: tuple[int, ...]) -> None:
    point = random_point(EVERY_CELL[name], backend, hidden=7, inputs=6)
    indices = np.random.default_rng(0).integers(-1, point.sizes["inputs"], shape)
    dense_trace, dense = run(point, hot(indices, point.sizes["inputs"]))
    trace, gradients = run(point, indices)
    for value in point.program().value_names:
        assert error(trace[value], dense_trace[value]) < 1e-12
    for parameter, gradient in dense.parameters.items():
        assert error(gradients.parameters[parameter], gradient) < 1e-11, parameter
    for state, gradient in dense.start.items():
        assert error(gradients.start[state], gradient) < 1e-11


@pytest.mark.parametrize("dtype", ["int8", "int32", "int64", "uint8", "uint64"])
def test_any_type_of_integer_is_an_index(backend: str, dtype: str) -> None:
    point = random_point(catalogue()["lstm"], backend, inputs=6)
    indices = np.random.default_rng(0).integers(0, 6, (4, 3))
    np.testing.assert_array_equal(run(point, indices.astype(dtype))[0]["h"], run(point, indices)[0]["h"])


def test_an_index_of_minus_one_means_that_no_unit_is_active(backend: str) -> None:
    point = random_point(catalogue()["elman"], backend, inputs=6)
    trace, gradients = run(point, np.full((4, 3), -1))
    silent, _ = run(point, np.zeros((4, 3, 6)))
    np.testing.assert_allclose(trace["s"], silent["s"], rtol=1e-14)
    assert not gradients.parameters["W_sx"].any()


def test_a_unit_named_twice_counts_twice(backend: str) -> None:
    point = random_point(catalogue()["elman"], backend, inputs=6)
    twice = hot(np.full((4, 3, 2), 5), 6)
    assert twice.max() == 2
    assert error(run(point, np.full((4, 3, 2), 5))[0]["s"], run(point, twice)[0]["s"]) < 1e-14


def test_units_that_never_were_active_get_gradient_zero(backend: str) -> None:
    point = random_point(catalogue()["elman"], backend, inputs=6)
    _, gradients = run(point, np.full((4, 3), 2))
    assert gradients.parameters["W_sx"][:, 2].all()
    assert not np.delete(gradients.parameters["W_sx"], 2, axis=1).any()


def test_indices_have_no_gradient(backend: str) -> None:
    _, gradients = run(random_point(catalogue()["elman"], backend), np.zeros((4, 3), dtype=int))
    with pytest.raises(BackendError, match="x was given as indices, which have no gradient"):
        _ = gradients.inputs


def test_the_gradient_of_indices_is_summed_in_the_same_order_every_time(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend, inputs=6, steps=50, batch=8)
    indices = np.random.default_rng(0).integers(0, 6, (50, 8, 3))
    one, other = (run(point, indices, "float32")[1].parameters["W_ix"] for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_buffers_of_a_dense_input_can_be_given_back_for_indices_and_the_other_way_round(backend: str) -> None:
    point = random_point(catalogue()["gru"], backend, inputs=6)
    indices = np.random.default_rng(0).integers(0, 6, (4, 3))
    program = point.program()
    expected = program.forward(point.parameters, indices)["h"].copy()
    trace = program.forward(point.parameters, point.x)
    trace = program.forward(point.parameters, indices, reuse=trace)
    np.testing.assert_array_equal(trace["h"], expected)
    trace = program.forward(point.parameters, point.x, reuse=trace)
    np.testing.assert_array_equal(trace["h"], program.forward(point.parameters, point.x)["h"])


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "bool"])
def test_real_numbers_of_any_type_are_a_dense_input(backend: str, dtype: str) -> None:
    point = random_point(catalogue()["elman"], backend)
    x = (point.x > 0).astype(dtype)
    np.testing.assert_array_equal(run(point, x)[0]["s"], run(point, x.astype("float64"))[0]["s"])


def test_an_input_may_lie_in_memory_in_any_way(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    expected = run(point, point.x)[0]["h"]
    batch_first = np.ascontiguousarray(point.x.transpose(1, 0, 2)).transpose(1, 0, 2)
    np.testing.assert_array_equal(run(point, batch_first)[0]["h"], expected)
    np.testing.assert_array_equal(run(point, np.asfortranarray(point.x))[0]["h"], expected)
    read_only = point.x.copy()
    read_only.flags.writeable = False
    np.testing.assert_array_equal(run(point, read_only)[0]["h"], expected)
