"""The gradient of x: together with the others where it is wanted, else by a second pass while the trace is there."""

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, random_point
from workbench.backends import BackendError
from workbench.cells import catalogue


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", EVERY_CELL)
def test_both_ways_give_the_same_bits(name: str, dtype: str) -> None:
    point = random_point(EVERY_CELL[name], "numba", hidden=17, batch=7, steps=9)
    program = point.program(dtype)
    trace = program.forward(point.parameters, point.x, start=point.start)
    wanted = program.backward(point.parameters, trace, point.outside, wants_inputs=True)
    asked = program.backward(point.parameters, trace, point.outside)
    np.testing.assert_array_equal(asked.inputs, wanted.inputs)
    for parameter, array in wanted.parameters.items():
        np.testing.assert_array_equal(asked.parameters[parameter], array)


def test_it_can_be_asked_for_after_the_trace_was_consumed() -> None:
    point = random_point(catalogue()["lstm"], "numba")
    program = point.program()
    expected = point.run()[1].inputs
    trace = program.forward(point.parameters, point.x, start=point.start)
    gradients = program.backward(point.parameters, trace, point.outside, consume=True)
    np.testing.assert_array_equal(gradients.inputs, expected)


def test_it_cannot_be_asked_for_once_the_arrays_of_the_trace_were_reused() -> None:
    point = random_point(catalogue()["lstm"], "numba")
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    gradients = program.backward(point.parameters, trace, point.outside)
    program.forward(point.parameters, point.x, reuse=trace)
    with pytest.raises(BackendError, match="say wants_inputs=True when running backward"):
        _ = gradients.inputs


def test_it_is_kept_through_a_reuse_where_it_was_wanted() -> None:
    point, other = (random_point(catalogue()["lstm"], "numba", seed=seed) for seed in (0, 1))
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    gradients = program.backward(point.parameters, trace, point.outside, wants_inputs=True)
    before = gradients.inputs.copy()
    program.forward(other.parameters, other.x, reuse=trace)
    np.testing.assert_array_equal(gradients.inputs, before)


def test_wanting_it_now_and_then_gives_the_same_each_time() -> None:
    point = random_point(catalogue()["gru"], "numba")
    program = point.program()
    expected = point.run()[1]
    trace = program.forward(point.parameters, point.x, start=point.start)
    for wants_inputs in (True, False, False, True):
        gradients = program.backward(point.parameters, trace, point.outside, consume=True, wants_inputs=wants_inputs)
        np.testing.assert_array_equal(gradients.inputs, expected.inputs)
        np.testing.assert_array_equal(gradients.parameters["W_zh"], expected.parameters["W_zh"])
        trace = program.forward(point.parameters, point.x, start=point.start, reuse=trace)
