"""Whose arrays are whose: traces own theirs, give them back, and are told apart."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, Point, arrays, random_point
from workbench.backends import BackendError
from workbench.cells import Cell, catalogue


def everything(point: Point, trace: Any, gradients: Any) -> dict[str, Any]:
    return {name: array.copy() for name, array in arrays(trace, tuple(point.program().value_names), gradients)}


def assert_identical(found: dict[str, Any], expected: dict[str, Any]) -> None:
    assert set(found) == set(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(found[name], array, err_msg=name)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", EVERY_CELL)
def test_backward_changes_nothing_and_can_be_called_again(backend: str, name: str, dtype: str) -> None:
    point = random_point(EVERY_CELL[name], backend)
    program = point.program(dtype)
    trace = program.forward(point.parameters, point.x, start=point.start)
    before = {value: trace[value].copy() for value in program.value_names}
    first = everything(point, trace, program.backward(point.parameters, trace, point.outside))
    other = {state: -2 * array for state, array in point.outside.items()}
    program.backward(point.parameters, trace, other)
    second = everything(point, trace, program.backward(point.parameters, trace, point.outside))
    assert_identical({value: trace[value] for value in program.value_names}, before)
    assert_identical(second, first)


@pytest.mark.parametrize("name", EVERY_CELL)
def test_gradients_stay_when_backward_is_called_again(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend)
    program = point.program()
    trace = program.forward(point.parameters, point.x, start=point.start)
    gradients = program.backward(point.parameters, trace, point.outside)
    before = everything(point, trace, gradients)
    program.backward(point.parameters, trace, {state: 0 * array for state, array in point.outside.items()})
    assert_identical(everything(point, trace, gradients), before)


@pytest.mark.parametrize("name", EVERY_CELL)
def test_an_older_trace_is_untouched_by_a_later_forward(backend: str, name: str) -> None:
    point, other = random_point(EVERY_CELL[name], backend), random_point(EVERY_CELL[name], backend, seed=1)
    program = point.program()
    expected = everything(point, *point.run())
    trace = program.forward(point.parameters, point.x, start=point.start)
    later = program.forward(other.parameters, other.x, start=other.start)
    program.backward(other.parameters, later, other.outside)
    assert_identical(everything(point, trace, program.backward(point.parameters, trace, point.outside)), expected)


@pytest.mark.parametrize("name", ["lstm", "gru", "unused", "lru"])
def test_a_trace_and_its_gradients_are_read_as_they_were_when_the_parameters_have_moved_on(
    backend: str, name: str
) -> None:
    point = random_point(EVERY_CELL[name], backend)
    expected = everything(point, *point.run())
    trace, gradients = point.run()
    for array in (*point.parameters.values(), point.x, *point.start.values(), *point.outside.values()):
        array *= 3.0
    assert_identical(everything(point, trace, gradients), expected)


def test_what_is_read_from_a_trace_cannot_be_written(backend: str) -> None:
    trace, _ = random_point(catalogue()["lstm"], backend).run()
    with pytest.raises(ValueError, match="read-only"):
        trace["h"][...] = 0.0


def test_final_states_are_copies_of_the_last_step(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    trace, _ = point.run()
    final = trace.final
    assert set(final) == {"h", "c"}
    last = trace["h"][-1].copy()
    np.testing.assert_array_equal(final["h"], last)
    final["h"][...] = 0.0
    np.testing.assert_array_equal(trace["h"][-1], last)


@pytest.mark.parametrize("name", EVERY_CELL)
def test_the_same_call_gives_the_same_bits(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend, hidden=33, steps=9)
    for dtype in ("float32", "float64"):
        assert_identical(everything(point, *point.run(dtype)), everything(point, *point.run(dtype)))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", EVERY_CELL)
def test_buffers_that_are_given_back_give_the_same_bits(backend: str, name: str, dtype: str) -> None:
    point, other = random_point(EVERY_CELL[name], backend), random_point(EVERY_CELL[name], backend, seed=1)
    expected = everything(point, *point.run(dtype))
    program = point.program(dtype)
    trace = program.forward(other.parameters, other.x, start=other.start, first_step=5)
    program.backward(other.parameters, trace, other.outside, consume=True)
    for _ in range(2):
        trace = program.forward(point.parameters, point.x, start=point.start, reuse=trace)
        values = {value: trace[value].copy() for value in program.value_names}
        gradients = program.backward(point.parameters, trace, point.outside, consume=True)
        assert_identical(values | everything_but_values(gradients), expected)


def test_buffers_of_other_steps_serve_a_later_part_of_the_sequence(backend: str) -> None:
    """What the backward pass reads of the step's index is that of the latest forward pass."""
    point = random_point(EVERY_CELL["time-in-the-gradient"], backend, steps=4, first_step=4)
    expected = everything(point, *point.run("float64"))
    program = point.program("float64")
    trace = program.forward(point.parameters, point.x, start=point.start, first_step=0)
    program.backward(point.parameters, trace, point.outside, consume=True)
    trace = program.forward(point.parameters, point.x, start=point.start, first_step=4, reuse=trace)
    values = {value: trace[value].copy() for value in program.value_names}
    gradients = program.backward(point.parameters, trace, point.outside, consume=True)
    assert_identical(values | everything_but_values(gradients), expected)


