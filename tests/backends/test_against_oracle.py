"""Programs against the oracle: every value and every gradient, over cells, sizes and types."""

import pytest

from tests.backends.support import EVERY_CELL, SIZES, assert_agrees_with_oracle, random_point


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 1e-4)], ids=["float64", "float32"])
@pytest.mark.parametrize(("hidden", "batch", "steps"), SIZES, ids=str)
@pytest.mark.parametrize("name", EVERY_CELL)
def test_a_program_computes_what_the_equations_say(
    backend: str, name: str, hidden: int, batch: int, steps: int, dtype: str, tolerance: float
) -> None:
    point = random_point(EVERY_CELL[name], backend, hidden=hidden, batch=batch, steps=steps, first_step=3)
    assert_agrees_with_oracle(point, dtype, tolerance)
