"""What the gradient flow reads: the curves of each run, their gaps, and where a half-life says something."""

import math
from typing import Any

import numpy as np
import pytest

from workbench.cells import Cell
from workbench.gui.panels.gradient_curves import output_state, run_curves, steps_before_targets, tells_where_it_vanished

LSTM = {"gradient-norm/1.c": np.ones(5), "gradient-norm/1.h": np.ones(5)}


def exponential(half_life: float, length: int = 40) -> np.ndarray:
    return 2.0 ** ((np.arange(length) - length) / half_life)


def test_the_output_state_comes_first_whatever_its_name() -> None:
    assert [curve.state for curve in run_curves(1, LSTM, "h")] == ["h", "c"]
    assert [curve.state for curve in run_curves(1, LSTM, "c")] == ["c", "h"]
    assert [curve.is_output for curve in run_curves(1, LSTM, "h")] == [True, False]


def test_of_two_layers_the_upper_one_is_the_output() -> None:
    arrays = {f"gradient-norm/{layer}.{state}": np.ones(5) for layer in (1, 2) for state in "ch"}

    curves = run_curves(1, arrays, "h")

    assert [(curve.layer, curve.state) for curve in curves if curve.is_output] == [("2", "h")]
    assert (curves[0].layer, curves[0].state, curves[0].layers) == ("2", "h", 2)


def test_the_output_state_is_read_from_the_cell() -> None:
    cell = Cell.from_equations("q = tanh(W_q @ q + W_x @ x)\nr = q + r", states=["r", "q"])

    assert output_state('states = ["r", "q"]\nequations = """\n' + cell.equations + '\n"""') == "r"


def test_heights_are_logarithms_and_what_has_none_is_a_gap() -> None:
    norms = np.array([1e-8, 0.0, np.nan, np.inf, 1.0])

    (curve,) = run_curves(1, {"gradient-norm/1.s": norms}, "s")

    np.testing.assert_array_equal(curve.t, np.arange(5))
    np.testing.assert_allclose(curve.heights, [-8, np.nan, np.nan, np.nan, 0])


def test_a_long_curve_keeps_its_peaks_in_few_points() -> None:
    norms = np.full(20_000, 0.5)
    norms[7_777], norms[13_331] = 1e-9, 1e3

    (curve,) = run_curves(1, {"gradient-norm/1.s": norms}, "s")

    assert len(curve.t) <= 2_000
    assert curve.heights.min() == pytest.approx(-9)
    assert curve.heights.max() == pytest.approx(3)


def test_a_vanishing_gradient_has_its_half_life_and_a_level_one_none() -> None:
    arrays = {"gradient-norm/1.s": exponential(7.2), "outputs": np.zeros(1)}
    assert run_curves(1, arrays, "s")[0].half_life == pytest.approx(7.2)

    assert run_curves(1, {"gradient-norm/1.s": exponential(400)}, "s")[0].half_life == math.inf


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({}, None),
        ({"outputs": np.zeros(2)}, None),
        ({"outputs": np.zeros((5, 2))}, 1),
        ({"outputs": np.zeros((5, 2)), "valid": np.array([False, False, False, True, True])}, 4),
    ],
)
def test_a_half_life_is_measured_up_to_the_first_target(arrays: dict[str, Any], expected: int | None) -> None:
    assert steps_before_targets(arrays) == expected


def test_where_every_step_has_a_loss_of_its_own_there_is_no_half_life() -> None:
    arrays = {"gradient-norm/1.s": exponential(3), "outputs": np.zeros((40, 2))}

    assert math.isnan(run_curves(1, arrays, "s")[0].half_life)


def test_a_snapshot_without_gradients_has_no_curves() -> None:
    assert run_curves(1, {"values/1.h": np.ones((5, 2))}, "h") == []


def test_a_curve_knows_where_its_gradient_has_vanished_if_it_has() -> None:
    lags = {"vanished/1.c": np.array(-1), "vanished/1.h": np.array(61)}

    assert [curve.vanished for curve in run_curves(1, LSTM | lags, "h")] == [61, None]
    assert [curve.vanished for curve in run_curves(1, LSTM, "h")] == [None, None]


@pytest.mark.parametrize(
    ("lags", "told"), [((61, 61), [True, False]), ((61, 63), [True, True]), ((61, -1), [True, False])]
)
def test_states_tell_their_own_lag_where_they_differ(lags: tuple[int, int], told: list[bool]) -> None:
    arrays = LSTM | {f"vanished/1.{state}": np.array(lag) for state, lag in zip("hc", lags, strict=True)}
    curves = run_curves(1, arrays, "h")

    assert [tells_where_it_vanished(curve, curves) for curve in curves] == told


def test_a_layer_that_reads_from_the_end_stands_beside_the_one_from_the_start() -> None:
    arrays = {f"gradient-norm/{layer}.h": np.ones(5) for layer in ("1", "1r")}
    curves = run_curves(1, arrays, "h")
    assert [(curve.name, curve.layer, curve.is_output) for curve in curves] == [
        ("h 1", "1", True),
        ("h 1←", "1r", False),
    ]
