"""Programs against the oracle: every value and every gradient, over cells, sizes and types."""

import pytest

from tests.backends.support import EVERY_CELL, disagreements, random_point, sizes_of

# A few made-up cells amplify what rounding leaves.
TOLERANCES = {"float64": 1e-10, "float32": 2e-4}


@pytest.mark.once
@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("name", EVERY_CELL)
def test_a_program_computes_what_the_equations_say_at_every_size(backend: str, name: str, dtype: str) -> None:
    found = {}
    for hidden, batch, steps in sizes_of(backend):
        point = random_point(EVERY_CELL[name], backend, hidden=hidden, batch=batch, steps=steps, first_step=3)
        found[hidden, batch, steps] = disagreements(point, dtype, TOLERANCES[dtype])
    assert not {size: wrong for size, wrong in found.items() if wrong}
