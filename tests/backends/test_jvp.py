"""Jacobian-vector products of a step: against finite differences, against reverse mode, and what is refused."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.backends.made_up_cells import made_up_cells
from tests.backends.support import EVERY_CELL, Point, error, examples, random_point
from workbench.backends import BackendError
from workbench.cells import Cell, catalogue
from workbench.cells.oracle import Oracle

# Tangents are computed alike for all backends; compiling made-up cells for them would show nothing new.
ON_NUMPY = pytest.mark.parametrize("backend", ["numpy"])

STEPS, BATCH, INPUTS, HIDDEN = 4, 3, 3, 5
DIFFERENCE = 1e-6
POINTS = 20
CELLS = st.one_of(made_up_cells(), made_up_cells(plain_input=True))

Array = NDArray[Any]
Arrays = Mapping[str, Array]

every_cell = pytest.mark.parametrize("name", EVERY_CELL)


def traced(point: Point, dtype: str = "float64", x: Array | None = None) -> tuple[Any, Any]:
    program = point.program(dtype)
    x = point.x if x is None else x
    return program, program.forward(point.parameters, x, start=point.start, first_step=point.first_step)


def directions(point: Point, *leading: int, seed: int = 0) -> Arrays:
    """A random tangent of every state: (*leading, B, H)."""
    random = np.random.default_rng(seed)
    return {state: random.standard_normal((*leading, *array.shape)) for state, array in point.start.items()}


def moved(arrays: Arrays, direction: Arrays, distance: float) -> Arrays:
    return {name: array + distance * direction[name] for name, array in arrays.items()}


def measured(point: Point, tangents: Arrays, of_x: Array) -> Arrays | None:
    """The states' motion along a direction by central differences; None where a kink lies between."""
    here = Oracle(point.cell, point.parameters, point.x, point.start, point.first_step)
    ahead, behind = (
        Oracle(
            point.cell,
            point.parameters,
            point.x + distance * of_x,
            moved(point.start, tangents, distance),
            point.first_step,
            hold=here,
        )
        for distance in (DIFFERENCE, -DIFFERENCE)
    )
    if ahead.branches != behind.branches:
        return None
    return {state: (ahead.values[state] - behind.values[state]) / (2 * DIFFERENCE) for state in point.cell.states}


def single_steps(point: Point) -> list[Point]:
    """Each step of a point as a point of its own, started from where the step before ended."""
    values = Oracle(point.cell, point.parameters, point.x, point.start, point.first_step).values
    before = {state: np.concatenate([array[None], values[state]]) for state, array in point.start.items()}
    return [
        Point(
            point.cell,
            point.backend,
            point.parameters,
            point.x[t : t + 1],
            {state: array[t] for state, array in before.items()},
            {state: array[t : t + 1] for state, array in point.outside.items()},
            point.first_step + t,
        )
        for t in range(len(point.x))
    ]


@every_cell
def test_every_step_moves_as_finite_differences_say(backend: str, name: str) -> None:
    for seed in range(POINTS):
        point = random_point(EVERY_CELL[name], backend, seed=seed, first_step=2)
        tangents, of_x = directions(point, STEPS), np.random.default_rng(1).standard_normal(point.x.shape)
        expected = [
            measured(step, {state: array[t] for state, array in tangents.items()}, of_x[t])
            for t, step in enumerate(single_steps(point))
        ]
        found = None not in expected
        if found:
            break
    assert found, "every point sits on a kink"
    program, trace = traced(point)
    result = program.jvp(trace, tangents, of_x)
    assert set(result) == set(point.cell.states)
    for state, array in result.items():
        assert error(array, np.concatenate([step[state] for step in expected if step])) < 1e-7, state


@every_cell
def test_forward_mode_is_the_transpose_of_reverse_mode(backend: str, name: str) -> None:
    assert_transposed(random_point(EVERY_CELL[name], backend, steps=1))


