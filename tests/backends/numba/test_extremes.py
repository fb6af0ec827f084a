"""What is not finite arrives, in values and in gradients; what has vanished is exactly 0."""

from dataclasses import replace

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, Point, arrays, random_point
from workbench.backends.numba.threads import VARIABLE
from workbench.cells import Cell, catalogue

DIVERGING = {
    "growing": "h = h * h * 10 + W @ h + U @ x",
    "exploding": "h = exp(3 * h) + U @ x",
    "dividing": "h = 1 / (h - h) + U @ x",
    "the root of a negative number": "h = sqrt(h) - 1 + 0 * (U @ x)",
    "the logarithm of zero": "h = log(h - h) + U @ x",
}


def assert_finite_alike(point: Point, dtype: str) -> None:
    """Everywhere finite, infinite or NaN as with NumPy, and not finite somewhere."""
    with np.errstate(all="ignore"):
        trace, gradients = replace(point, backend="numpy").run(dtype)
        names = point.program().value_names
        expected = dict(arrays(trace, names, gradients))
    trace, gradients = point.run(dtype)
    found = dict(arrays(trace, names, gradients))
    assert not np.isfinite(found[point.cell.states[0]]).all()
    assert not all(np.isfinite(array).all() for name, array in found.items() if name.startswith("dL/d"))
    for name, array in expected.items():
        np.testing.assert_array_equal(np.isfinite(found[name]), np.isfinite(array), err_msg=name)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", DIVERGING)
def test_a_cell_that_diverges_does_so_where_it_does_with_numpy(name: str, dtype: str) -> None:
    cell = Cell.from_equations(DIVERGING[name], states=["h"])
    assert_finite_alike(random_point(cell, "numba", hidden=20, steps=9), dtype)


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("expression", ["relu(W @ h + x)", "maximum(h, x)", "minimum(x, 0.5 * h)", "abs(x) + 0.5 * h"])
def test_a_number_that_is_not_finite_passes_through_every_kink(expression: str, wrong: float) -> None:
    cell = Cell.from_equations(f"h = {expression} + 0 * x", states=["h"])
    point = random_point(cell, "numba", hidden=20)
    point.x[1, 1, 3] = wrong
    trace, _ = point.run("float32")
    assert np.isnan(trace["h"][1:, 1, 3]).all()
    assert np.isfinite(trace["h"][:, 0]).all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["lstm", "gru", "lstm-layernorm", "slstm", "lru", "clockwork", "mut1"])
def test_a_nan_in_a_parameter_reaches_every_place_it_reaches_with_numpy(name: str, dtype: str) -> None:
    point = random_point(EVERY_CELL[name], "numba", hidden=20)
    next(iter(point.parameters.values()))[3] = np.nan
    assert_finite_alike(point, dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["lstm", "gru", "lstm-layernorm", "slstm", "lru", "elman", "indrnn"])
def test_a_nan_in_the_outside_gradient_reaches_every_gradient_it_reaches_with_numpy(name: str, dtype: str) -> None:
    point = random_point(EVERY_CELL[name], "numba", hidden=20, steps=6)
    point.outside[point.cell.states[0]][3, 1, 4] = np.nan
    trace, gradients = point.run(dtype)
    with np.errstate(all="ignore"):
        _, expected = replace(point, backend="numpy").run(dtype)
    found, wanted = dict(arrays(trace, (), gradients)), dict(arrays(trace, (), expected))
    assert any(np.isnan(array).any() for array in wanted.values())
    for part, array in wanted.items():
        np.testing.assert_array_equal(np.isnan(found[part]), np.isnan(array), err_msg=part)


@pytest.mark.parametrize("name", ["elman", "gru", "lstm", "indrnn", "lstm-layernorm"])
def test_a_gradient_that_has_vanished_is_exactly_zero_in_float32(name: str) -> None:
    """Small weights and a loss at the last step alone; denormals begin at 1.2e-38."""
    drawn = random_point(catalogue()[name], "numba", hidden=20, steps=150)
    point = replace(drawn, parameters={part: 1e-3 * array for part, array in drawn.parameters.items()})
    first, *others = point.cell.states
    for array in point.outside.values():
        array[:-1] = 0.0
    for state in others:
        point.outside[state][...] = 0.0
    _, gradients = point.run("float32")
    size = np.abs(gradients.states[first])
    assert size[-1].all()
    if name in ("elman", "indrnn", "gru"):
        assert not size[:20].any()
        assert not gradients.start[first].any()
    flushed = [*gradients.states.values(), *gradients.start.values()]
    assert min(np.abs(array[array != 0]).min(initial=1.0) for array in flushed) >= 1e-30


def test_an_elman_gradient_goes_from_small_to_exactly_zero_and_stays_there() -> None:
    drawn = random_point(catalogue()["elman"], "numba", hidden=20, steps=100)
    point = replace(drawn, parameters={name: 1e-3 * array for name, array in drawn.parameters.items()})
    point.outside["s"][:-1] = 0.0
    _, gradients = point.run("float32")
    zero = ~np.abs(gradients.states["s"]).any(axis=(1, 2))
    steps = int(zero.sum())
    assert 50 < steps < 100
    assert zero[:steps].all()
    assert not gradients.start["s"].any()
    assert not gradients.inputs[:steps].any()


def test_sums_of_several_threads_that_overflow_do_so_without_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "2")
    cell = Cell.from_equations("h = W @ h + U @ x", states=["h"])
    point = random_point(cell, "numba", hidden=100, batch=8, steps=200, inputs=100)
    point.x[...] = 1.0
    point.outside["h"][...] = 0.0
    point.outside["h"][-1, [0, -1]] = 3e38
    point.parameters["W"][...] = 0.0
    _, gradients = point.run("float32")
    assert np.isinf(gradients.parameters["U"]).all()
