"""What the equations mean: names, their roles and shapes, order, operators and numbers."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.cells.support import one_line
from workbench.cells import Cell
from workbench.cells.oracle import Oracle


def evaluate(expression: str, steps: int = 1, **parameters: list[float]) -> NDArray[np.float64]:
    """The value of an expression at each step, H = D = 2, x = (3, -2), h starting at (0.5, 1): (T, 2)."""
    x = np.broadcast_to(np.array([3.0, -2.0]), (steps, 1, 2))
    oracle = Oracle(one_line(expression), parameters, x, {"h": np.array([[0.5, 1.0]])})
    return oracle.values["h"][:, 0]


def test_a_name_left_of_a_product_is_a_matrix_and_any_other_unknown_name_a_vector() -> None:
    cell = one_line("tanh(W @ h + U @ x + p * h + b)")
    assert cell.parameters == ("W", "U", "p", "b")
    assert cell.shapes(inputs=3, hidden=5) == {"W": (5, 5), "U": (5, 3), "p": (5,), "b": (5,)}


def test_the_matrices_that_multiply_values_of_the_units_are_called_recurrent() -> None:
    cell = Cell.from_equations("r = sigmoid(R @ x)\nh = tanh(W @ (r * h) + V.T @ r + U @ x)", states=["h"])
    assert cell.recurrent_matrices == ("W", "V")


def test_a_matrix_that_multiplies_x_first_and_a_state_later_is_recurrent_too() -> None:
    assert one_line("tanh(U @ x + W @ x + W @ h)").recurrent_matrices == ("W",)
    assert one_line("tanh(W.T @ x)").recurrent_matrices == ()


def test_a_matrix_may_be_used_twice_and_is_one_parameter() -> None:
    cell = one_line("tanh(W @ h - W.T @ h + W @ tanh(h))")
    assert cell.parameters == ("W",)


def test_the_transpose_of_a_matrix_that_multiplies_x_needs_as_many_inputs_as_units() -> None:
    assert one_line("tanh(W.T @ x)").shapes(inputs=4, hidden=4) == {"W": (4, 4)}


def test_a_matrix_that_multiplies_x_and_a_state_needs_as_many_inputs_as_units() -> None:
    assert one_line("tanh(W @ x + W @ h)").shapes(inputs=4, hidden=4) == {"W": (4, 4)}


def test_the_names_x_and_t_are_the_input_and_the_index_of_the_step() -> None:
    assert one_line("tanh(x + t)").parameters == ()
    np.testing.assert_array_equal(evaluate("t", steps=3), [[0, 0], [1, 1], [2, 2]])


def test_a_state_means_its_previous_value_until_its_line_and_its_new_value_after() -> None:
    cell = Cell.from_equations("before = c\nc = c + 1\nafter = c\nh = c", states=["h", "c"])
    start = {"h": np.zeros((1, 1)), "c": np.full((1, 1), 10.0)}
    values = Oracle(cell, {}, np.zeros((2, 1, 1)), start).values
    assert values["before"].ravel().tolist() == [10, 11]
    assert values["after"].ravel().tolist() == [11, 12]
    assert values["h"].ravel().tolist() == [11, 12]


def test_states_can_swap_because_each_line_reads_what_stands_above_it() -> None:
    cell = Cell.from_equations("old = a\na = b\nb = old", states=["a", "b"])
    values = Oracle(cell, {}, np.zeros((1, 1, 1)), {"a": np.ones((1, 1)), "b": np.full((1, 1), 2.0)}).values
    assert (values["a"].item(), values["b"].item()) == (2, 1)


def test_the_first_state_is_the_output_whatever_the_order_of_the_lines() -> None:
    cell = Cell.from_equations("c = tanh(U @ x)\nh = c * c", states=["h", "c"])
    assert cell.states == ("h", "c")


def test_blank_lines_comments_and_indentation_mean_nothing() -> None:
    plain = Cell.from_equations("a = tanh(U @ x)\nh = a * h", states=["h"])
    spaced = Cell.from_equations("\n# what it is for\n  a=tanh( U@x )   # squashed\n\n\th = a*h\n", states=["h"])
    assert spaced.assignments == plain.assignments


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("x + h * 2", [4.0, 0.0]),
        ("(x + h) * 2", [7.0, -2.0]),
        ("x - h - 1", [1.5, -4.0]),
        ("x / h / 2", [3.0, -1.0]),
        ("-x * h", [-1.5, 2.0]),
        ("+x", [3.0, -2.0]),
        ("--x", [3.0, -2.0]),
        ("1e-3 * x", [0.003, -0.002]),
        (".5 * x", [1.5, -1.0]),
        ("relu(x)", [3.0, 0.0]),
        ("abs(x)", [3.0, 2.0]),
        ("softplus(0 * x)", [np.log(2.0), np.log(2.0)]),
        ("sigmoid(0 * x)", [0.5, 0.5]),
        ("log(exp(x))", [3.0, -2.0]),
        ("sqrt(x * x)", [3.0, 2.0]),
        ("sin(x) * sin(x) + cos(x) * cos(x)", [1.0, 1.0]),
        ("maximum(x, h)", [3.0, 1.0]),
        ("minimum(x, h)", [0.5, -2.0]),
        ("mod(x, 2)", [1.0, 0.0]),
        ("mod(x, 5)", [3.0, 3.0]),
        ("floor(x / 2 + 0.25)", [1.0, -1.0]),
        ("where(x < 0, 1, h)", [0.5, 1.0]),
        ("where(x >= 3, 1, 0)", [1.0, 0.0]),
        ("where(x == 3, 1, 0)", [1.0, 0.0]),
        ("where(x != 3, 1, 0)", [0.0, 1.0]),
        ("where(x <= -2, 1, 0)", [0.0, 1.0]),
        ("where(h > 0.5, x, 0)", [0.0, -2.0]),
        ("7", [7.0, 7.0]),
    ],
)
def test_operators_functions_and_numbers_mean_what_they_mean_in_mathematics(
    expression: str, expected: list[float]
) -> None:
    np.testing.assert_allclose(evaluate(expression)[0], expected, rtol=1e-14)


def test_norm_takes_mean_and_population_variance_over_the_units_with_epsilon() -> None:
    # x = (3, -2): mean 0.5, population variance 6.25.
    np.testing.assert_allclose(evaluate("norm(x)")[0], np.array([2.5, -2.5]) / np.sqrt(6.25 + 1e-5), rtol=1e-14)


def test_norm_of_one_number_for_all_units_is_zero() -> None:
    np.testing.assert_array_equal(evaluate("norm(3)")[0], [0.0, 0.0])


def test_a_matrix_spreads_a_number_over_its_columns_first() -> None:
    value = Oracle(one_line("W @ 2"), {"W": np.array([[1.0, 2.0], [3.0, 4.0]])}, np.zeros((1, 1, 2)), ZERO).values["h"]
    np.testing.assert_array_equal(value[0, 0], [6.0, 14.0])


def test_mathematics_is_written_for_columns() -> None:
    matrix = np.array([[0.0, 1.0], [2.0, 0.0]])
    x = np.array([[[5.0, 7.0]]])
    assert Oracle(one_line("W @ x"), {"W": matrix}, x, ZERO).values["h"][0, 0].tolist() == [7.0, 10.0]
    assert Oracle(one_line("W.T @ x"), {"W": matrix}, x, ZERO).values["h"][0, 0].tolist() == [14.0, 5.0]


ZERO = {"h": np.zeros((1, 2))}