def assert_transposed(point: Point) -> None:
    """<J v, w> = <v, J^T w>, for a sequence of one step."""
    program, trace = traced(point)
    tangents, of_x = directions(point), np.random.default_rng(1).standard_normal(point.x.shape)
    gradients = program.backward(point.parameters, trace, point.outside)
    pulled = [tangents[state] * gradients.start[state] for state in point.cell.states] + [of_x * gradients.inputs]
    pushed = [array * point.outside[state] for state, array in program.jvp(trace, tangents, of_x).items()]
    scale = sum(float(np.abs(term).sum()) for term in [*pulled, *pushed])
    assert abs(sum(term.sum() for term in pushed) - sum(term.sum() for term in pulled)) <= 1e-12 * max(scale, 1.0)


@every_cell
def test_a_chain_of_steps_moves_as_the_whole_sequence_does(backend: str, name: str) -> None:
    for seed in range(POINTS):
        point = random_point(EVERY_CELL[name], backend, seed=seed)
        tangents = directions(point)
        expected = measured(point, tangents, np.zeros_like(point.x))
        if expected is not None:
            break
    assert expected is not None, "every point sits on a kink"
    program, trace = traced(point)
    for t in range(STEPS):
        tangents = {state: array[t] for state, array in program.jvp(trace, tangents).items()}
        for state, array in tangents.items():
            assert error(array, expected[state][t]) < 1e-6, (state, t)


@every_cell
def test_many_directions_at_once_are_each_by_itself(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend)
    program, trace = traced(point)
    tangents, of_x = directions(point, 2, 3, STEPS), np.random.default_rng(1).standard_normal((2, 3, *point.x.shape))
    together = program.jvp(trace, tangents, of_x)
    for i, j in np.ndindex(2, 3):
        alone = program.jvp(trace, {state: array[i, j] for state, array in tangents.items()}, of_x[i, j])
        for state, array in alone.items():
            assert together[state].shape == (2, 3, STEPS, BATCH, HIDDEN)
            assert error(together[state][i, j], array) < 1e-13


@every_cell
def test_float32_agrees_with_float64(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend)
    tangents = directions(point, STEPS)
    (exact, exact_trace), (program, trace) = traced(point), traced(point, "float32")
    expected = exact.jvp(exact_trace, tangents)
    for state, array in program.jvp(trace, tangents).items():
        assert array.dtype == "float32"
        assert error(array, expected[state]) < 1e-4


@ON_NUMPY
def test_tangents_add_up_as_the_directions_do(backend: str) -> None:
    @examples(backend, 60)
    @given(cell=CELLS, a=st.floats(-3, 3), b=st.floats(-3, 3))
    def add_up(cell: Cell, a: float, b: float) -> None:
        point = random_point(cell, backend)
        program, trace = traced(point)
        one, other = directions(point, STEPS), directions(point, STEPS, seed=1)
        sum_ = {state: a * one[state] + b * other[state] for state in one}
        first, second, together = (program.jvp(trace, tangents) for tangents in (one, other, sum_))
        for state, array in together.items():
            assert np.isfinite(array).all()
            scale = 1.0 + float(np.abs(first[state]).max()) + float(np.abs(second[state]).max())
            assert np.abs(array - a * first[state] - b * second[state]).max() <= 1e-12 * scale, cell.equations

    add_up()


@ON_NUMPY
def test_forward_mode_of_made_up_cells_is_the_transpose_of_reverse_mode(backend: str) -> None:
    @examples(backend, 60)
    @given(cell=CELLS)
    def are_transposed(cell: Cell) -> None:
        point = random_point(cell, backend, steps=1)
        assume(all(np.isfinite(values).all() for values in point.oracle()[0].values.values()))
        assert_transposed(point)

    are_transposed()


@pytest.fixture
def lstm(backend: str) -> tuple[Point, Any, Any]:
    """T = 4, B = 3, D = 3, H = 5; the program and its trace."""
    point = random_point(catalogue()["lstm"], backend)
    return point, *traced(point)


def test_the_tangent_of_an_elman_step_is_its_textbook_formula(backend: str) -> None:
    # s_t = tanh(W s_{t-1} + ...): J v = (1 - s_t^2) * (W v)
    point = random_point(catalogue()["elman"], backend)
    program, trace = traced(point)
    (tangent,) = directions(point, STEPS).values()
    expected = (1 - trace["s"] ** 2) * (tangent @ point.parameters["W_ss"].T)
    assert error(program.jvp(trace, {"s": tangent})["s"], expected) < 1e-14


