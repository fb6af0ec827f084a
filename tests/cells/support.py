"""Short ways to the cells and errors of these tests."""

import pytest

from workbench.cells import Cell, CellError


def one_line(expression: str) -> Cell:
    """A cell whose only state ``h`` is this expression."""
    return Cell.from_equations(f"h = {expression}", states=["h"])


def refusal(equations: str, *states: str) -> CellError:
    """The error of equations that are no cell; their only state is ``h`` unless told."""
    with pytest.raises(CellError) as caught:
        Cell.from_equations(equations, states=states or ("h",))
    return caught.value