def everything_but_values(gradients: Any) -> dict[str, Any]:
    return {name: array.copy() for name, array in arrays({}, (), gradients)}


def test_a_trace_that_is_reused_is_not_a_copy(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    old = trace["h"]
    assert np.shares_memory(program.forward(point.parameters, point.x, reuse=trace)["h"], old)


@pytest.mark.parametrize("steps", [3, 6])
def test_a_trace_of_another_length_can_be_given_back_too(backend: str, steps: int) -> None:
    point, other = random_point(catalogue()["lstm"], backend), random_point(catalogue()["lstm"], backend, steps=steps)
    program = point.program()
    expected = program.forward(point.parameters, point.x)["h"]
    trace = program.forward(other.parameters, other.x)
    np.testing.assert_array_equal(program.forward(point.parameters, point.x, reuse=trace)["h"], expected)


def test_reading_a_consumed_trace_is_refused(backend: str) -> None:
    point = random_point(EVERY_CELL["unused"], backend)
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    program.backward(point.parameters, trace, point.outside, consume=True)
    uses: list[Callable[[], object]] = [
        lambda: trace["h"],
        lambda: trace["again"],
        lambda: trace.final,
        lambda: program.backward(point.parameters, trace, point.outside),
    ]
    for use in uses:
        with pytest.raises(BackendError, match=r"this trace was consumed .* run forward again to read it"):
            use()


def test_reading_a_reused_trace_is_refused(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    program.forward(point.parameters, point.x, reuse=trace)
    with pytest.raises(BackendError, match="consumed"):
        trace["h"]


def test_buffers_cannot_be_given_back_twice(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    program.forward(point.parameters, point.x, reuse=trace)
    with pytest.raises(BackendError, match="reused already"):
        program.forward(point.parameters, point.x, reuse=trace)


def test_a_trace_of_another_program_is_refused(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    trace = point.program().forward(point.parameters, point.x)
    with pytest.raises(BackendError, match="made by another program"):
        point.program().backward(point.parameters, trace, point.outside)


@pytest.mark.parametrize("name", ["unused", "lstm", "slstm", "the-input-itself", "constant-states"])
def test_every_assigned_name_can_be_read_again_and_again(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend)
    oracle, _ = point.oracle()
    trace, _ = point.run()
    for _ in range(2):
        for value, expected in oracle.values.items():
            np.testing.assert_allclose(trace[value], expected, rtol=1e-11)


def test_a_name_that_only_reads_the_past_can_be_read_though_no_state_is_made_of_it(backend: str) -> None:
    cell = Cell.from_equations("before = h\nh = tanh(U @ x)", states=["h"])
    trace, _ = random_point(cell, backend).run()
    np.testing.assert_array_equal(trace["before"][1:], trace["h"][:-1])


def test_a_name_that_is_not_assigned_is_refused_with_those_that_are(backend: str) -> None:
    trace, _ = random_point(catalogue()["elman"], backend).run()
    with pytest.raises(KeyError, match="'h' is not assigned; there are s"):
        trace["h"]


def test_long_chains_of_names_can_be_read(backend: str) -> None:
    lines = ["a0 = x", *(f"a{line} = {'sin(' * 30}a{line - 1}{')' * 30}" for line in range(1, 100)), "h = tanh(x)"]
    cell = Cell.from_equations("\n".join(lines), states=["h"])
    trace, _ = random_point(cell, backend).run()
    assert np.isfinite(trace["a99"]).all()
