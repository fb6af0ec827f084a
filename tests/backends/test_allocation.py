"""Memory: known before anything is allocated, and nothing is allocated inside the time loop."""

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, ON_HOST, peak_of, random_point
from workbench.cells import catalogue

CELLS = ["elman", "gated", "gru", "gru-reset-before", "lstm", "lstm-peephole", "layer-norm-lstm", "clockwork"]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", CELLS)
def test_a_step_allocates_nothing_when_the_buffers_are_there(backend: str, name: str, dtype: str) -> None:
    """One row of a state, (B, H), is the largest thing here: a pass that never holds one more makes none."""
    point = random_point(EVERY_CELL[name], backend, hidden=20, batch=2500, steps=3)
    program = point.program(dtype)
    parameters = {parameter: array.astype(dtype) for parameter, array in point.parameters.items()}
    x, outside = point.x.astype(dtype), {state: array.astype(dtype) for state, array in point.outside.items()}
    traces = [program.forward(parameters, x)]
    for _ in range(2):  # the first time fills what every later call finds
        program.backward(parameters, traces[-1], outside, consume=True)
        traces.append(program.forward(parameters, x, reuse=traces[-1]))
    row = 2500 * 20 * np.dtype(dtype).itemsize
    if backend == ON_HOST:
        row *= 2  # in the card's place, NumPy makes a row where a product is added to another
    assert peak_of(lambda: program.backward(parameters, traces[-1], outside, consume=True)) < row
    assert peak_of(lambda: traces.append(program.forward(parameters, x, reuse=traces[-1]))) < row


@pytest.mark.parametrize(("hidden", "batch", "steps", "dtype"), [(64, 16, 50, "float32"), (200, 2, 20, "float64")])
@pytest.mark.parametrize("name", ["elman", "gru", "lstm", "layer-norm-lstm", "lru", "slstm"])
def test_the_memory_that_a_program_needs_is_known_before(
    backend: str, name: str, hidden: int, batch: int, steps: int, dtype: str
) -> None:
    point = random_point(EVERY_CELL[name], backend, hidden=hidden, batch=batch, steps=steps)
    program = point.program(dtype)
    parameters = {parameter: array.astype(dtype) for parameter, array in point.parameters.items()}
    x, outside = point.x.astype(dtype), {state: array.astype(dtype) for state, array in point.outside.items()}

    def both_passes() -> None:
        program.backward(parameters, program.forward(parameters, x), outside, consume=True)

    np.testing.assert_allclose(program.memory(steps, batch), peak_of(both_passes), rtol=0.25)


def test_memory_grows_with_every_size(backend: str) -> None:
    cell = catalogue()["lstm"]
    base = {"hidden": 16, "batch": 4, "steps": 10}

    def memory(**changed: int) -> int:
        sizes = base | changed
        point = random_point(cell, backend, **sizes)
        return int(point.program().memory(sizes["steps"], sizes["batch"]))

    assert all(memory(**{size: 2 * value}) > memory() for size, value in base.items())


def test_the_memory_of_what_could_never_fit_is_known_too(backend: str) -> None:
    program = random_point(catalogue()["lstm"], backend).program()
    assert program.memory(10**9, 10**6) > 10**16
    assert program.memory(0, 1) > 0
