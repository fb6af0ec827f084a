"""What is no cell: the line, the column, what is wrong and what to write instead."""

import pytest

from tests.cells.support import one_line, refusal
from workbench.cells import Cell, CellError

# equations, line, column, what is wrong, the way out
WRONG = [
    # functions
    ("h = tahn(x)", 1, 5, "unknown function 'tahn'", "did you mean tanh?"),
    ("h = W(x)", 1, 5, "unknown function 'W'", "there are abs, cos, exp, floor"),
    ("h = tanh(x, x)", 1, 5, "tanh takes 1 argument, here it has 2", ""),
    ("h = maximum(x)", 1, 5, "maximum takes 2 arguments, here it has 1", ""),
    ("h = where(x > 0, x)", 1, 5, "where takes 3 arguments", ""),
    ("h = tanh()", 1, 5, "tanh takes 1 argument, here it has 0", ""),
    ("h = tanh(a=x)", 1, 5, "'tanh(a=x)' is not a call", ""),
    ("h = tanh + x", 1, 5, "'tanh' is a function", "write tanh(...)"),
    # names
    ("h = tanh(W @ h + W)", 1, 18, "'W' is used as a matrix and as a vector", "another name"),
    ("h = tanh(W * x + W @ h)", 1, 18, "'W' is used as a matrix and as a vector", "another name"),
    ("h = tanh(a)\na = x", 1, 10, "'a' is used before its line (2)", "move that line up, or make it a state"),
    ("a = tanh(a)\nh = a", 1, 10, "'a' is used before its line (1)", "make it a state"),
    ("a = x\na = tanh(a)\nh = a", 2, 1, "'a' is assigned again (first on line 1)", "use a new name"),
    ("x = tanh(h)\nh = x", 1, 1, "'x' is the input", "choose another name"),
    ("h = x\nt = h", 2, 1, "'t' is the step's index", "choose another name"),
    ("h = x\nsigmoid = h", 2, 1, "'sigmoid' is a function", "choose another name"),
    ("h = _a * x", 1, 5, "'_a' is not a name", "a name starts with a letter"),
    # products
    ("h = W @ r * h", 1, 5, "can be read in two ways", "write W @ (r * h) or (W @ r) * h"),
    ("h = 2 * W @ h", 1, 5, "can be read in two ways", "write 2 * (W @ h) or (2 * W) @ h"),
    ("h = W @ V @ h", 1, 5, "can be read in two ways", "write W @ (V @ h) or (W @ V) @ h"),
    ("h = W @ h / 2", 1, 5, "can be read in two ways", "write W @ (h / 2) or (W @ h) / 2"),
    ("h = b + r * W @ h", 1, 9, "can be read in two ways", "write r * (W @ h) or (r * W) @ h"),
    ("h = x @ h", 1, 5, "left of @ stands a parameter's name; 'x' is a value", "write x * ..."),
    ("h = tanh(h @ x)", 1, 10, "left of @ stands a parameter's name; 'h' is a value", "write h * ..."),
    ("a = x\nh = a @ x", 2, 5, "left of @ stands a parameter's name; 'a' is a value", "write a * ..."),
    ("h = exp @ x", 1, 5, "'exp' is a function", "left of @ stands a parameter's name"),
    ("h = (2 * W) @ h", 1, 6, "left of @ stands a parameter's name", "a * (W @ h)"),
    ("h = (W @ V) @ h", 1, 6, "left of @ stands a parameter's name", "a * (W @ h)"),
    ("h = -W @ h", 1, 5, "the minus belongs to the product", "write -(W @ ...)"),
    ("h = W.T", 1, 5, "'W.T' stands alone", "as in W.T @ h"),
    ("h = W @ h.T", 1, 9, "'h.T' stands alone", "as in W.T @ h"),
    ("h = W.T.T @ h", 1, 5, "left of @ stands a parameter's name", "W or W.T"),
    # comparisons
    ("h = x < 1", 1, 5, "a comparison stands only as the first argument of where", "where(condition, a, b)"),
    ("h = where(x, h, 0)", 1, 11, "the first argument of where is one comparison", "where(t < 5, a, b)"),
    ("h = where(0 < x < 1, h, 0)", 1, 11, "the first argument of where is one comparison", "where(t < 5, a, b)"),
    ("h = where(x > 0 and h > 0, h, 0)", 1, 11, "the first argument of where is one comparison", ""),
    ("h = where(x > 0, x > 1, 0)", 1, 18, "a comparison stands only as the first argument of where", ""),
    # operators and numbers
    ("h = x ** 2", 1, 5, "'x ** 2' uses an operator the language does not have", "multiply (a * a)"),
    ("h = x % 2", 1, 5, "'x % 2' uses an operator the language does not have", "use + - * / or @"),
    ("h = not x", 1, 5, "'not x' is not part of the language", ""),
    ("h = 'x'", 1, 5, "is not a number", ""),
    ("h = True", 1, 5, "'True' is not a number", ""),
    ("h = 2j * x", 1, 5, "'2j' is not a number", ""),
    ("h = 1e400 * x", 1, 5, "'1e400' is too large", "up to 1e30"),
    ("h = 1.1e30 * x", 1, 5, "'1.1e30' is too large", "up to 1e30"),
    # lines
    ("tanh(W @ h)", 1, 1, "every line assigns one name", "write NAME = EXPRESSION"),
    ("h += x", 1, 1, "every line assigns one name", "write NAME = EXPRESSION"),
    ("h = c = x", 1, 1, "every line assigns one name", "write NAME = EXPRESSION"),
    ("h, c = x", 1, 1, "'h, c' cannot be assigned", "one plain name"),
    ("h[0] = x", 1, 1, "'h[0]' cannot be assigned", "one plain name"),
    ("h = x; c = x", 1, 8, "a second statement stands on this line", "one assignment a line"),
    ("h = tanh(x", 1, 9, "a bracket has no partner", ""),
    ("h = tanh(x))", 1, 12, "a bracket has no partner", ""),
    ("h = tanh(x) + ", 1, 14, "this cannot be read", "write NAME = EXPRESSION"),
    ("h = = x", 1, 5, "this cannot be read", "write NAME = EXPRESSION"),
    ("lambda = x", 1, 8, "this cannot be read", "write NAME = EXPRESSION"),
    ("a = x\n\n    h = tanh(a, a)  # indented", 3, 9, "tanh takes 1 argument", ""),
    # characters
    ("h = tanh(х)", 1, 10, "CYRILLIC SMALL LETTER HA", "looks like 'x': write that"),
    ("h = x − b", 1, 7, "MINUS SIGN", "looks like '-': write that"),
    ("h = σ(x)", 1, 5, "GREEK SMALL LETTER SIGMA", "looks like 'sigmoid': write that"),
    ("h = x²", 1, 6, "SUPERSCRIPT TWO", "use plain letters"),
    ("h = ｘ", 1, 5, "FULLWIDTH LATIN SMALL LETTER X", "use plain letters"),
    ("a = x\nh = a\u00a0+ x", 2, 6, "NO-BREAK SPACE", "use plain letters"),
]


