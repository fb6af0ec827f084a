"""Compiled programs against NumPy's in the same precision: every value and every gradient."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, SIZES, Point, arrays, error, random_point


def everything(point: Point, dtype: str) -> dict[str, Any]:
    trace, gradients = point.run(dtype)
    return dict(arrays(trace, point.program().value_names, gradients))


@pytest.mark.once
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-10), ("float32", 2e-4)], ids=["float64", "float32"])
@pytest.mark.parametrize("name", EVERY_CELL)
def test_compiled_programs_agree_with_those_of_numpy(name: str, dtype: str, tolerance: float) -> None:
    for hidden, batch, steps in SIZES:
        point = random_point(EVERY_CELL[name], "numba", hidden=hidden, batch=batch, steps=steps, inputs=2)
        found, expected = everything(point, dtype), everything(replace(point, backend="numpy"), dtype)
        assert set(found) == set(expected)
        errors = {part: error(found[part], array) for part, array in expected.items()}
        too_large = {part: size for part, size in errors.items() if not size <= tolerance}
        assert not too_large, (hidden, batch, steps, too_large)


@pytest.mark.parametrize("name", EVERY_CELL)
def test_sequences_of_many_stretches_agree_with_those_of_numpy(name: str) -> None:
    point = random_point(EVERY_CELL[name], "numba", hidden=7, batch=13, steps=90, first_step=5)
    found, expected = everything(point, "float64"), everything(replace(point, backend="numpy"), "float64")
    for part, array in expected.items():
        assert error(found[part], array) < 1e-9, part


@pytest.mark.parametrize("inputs", [1, 15, 16, 17, 100])
@pytest.mark.parametrize("name", ["lstm", "gru", "tied", "mingru", "memoryless"])
def test_any_number_of_inputs_is_taken(name: str, inputs: int) -> None:
    point = random_point(EVERY_CELL[name], "numba", hidden=9, batch=7, inputs=inputs)
    found, expected = everything(point, "float64"), everything(replace(point, backend="numpy"), "float64")
    for part, array in expected.items():
        assert error(found[part], array) < 1e-11, part


@pytest.mark.parametrize("name", [name for name, cell in EVERY_CELL.items() if not cell.roles.plain_input])
def test_indices_agree_with_those_of_numpy_in_float32(name: str) -> None:
    point = random_point(EVERY_CELL[name], "numba", hidden=17, batch=7, steps=9, inputs=6)
    x = np.random.default_rng(0).integers(-1, point.sizes["inputs"], (9, 7, 2))
    found = []
    for backend in ("numpy", "numba"):
        program = replace(point, backend=backend).program("float32")
        trace = program.forward(point.parameters, x, start=point.start)
        gradients = program.backward(point.parameters, trace, point.outside)
        found.append(dict(arrays(trace, program.value_names, gradients, inputs=False)))
    for part, array in found[0].items():
        assert error(found[1][part], array) < 1e-4, part