def test_a_state_left_out_does_not_move(lstm: tuple[Point, Any, Any]) -> None:
    point, program, trace = lstm
    tangent = directions(point, STEPS)["h"]
    expected = program.jvp(trace, {"h": tangent, "c": np.zeros_like(tangent)})
    for state, array in program.jvp(trace, {"h": tangent}).items():
        np.testing.assert_array_equal(array, expected[state])


def test_nothing_moves_where_no_direction_is_given(lstm: tuple[Point, Any, Any]) -> None:
    _, program, trace = lstm
    for array in program.jvp(trace, {}).values():
        np.testing.assert_array_equal(array, np.zeros((STEPS, BATCH, HIDDEN)))


def test_the_input_alone_moves_the_states(lstm: tuple[Point, Any, Any]) -> None:
    point, program, trace = lstm
    of_x = np.random.default_rng(0).standard_normal(point.x.shape)
    expected = program.jvp(trace, directions(point, STEPS), of_x)
    without = program.jvp(trace, directions(point, STEPS))
    for state, array in program.jvp(trace, {}, of_x).items():
        assert error(array, expected[state] - without[state]) < 1e-13


def test_a_direction_without_time_is_that_of_every_step(lstm: tuple[Point, Any, Any]) -> None:
    point, program, trace = lstm
    tangents, of_x = directions(point), np.ones((BATCH, INPUTS))
    repeated = {state: np.stack([array] * STEPS) for state, array in tangents.items()}
    expected = program.jvp(trace, repeated, np.ones(point.x.shape))
    for state, array in program.jvp(trace, tangents, of_x).items():
        assert error(array, expected[state]) < 1e-14


def test_one_direction_goes_with_each_of_many(lstm: tuple[Point, Any, Any]) -> None:
    point, program, trace = lstm
    many, one = directions(point, 7, STEPS)["h"], directions(point)["c"]
    expected = program.jvp(trace, {"h": many, "c": np.broadcast_to(one, many.shape)})
    for state, array in program.jvp(trace, {"h": many, "c": one}).items():
        assert error(array, expected[state]) < 1e-14


def test_the_unit_vectors_give_the_jacobian_of_every_step(lstm: tuple[Point, Any, Any]) -> None:
    point, program, trace = lstm
    units = np.broadcast_to(np.eye(HIDDEN)[:, None, None], (HIDDEN, STEPS, BATCH, HIDDEN))
    columns = program.jvp(trace, {"c": units})["c"]
    tangent = directions(point, STEPS)["c"]
    expected = np.einsum("jtbi,tbj->tbi", columns, tangent)
    assert error(program.jvp(trace, {"c": tangent})["c"], expected) < 1e-13


@pytest.mark.parametrize("name", ["plain-swap", "swap", "delay-line", "memoryless", "constant-states"])
def test_results_are_arrays_of_their_own(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend)
    program, trace = traced(point)
    tangents = directions(point, STEPS)
    kept = {state: array.copy() for state, array in tangents.items()}
    expected = program.jvp(trace, tangents)
    result = program.jvp(trace, tangents)
    for state, array in result.items():
        np.testing.assert_array_equal(array, expected[state])
        array[...] = 9.0
    for state, array in tangents.items():
        np.testing.assert_array_equal(array, kept[state])


@every_cell
def test_a_trace_is_left_as_it_was(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend)
    program, trace = traced(point)
    before = {value: trace[value].copy() for value in program.value_names}
    expected = program.backward(point.parameters, trace, point.outside)
    program.jvp(trace, directions(point, 2, STEPS))
    gradients = program.backward(point.parameters, trace, point.outside)
    for value, array in before.items():
        np.testing.assert_array_equal(trace[value], array)
    for parameter, array in expected.parameters.items():
        np.testing.assert_array_equal(gradients.parameters[parameter], array)


