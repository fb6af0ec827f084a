"""The engine's contract, to the letter: names, shapes, starts, steps and whose arrays are whose."""

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, arrays, backend_of, error, random_point
from workbench.cells import Cell, catalogue

STEPS, BATCH, INPUTS, HIDDEN = 6, 4, 3, 8


def test_the_example_of_the_architecture_runs_as_printed(backend: str) -> None:
    cell = catalogue()["lstm"]
    host = backend_of(backend)
    program = host.compile(cell, inputs=INPUTS, hidden=HIDDEN, dtype="float32")
    parameters = cell.initial_parameters(inputs=INPUTS, hidden=HIDDEN, seed=0, length=None, dtype="float32")
    assert {name: parameters[name].shape for name in ("W_fh", "W_fx", "b_f")} == {
        "W_fh": (8, 8),
        "W_fx": (8, 3),
        "b_f": (8,),
    }
    random = host.random(0)
    x = random.standard_normal((STEPS, BATCH, INPUTS))
    h0, c0 = random.standard_normal((2, BATCH, HIDDEN))
    dh = random.standard_normal((STEPS, BATCH, HIDDEN))
    trace = program.forward(parameters, x, start={"h": h0, "c": c0}, first_step=0)
    assert trace["h"].shape == trace["f"].shape == (STEPS, BATCH, HIDDEN)
    gradients = program.backward(parameters, trace, {"h": dh})
    assert gradients.parameters["W_fh"].shape == (8, 8)
    assert gradients.inputs.shape == (STEPS, BATCH, INPUTS)
    assert gradients.states["c"].shape == (STEPS, BATCH, HIDDEN)
    assert gradients.start["h"].shape == (BATCH, HIDDEN)
    assert isinstance(host.to_host(trace["h"]), np.ndarray)


@pytest.mark.parametrize("name", EVERY_CELL)
def test_a_program_names_its_cell_sizes_states_and_values(backend: str, name: str) -> None:
    cell = EVERY_CELL[name]
    program = backend_of(backend).compile(cell, inputs=5, hidden=5, dtype="float64")
    assert program.cell is cell
    assert (program.inputs, program.hidden, program.dtype) == (5, 5, "float64")
    assert program.state_names == cell.states
    assert program.value_names == tuple(assignment.name for assignment in cell.assignments)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", EVERY_CELL)
def test_every_array_has_its_shape_and_type(backend: str, name: str, dtype: str) -> None:
    point = random_point(EVERY_CELL[name], backend, hidden=HIDDEN, batch=BATCH, steps=STEPS, inputs=INPUTS)
    program = point.program(dtype)
    trace, gradients = point.run(dtype)
    rows = (STEPS, BATCH, HIDDEN)
    assert {value: trace[value].shape for value in program.value_names} == dict.fromkeys(program.value_names, rows)
    shapes = point.cell.shapes(**point.sizes)
    learnt = {parameter: shape for parameter, shape in shapes.items() if parameter not in point.cell.fixed}
    assert {parameter: array.shape for parameter, array in gradients.parameters.items()} == learnt
    assert {state: array.shape for state, array in gradients.states.items()} == dict.fromkeys(point.cell.states, rows)
    assert {state: array.shape for state, array in gradients.start.items()} == dict.fromkeys(
        point.cell.states, rows[1:]
    )
    assert gradients.inputs.shape == point.x.shape
    assert {array.dtype for _, array in arrays(trace, program.value_names, gradients)} == {np.dtype(dtype)}