@pytest.mark.parametrize(("equations", "line", "column", "wrong", "way_out"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_line_is_refused_with_its_place_and_a_way_out(
    equations: str, line: int, column: int, wrong: str, way_out: str
) -> None:
    error = refusal(equations)
    assert (error.line, error.column) == (line, column), str(error)
    assert wrong in error.message
    assert way_out in error.message
    assert str(error) == f"equations, line {line}, column {column}: {error.message}"


@pytest.mark.parametrize("equations", ["", "\n\n", "   ", "# nothing but words", "#\n\n# h = x"])
def test_equations_without_an_assignment_are_refused_with_an_example(equations: str) -> None:
    assert "there are no equations; write one assignment a line, such as h = tanh(" in str(refusal(equations))


def test_a_state_that_is_never_assigned_is_named() -> None:
    message = str(refusal("h = tanh(x)", "h", "c"))
    assert "the state 'c' is never assigned; add a line c = ... or take it out of states" in message


def test_a_state_that_is_nearly_assigned_is_recognised() -> None:
    assert "did you mean 'memory1'?" in str(refusal("h = x\nmemory1 = x", "h", "memory"))


@pytest.mark.parametrize(
    ("states", "message"),
    [
        ((), "a cell needs at least one state"),
        (("h", "h"), "a state is listed twice"),
        (("h", "x"), "a state cannot be called 'x'"),
        (("h", "t"), "a state cannot be called 't'"),
        (("h", "tanh"), "a state cannot be called 'tanh'"),
        (("h", "2c"), "'2c' is not a name"),
        (("h", "ħ"), "'ħ' is not a name"),
        (("h", "_c"), "'_c' is not a name"),
        (("h", ""), "'' is not a name"),
    ],
)
def test_states_are_plain_names_of_their_own(states: tuple[str, ...], message: str) -> None:
    with pytest.raises(CellError, match=message):
        Cell.from_equations("h = tanh(x)", states=states)


@pytest.mark.parametrize(
    ("expression", "inputs", "hidden", "column", "message"),
    [
        ("tanh(W @ h) + x", 3, 5, 19, "x stands outside a product, which needs as many inputs as units"),
        ("W @ (2 * x)", 3, 5, 14, "x stands outside a product"),
        ("W @ x + W @ h", 3, 5, 13, "W multiplies x and a value of 5 units, or x transposed"),
        ("W.T @ x", 3, 5, 5, "W multiplies x and a value of 5 units, or x transposed"),
    ],
)
def test_sizes_that_do_not_fit_are_refused_where_they_are_known(
    expression: str, inputs: int, hidden: int, column: int, message: str
) -> None:
    cell = one_line(expression)
    assert cell.shapes(hidden, hidden)
    with pytest.raises(CellError, match=message) as caught:
        cell.shapes(inputs, hidden)
    assert (caught.value.line, caught.value.column) == (1, column)
    assert f"here inputs = {inputs} and hidden = {hidden}" in str(caught.value)
    assert "make the sizes equal" in str(caught.value)


@pytest.mark.parametrize(("inputs", "hidden"), [(0, 4), (3, 0), (-1, 4)])
def test_sizes_are_at_least_one(inputs: int, hidden: int) -> None:
    with pytest.raises(CellError, match="inputs and hidden are at least 1"):
        one_line("tanh(U @ x)").shapes(inputs, hidden)


def test_a_fixed_name_that_is_no_parameter_is_refused() -> None:
    with pytest.raises(CellError, match="fixed names 'V', which is no parameter"):
        Cell.from_equations("h = tanh(W @ h)", states=["h"], fixed=["V"])