def test_the_parameters_of_the_forward_pass_count(backend: str) -> None:
    point = random_point(catalogue()["gru"], backend)
    parameters = {name: array.copy() for name, array in point.parameters.items()}
    program = point.program()
    trace = program.forward(parameters, point.x, start=point.start)
    expected = program.jvp(trace, directions(point))["h"]
    for array in parameters.values():
        array[...] = 0.0
    np.testing.assert_array_equal(program.jvp(trace, directions(point))["h"], expected)


@pytest.mark.parametrize("name", [name for name, cell in EVERY_CELL.items() if not cell.roles.plain_input])
def test_indices_give_what_the_dense_input_gives(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend, inputs=6)
    inputs = point.sizes["inputs"]
    indices = np.random.default_rng(0).integers(0, inputs, (STEPS, BATCH))
    program, dense = traced(point, x=np.eye(inputs)[indices])
    other, sparse = traced(point, x=indices)
    expected = program.jvp(dense, directions(point, 2, STEPS))
    for state, array in other.jvp(sparse, directions(point, 2, STEPS)).items():
        assert error(array, expected[state]) < 1e-12


def test_indices_have_no_tangent(backend: str) -> None:
    program, trace = traced(random_point(catalogue()["lstm"], backend), x=np.zeros((STEPS, BATCH), int))
    with pytest.raises(BackendError, match="x was given as indices, which have no tangent"):
        program.jvp(trace, {}, np.zeros((STEPS, BATCH, INPUTS)))


SHAPES = r"\(3, 5\), \(4, 3, 5\) or \(..., 4, 3, 5\)"


@pytest.mark.parametrize(
    ("states", "wrong"),
    [
        ({"f": np.zeros((3, 5))}, "the tangent names 'f', which is no state; there are h, c"),
        ({"x": np.zeros((3, 5))}, "the tangent names 'x', which is no state; there are h, c"),
        ({"h": np.zeros(5)}, rf"the tangent of h has shape {SHAPES}; this one has \(5,\)"),
        ({"h": 1.0}, r"this one has \(\)"),
        ({"h": np.zeros((3, 4))}, r"this one has \(3, 4\)"),
        ({"c": np.zeros((2, 3, 5))}, rf"the tangent of c has shape {SHAPES}; this one has \(2, 3, 5\)"),
        ({"c": np.zeros((4, 2, 3, 5))}, r"this one has \(4, 2, 3, 5\)"),
        ({"h": np.zeros((3, 5), complex)}, "the tangent of h holds real numbers; this one holds complex128"),
        ({"h": np.full((3, 5), "a")}, "the tangent of h holds real numbers; this one holds <U1"),
        (
            {"h": np.zeros((2, 4, 3, 5)), "c": np.zeros((6, 4, 3, 5))},
            r"the same axes before \(T, B, H\); that of h has \(2,\), that of c \(6,\)",
        ),
    ],
)
def test_a_direction_that_does_not_fit_is_refused(
    lstm: tuple[Point, Any, Any], states: dict[str, Any], wrong: str
) -> None:
    _, program, trace = lstm
    with pytest.raises(BackendError, match=wrong):
        program.jvp(trace, states)


def test_a_direction_of_the_input_that_does_not_fit_is_refused(lstm: tuple[Point, Any, Any]) -> None:
    _, program, trace = lstm
    with pytest.raises(BackendError, match=r"the tangent of x has shape \(3, 3\), .* this one has \(4, 3, 5\)"):
        program.jvp(trace, {}, np.zeros((4, 3, 5)))
    with pytest.raises(BackendError, match=r"that of h has \(2,\), that of x \(7,\)"):
        program.jvp(trace, {"h": np.zeros((2, 4, 3, 5))}, np.zeros((7, 4, 3, 3)))


def test_a_consumed_trace_is_refused(lstm: tuple[Point, Any, Any]) -> None:
    point, program, trace = lstm
    program.backward(point.parameters, trace, point.outside, consume=True)
    with pytest.raises(BackendError, match="this trace was consumed"):
        program.jvp(trace, directions(point))


def test_the_trace_of_another_program_is_refused(backend: str) -> None:
    point = random_point(catalogue()["elman"], backend)
    (program, _), (_, trace) = traced(point), traced(point)
    with pytest.raises(BackendError, match="this trace was made by another program; run jvp on the program"):
        program.jvp(trace, directions(point))
