"""The oracle against finite differences, against a step worked out by hand, and against the rules for kinks."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.cells.support import one_line
from tests.cells.typed import TYPED
from workbench.cells import Cell, catalogue
from workbench.cells.oracle import Oracle, OracleGradients

Array = NDArray[np.float64]
EVERY_CELL = {**catalogue(), **TYPED}
STEPS, BATCH, HIDDEN, FIRST_STEP = 3, 2, 3, 2


class Point:
    """Everything that the outputs of a cell depend on, drawn at random, and a random weight for each output."""

    def __init__(self, cell: Cell) -> None:
        random = np.random.default_rng(4)
        inputs = HIDDEN if cell.roles.plain_input or cell.roles.input_sized else 2
        drawn = cell.initial_parameters(inputs, HIDDEN, seed=4, length=10, dtype="float64")
        self.cell = cell
        self.parameters = {name: value + 0.3 * random.standard_normal(value.shape) for name, value in drawn.items()}
        self.x = random.standard_normal((STEPS, BATCH, inputs))
        self.start = {state: 0.5 * random.standard_normal((BATCH, HIDDEN)) for state in cell.states}
        self.weights = {state: random.standard_normal((STEPS, BATCH, HIDDEN)) for state in cell.states}

    def run(self) -> Oracle:
        return Oracle(self.cell, self.parameters, self.x, self.start, FIRST_STEP)

    def loss(self) -> float:
        values = self.run().values
        return float(sum(np.vdot(values[state], weight) for state, weight in self.weights.items()))

    def gradients(self) -> OracleGradients:
        return self.run().backward(self.weights)


def finite_differences(loss: Callable[[], float], array: Array, distance: float = 1e-5) -> Array:
    """The derivative by every element of an array that the loss reads, by central differences of fourth order."""
    slopes = np.zeros_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        values = []
        for steps in (2, 1, -1, -2):
            array[place] = kept + steps * distance
            values.append(loss())
        array[place] = kept
        slopes[place] = np.dot(values, [-1, 8, -8, 1]) / (12 * distance)
    return slopes


@pytest.mark.parametrize("name", EVERY_CELL)
def test_every_gradient_agrees_with_finite_differences(name: str) -> None:
    point = Point(EVERY_CELL[name])
    gradients = point.gradients()
    learnt = {name: array for name, array in point.parameters.items() if name not in point.cell.fixed}
    assert set(gradients.parameters) == set(learnt)
    pairs = [(array, gradients.parameters[name]) for name, array in learnt.items()]
    pairs += [(array, gradients.start[state]) for state, array in point.start.items()]
    for array, gradient in [*pairs, (point.x, gradients.inputs)]:
        np.testing.assert_allclose(gradient, finite_differences(point.loss, array), rtol=1e-7, atol=1e-8)


def after_the_first_step(point: Point) -> OracleGradients:
    """The gradients of all but the first step, which start from the states that the first one left."""
    values = point.run().values
    start = {state: values[state][0] for state in point.cell.states}
    later = Oracle(point.cell, point.parameters, point.x[1:], start, FIRST_STEP + 1)
    return later.backward({state: weight[1:] for state, weight in point.weights.items()})


def test_the_gradient_of_a_state_is_what_it_gets_from_outside_and_from_the_steps_that_follow() -> None:
    point = Point(TYPED["alias-through-a-name"])
    whole, later = point.gradients(), after_the_first_step(point)
    np.testing.assert_allclose(whole.states["h"][0], point.weights["h"][0] + later.start["h"], rtol=1e-12)
    np.testing.assert_allclose(whole.states["h"][1:], later.states["h"], rtol=1e-12)


def test_the_gradient_of_a_state_counts_the_paths_through_the_same_step_too() -> None:
    point = Point(catalogue()["lstm"])
    whole, later = point.gradients(), after_the_first_step(point)
    values = point.run().values
    through_h = whole.states["h"][0] * values["o"][0] * (1 - np.tanh(values["c"][0]) ** 2)
    expected = point.weights["c"][0] + later.start["c"] + through_h
    np.testing.assert_allclose(whole.states["c"][0], expected, rtol=1e-12)


def test_an_elman_step_worked_out_by_hand() -> None:
    # s1 = tanh(0.5 * 1 + 0.25 * 2), s2 = tanh(0.5 * s1 - 0.25); L = s2
    cell = one_line("tanh(W @ h + U @ x)")
    parameters = {"W": np.array([[0.5]]), "U": np.array([[0.25]])}
    oracle = Oracle(cell, parameters, np.array([[[2.0]], [[-1.0]]]), {"h": np.array([[1.0]])})
    first = np.tanh(1.0)
    second = np.tanh(0.5 * first - 0.25)
    assert oracle.values["h"].ravel().tolist() == [first, second]
    gradients = oracle.backward({"h": np.array([[[0.0]], [[1.0]]])})
    slope_2, slope_1 = 1 - second**2, 0.5 * (1 - second**2) * (1 - first**2)
    np.testing.assert_allclose(gradients.parameters["W"], [[slope_2 * first + slope_1]], rtol=1e-15)
    np.testing.assert_allclose(gradients.parameters["U"], [[slope_2 * -1 + slope_1 * 2]], rtol=1e-15)
    np.testing.assert_allclose(gradients.states["h"].ravel(), [0.5 * slope_2, 1], rtol=1e-15)
    np.testing.assert_allclose(gradients.inputs.ravel(), [0.25 * slope_1, 0.25 * slope_2], rtol=1e-15)
    np.testing.assert_allclose(gradients.start["h"], [[0.5 * slope_1]], rtol=1e-15)


@pytest.mark.parametrize(
    ("expression", "slope"),
    [
        ("relu(h)", 0.0),
        ("abs(h)", 0.0),
        ("maximum(h, 0)", 0.5),
        ("minimum(h, 0)", 0.5),
        ("maximum(0, h)", 0.5),
        ("maximum(h, h)", 1.0),
        ("minimum(2 * h, h)", 1.5),
        ("mod(h + 0.5, 2)", 0.0),
        ("mod(3, h + 2)", 0.0),
        ("floor(h + 0.5)", 0.0),
        ("where(h < 1, 3 * h, h)", 3.0),
        ("where(h > 1, 3 * h, h)", 1.0),
        ("where(h == 0, 3 * h, h)", 3.0),
        ("where(h < 1, 1, 2)", 0.0),
        ("sqrt(1 + h)", 0.5),
        ("log(1 + h)", 1.0),
        ("softplus(h)", 0.5),
        ("1 / (1 - h)", 1.0),
    ],
)
def test_the_slope_at_zero_is_the_one_the_language_names(expression: str, slope: float) -> None:
    zero = {"h": np.zeros((1, 1))}
    gradients = Oracle(one_line(expression), {}, np.zeros((1, 1, 1)), zero).backward({"h": np.ones((1, 1, 1))})
    assert gradients.start["h"].item() == slope


def test_both_sides_of_a_where_may_be_undefined_where_they_are_not_taken() -> None:
    cell = one_line("where(h > 0, log(maximum(h, 0.1)), h)")
    start = {"h": np.array([[-1.0, 2.0]])}
    gradients = Oracle(cell, {}, np.zeros((1, 1, 2)), start).backward({"h": np.ones((1, 1, 2))})
    assert gradients.start["h"].tolist() == [[1.0, 0.5]]


def test_fixed_parameters_have_no_entry_among_the_gradients() -> None:
    cell = Cell.from_equations("h = tanh(W @ h + U @ x + b)", states=["h"], fixed=["W", "b"])
    assert set(Point(cell).gradients().parameters) == {"U"}


def test_states_that_get_no_gradient_from_outside_still_pass_it_on() -> None:
    point = Point(catalogue()["lstm"])
    point.weights = {"h": point.weights["h"]}
    assert np.abs(point.gradients().states["c"]).min() > 0