def test_states_that_are_left_out_start_at_zero(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    program = point.program()
    zeros = {state: np.zeros_like(array) for state, array in point.start.items()}
    expected = program.forward(point.parameters, point.x, start=zeros | {"c": point.start["c"]})
    found = program.forward(point.parameters, point.x, start={"c": point.start["c"]})
    np.testing.assert_array_equal(found["h"], expected["h"])
    np.testing.assert_array_equal(
        program.forward(point.parameters, point.x)["h"], program.forward(point.parameters, point.x, start=zeros)["h"]
    )


def test_states_that_get_no_gradient_from_outside_get_zero(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    program = point.program()
    trace = program.forward(point.parameters, point.x)
    given = {"h": point.outside["h"]}
    with_zeros = program.backward(point.parameters, trace, given | {"c": np.zeros_like(given["h"])})
    without = program.backward(point.parameters, trace, given)
    np.testing.assert_array_equal(without.parameters["W_ch"], with_zeros.parameters["W_ch"])


def test_no_gradient_from_outside_gives_no_gradient_at_all(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    program = point.program()
    gradients = program.backward(point.parameters, program.forward(point.parameters, point.x), {})
    assert not any(array.any() for array in gradients.parameters.values())
    assert not gradients.inputs.any()


@pytest.mark.parametrize("name", ["lstm", "clockwork", "gru-reset-before", "echo", "delay-line"])
def test_a_sequence_can_be_run_in_two_parts(backend: str, name: str) -> None:
    """The second part starts from the final states of the first, at its step."""
    point = random_point(EVERY_CELL[name], backend, steps=7, first_step=2)
    program = point.program()
    whole = program.forward(point.parameters, point.x, start=point.start, first_step=2)
    first = program.forward(point.parameters, point.x[:4], start=point.start, first_step=2)
    second = program.forward(point.parameters, point.x[4:], start=first.final, first_step=6)
    for value in program.value_names:
        np.testing.assert_allclose(np.concatenate([first[value], second[value]]), whole[value], rtol=1e-12)


@pytest.mark.parametrize("name", ["lstm", "clockwork", "gru-reset-before", "echo", "delay-line"])
def test_the_gradient_of_a_start_is_what_the_part_before_must_be_given(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend, steps=7)
    _, whole = point.run()
    program = point.program()
    first = program.forward(point.parameters, point.x[:4], start=point.start)
    second = program.forward(point.parameters, point.x[4:], start=first.final, first_step=4)
    later = program.backward(point.parameters, second, {state: array[4:] for state, array in point.outside.items()})
    outside = {state: array[:4].copy() for state, array in point.outside.items()}
    for state, gradient in later.start.items():
        outside[state][-1] += gradient
    earlier = program.backward(point.parameters, first, outside)
    for parameter, gradient in whole.parameters.items():
        assert error(earlier.parameters[parameter] + later.parameters[parameter], gradient) < 1e-12
    for state, gradient in whole.start.items():
        assert error(earlier.start[state], gradient) < 1e-12


@pytest.mark.parametrize("name", EVERY_CELL)
def test_padding_at_the_end_never_changes_what_comes_before(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend, steps=5)
    program = point.program()
    trace = program.forward(point.parameters, point.x, start=point.start)
    gradients = program.backward(point.parameters, trace, point.outside)
    longer = np.concatenate([point.x, np.full((3, *point.x.shape[1:]), 9.0)])
    padded = program.forward(point.parameters, longer, start=point.start)
    outside = {
        state: np.concatenate([array, np.zeros((3, *array.shape[1:]))]) for state, array in point.outside.items()
    }
    padded_gradients = program.backward(point.parameters, padded, outside)
    for value in program.value_names:
        assert error(padded[value][:5], trace[value]) < 1e-12
    for parameter, gradient in gradients.parameters.items():
        assert error(padded_gradients.parameters[parameter], gradient) < 1e-12
    assert not padded_gradients.inputs[5:].any()
    assert error(padded_gradients.inputs[:5], gradients.inputs) < 1e-12


@pytest.mark.parametrize("name", EVERY_CELL)
def test_a_sequence_does_not_depend_on_its_neighbours_in_the_batch(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend, batch=4)
    program = point.program()
    together = program.forward(point.parameters, point.x, start=point.start)
    start = {state: array[2:3] for state, array in point.start.items()}
    alone = program.forward(point.parameters, point.x[:, 2:3], start=start)
    for value in program.value_names:
        assert error(alone[value], together[value][:, 2:3]) < 1e-12


def test_fixed_parameters_have_no_entry_among_the_gradients_and_the_others_do_not_change(backend: str) -> None:
    free = catalogue()["gru"]
    fixed = Cell.from_equations(free.equations, states=free.states, fixed=["W_zh", "W_nx", "b_r"])
    _, expected = random_point(free, backend).run()
    _, gradients = random_point(fixed, backend).run()
    assert set(expected.parameters) - set(gradients.parameters) == {"W_zh", "W_nx", "b_r"}
    for parameter, gradient in gradients.parameters.items():
        assert error(gradient, expected.parameters[parameter]) < 1e-12
    assert error(gradients.inputs, expected.inputs) < 1e-12
    assert error(gradients.start["h"], expected.start["h"]) < 1e-12


def test_a_parameter_that_no_state_depends_on_has_gradient_zero(backend: str) -> None:
    _, gradients = random_point(EVERY_CELL["unused"], backend).run()
    assert not gradients.parameters["Z"].any()
    assert not gradients.parameters["k"].any()


def test_two_products_with_one_gradient_keep_their_matrices_apart(backend: str) -> None:
    cell = Cell.from_equations("a = W @ h\nb = V @ h\nh = tanh(a + b)", states=["h"])
    point = random_point(cell, backend)
    _, expected = point.oracle()
    _, gradients = point.run()
    for parameter in ("W", "V"):
        assert error(gradients.parameters[parameter], expected.parameters[parameter]) < 1e-12


def test_no_two_gradients_share_their_memory(backend: str) -> None:
    _, gradients = random_point(EVERY_CELL["tied"], backend).run()
    _, summed = random_point(Cell.from_equations("h = tanh(W @ h + V @ h - R @ h)", states=["h"]), backend).run()
    for found in (gradients, summed):
        given = list(found.parameters.values())
        for index, array in enumerate(given):
            assert not any(np.shares_memory(array, other) for other in given[index + 1 :])


@pytest.mark.parametrize("scale", [1e300, np.inf, np.nan])
def test_numbers_that_are_not_finite_pass_through_without_a_warning(backend: str, scale: float) -> None:
    point = random_point(catalogue()["lstm"], backend)
    program = point.program("float32")
    trace = program.forward(point.parameters, point.x * scale, start=point.start)
    gradients = program.backward(point.parameters, trace, {"h": point.outside["h"] * scale})
    assert not np.isfinite(gradients.inputs).all()


def test_a_nan_stays_in_its_sequence(backend: str) -> None:
    point = random_point(catalogue()["gru"], backend)
    point.x[1, 0] = np.nan
    values, gradients = point.run()
    assert np.isnan(values["h"][1:, 0]).all()
    assert np.isfinite(values["h"][:, 1:]).all()
    assert np.isfinite(gradients.inputs[:, 1:]).all()
