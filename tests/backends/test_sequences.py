"""Long sequences, stretches of any size, vanishing gradients, and the same numbers in every process."""

import os
import subprocess
import sys
from typing import Any
from unittest import mock

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, Point, arrays, assert_agrees_with_oracle, error, random_point
from workbench.backends.arrays import frame
from workbench.backends.arrays.frame import stretches
from workbench.cells import Cell, catalogue


def everything(point: Point) -> dict[str, Any]:
    return dict(arrays(*values_and_gradients(point)))


def values_and_gradients(point: Point) -> tuple[Any, tuple[str, ...], Any]:
    trace, gradients = point.run()
    return trace, point.program().value_names, gradients


@pytest.mark.parametrize("size", [1, 50, 100, 10**9])
@pytest.mark.parametrize("name", EVERY_CELL)
def test_stretches_of_any_size_give_the_same_numbers(name: str, size: int) -> None:
    """Of 15 numbers a step: one step at a time, three at a time, six or seven, and all eleven at once."""
    point = random_point(EVERY_CELL[name], "numpy", steps=11, first_step=1)
    expected = everything(point)
    with mock.patch.object(frame, "STRETCH_SIZE", size):
        found = everything(point)
    for part, array in expected.items():
        assert error(found[part], array) < 1e-11, part


@pytest.mark.parametrize("name", ["gated", "gru", "echo", "sru", "lru", "delay-line", "clockwork"])
def test_a_sequence_of_many_stretches_agrees_with_the_oracle(backend: str, name: str) -> None:
    point = random_point(EVERY_CELL[name], backend, hidden=33, batch=40, steps=90)
    assert len(stretches(90, 40, 33)) > 3
    assert_agrees_with_oracle(point, "float64", 1e-10)


@pytest.mark.parametrize("steps", [1, 2, 7, 100, 101])
@pytest.mark.parametrize("batch", [1, 3, 40_000])
def test_stretches_cover_every_step_once_and_are_nearly_even(steps: int, batch: int) -> None:
    cut = stretches(steps, batch, hidden=64)
    assert [part.first for part in cut] == [0, *(part.last for part in cut[:-1])]
    assert cut[-1].last == steps
    assert max(part.steps for part in cut) - min(part.steps for part in cut) <= 1


def test_an_empty_sequence_leaves_the_start_as_it_is(backend: str) -> None:
    point = random_point(catalogue()["lstm"], backend)
    program = point.program()
    trace = program.forward(point.parameters, point.x[:0], start=point.start)
    np.testing.assert_array_equal(trace.final["c"], point.start["c"])
    gradients = program.backward(point.parameters, trace, {})
    assert not gradients.parameters["W_fh"].any()


FADING = Cell.from_equations("h = 0.01 * h + U @ x", states=["h"])


def test_a_gradient_that_vanishes_is_followed_exactly_in_float64(backend: str) -> None:
    point = random_point(FADING, backend, steps=100)
    point.outside["h"][:-1] = 0.0
    _, gradients = point.run()
    np.testing.assert_allclose(gradients.states["h"][0], 0.01**99 * point.outside["h"][-1], rtol=1e-12)


def test_a_gradient_that_vanishes_is_flushed_to_zero_in_float32(backend: str) -> None:
    point = random_point(FADING, backend, steps=100)
    point.outside["h"][:-1] = 0.0
    with mock.patch.object(frame, "STRETCH_SIZE", 30):
        _, gradients = point.run("float32")
    size = np.abs(gradients.states["h"])
    assert not gradients.start["h"].any()
    assert not size[:80].any()
    # Nothing stays so small that arithmetic with it becomes slow: denormals begin at 1.2e-38.
    assert size[size > 0].min() > 1e-38


PRINT_BITS = """
import hashlib
import sys
from tests.backends.support import EVERY_CELL, arrays, random_point
digest = hashlib.sha256()
for cell in EVERY_CELL.values():
    point = random_point(cell, sys.argv[1])
    trace, gradients = point.run("float32")
    for name, array in arrays(trace, point.program("float32").value_names, gradients):
        digest.update(array.tobytes())
print(digest.hexdigest())
"""


def test_every_process_gets_the_same_bits(backend: str) -> None:
    """Sets are ordered by addresses and hashes, which differ between processes; numbers must not."""
    found = set()
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        done = subprocess.run(
            [sys.executable, "-c", PRINT_BITS, backend], env=environment, capture_output=True, text=True, check=True
        )
        found.add(done.stdout)
    assert len(found) == 1
