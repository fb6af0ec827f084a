"""What a program says it takes is what its passes allocate."""

import pytest

from tests.backends.support import EVERY_CELL, peak_of, random_point
from workbench.backends.numba.threads import VARIABLE

CELLS = ["elman", "gru", "lstm", "layer-norm-lstm", "lru", "slstm", "sru", "mut1", "clockwork"]
# Tables, views and small arrays that no size decides.
CONSTANT = 100_000


@pytest.mark.parametrize("threads", ["1", "2"])
@pytest.mark.parametrize(
    ("hidden", "batch", "steps", "inputs"), [(64, 16, 50, 3), (200, 2, 20, 3), (33, 40, 60, 100), (16, 1, 2000, 2)]
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", CELLS)
def test_the_memory_of_both_passes_is_known_before(
    name: str,
    dtype: str,
    hidden: int,
    batch: int,
    steps: int,
    inputs: int,
    threads: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(VARIABLE, threads)
    point = random_point(EVERY_CELL[name], "numba", hidden=hidden, batch=batch, steps=steps, inputs=inputs)
    program = point.program(dtype)
    parameters = {parameter: array.astype(dtype) for parameter, array in point.parameters.items()}
    x, outside = point.x.astype(dtype), {state: array.astype(dtype) for state, array in point.outside.items()}

    def both_passes() -> None:
        program.backward(parameters, program.forward(parameters, x), outside, consume=True)

    both_passes()  # what is loaded once is no part of it
    said, taken = program.memory(steps, batch), peak_of(both_passes)
    assert abs(said - taken) <= 0.1 * taken + CONSTANT, (said, taken)
