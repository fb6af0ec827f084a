"""Where nothing is left of a gradient: counted back from each sequence's own loss, and on runs that show it."""

from collections.abc import Sequence
from math import log2
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.training.support import GivenTask, classify_last, network_for, symbols, symbols_every
from workbench.api import train
from workbench.lab.experiment import Experiment
from workbench.lab.workbook import open_workbook
from workbench.tasks import Batch, Real
from workbench.training.half_life import SMALLEST, half_life
from workbench.training.probe import Probe
from workbench.training.reading import first_targets
from workbench.training.vanishing import NOT_VANISHED, vanishing_lag


def norms(*sequences: Sequence[float]) -> NDArray[np.float64]:
    return np.array(sequences).T


def test_the_lag_is_counted_back_from_the_loss_to_the_first_step_where_nothing_is_left() -> None:
    assert vanishing_lag(norms([0, 0, 0, 1e-20, 1e-10, 1]), [5], 0.0) == 3
    assert vanishing_lag(norms([0, 0, 0, 1e-20, 1e-10, 1]), [5], 1e-15) == 2


def test_a_gradient_that_reaches_the_beginning_has_not_vanished() -> None:
    assert vanishing_lag(norms([1e-20, 1e-10, 1]), [2], 0.0) == NOT_VANISHED


def test_one_step_without_gradient_is_not_its_end() -> None:
    assert vanishing_lag(norms([0, 1, 0, 0, 1]), [4], 0.0) == 4


def test_the_sequence_whose_gradient_reaches_furthest_decides() -> None:
    assert vanishing_lag(norms([0, 0, 0, 0, 1], [0, 0, 1, 1, 1]), [4, 4], 0.0) == 3
    assert vanishing_lag(norms([0, 0, 0, 0, 1], [1, 1, 1, 1, 1]), [4, 4], 0.0) == NOT_VANISHED


def test_a_short_sequence_says_nothing_of_lags_before_its_beginning() -> None:
    short, long = [1, 1, 0, 0, 0, 0], [0, 0, 0, 1, 1, 1]
    assert vanishing_lag(norms(short, long), [1, 5], 0.0) == 3
    assert vanishing_lag(norms(short), [1], 0.0) == NOT_VANISHED


def test_what_comes_behind_the_first_loss_does_not_count() -> None:
    assert vanishing_lag(norms([0, 0, 1, 1, 1]), [2], 0.0) == 1


def test_a_sequence_without_a_loss_says_nothing() -> None:
    assert vanishing_lag(norms([0, 0, 0], [0, 1, 1]), [-1, 2], 0.0) == 2


def test_no_gradient_at_all_is_gone_at_the_loss_itself() -> None:
    assert vanishing_lag(norms([0, 0, 0]), [2], 0.0) == 0


def test_a_gradient_that_is_no_number_has_not_vanished() -> None:
    assert vanishing_lag(norms([np.nan, np.nan, np.nan]), [2], 0.0) == NOT_VANISHED


def test_the_first_target_is_the_last_step_the_first_valid_one_or_the_first_step() -> None:
    batch = classify_last()
    assert batch.lengths is not None
    np.testing.assert_array_equal(first_targets("last", batch), batch.lengths - 1)
    np.testing.assert_array_equal(first_targets("every", symbols_every()), np.zeros(4))
    valid = np.array([[False, True, False], [False, True, True]])
    masked = Batch(np.zeros((2, 3), int), np.zeros((2, 3), int), valid=valid)
    np.testing.assert_array_equal(first_targets("every", masked), [-1, 0, 1])


def test_a_network_without_recurrence_keeps_nothing_of_the_step_before() -> None:
    task = GivenTask(lambda step: classify_last(step), Real(3), 5, "cross-entropy", "last")
    arrays = Probe(network_for(task, cell="feedforward"), task).snapshot(0).arrays
    assert arrays["vanished/1.h"] == 1


@pytest.mark.parametrize("reads", ["last", "every"])
def test_a_layer_that_reads_from_the_end_is_followed_back_to_the_end(reads: Literal["last", "every"]) -> None:
    lengths = np.array([300, 250])
    counted = np.zeros((300, 2), np.bool_)
    counted[[280, 230], [0, 1]] = True  # the only target of each sequence, 19 steps before its end
    targets = np.zeros(2, int) if reads == "last" else np.zeros((300, 2), int)
    batch = Batch(np.ones((300, 2, 3)), targets, lengths, None if reads == "last" else counted)
    task = GivenTask(lambda step: batch, Real(3), 5, "cross-entropy", reads)
    network = network_for(task, cell="elman", dtype="float32", bidirectional=True)
    for name in ("1.W_ss", "1r.W_ss"):
        network.parameters[name][...] = 0.4 * np.eye(5)
    arrays = Probe(network, task).snapshot(0).arrays
    assert 30 < arrays["vanished/1.s"] < 100
    norm, found = arrays["gradient-norm/1r.s"], int(arrays["vanished/1r.s"])
    if reads == "every":  # it has read 19 steps up to its target: the gradient lives to the first of them
        assert found == NOT_VANISHED
    else:  # it is read out at the start of a sequence
        assert 30 < found < 100
        assert norm[found - 1] > SMALLEST / 2
        assert not norm[found:].max() > SMALLEST


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_double_precision_keeps_what_single_precision_flushes(dtype: str) -> None:
    def draw(step: int) -> Batch:
        return classify_last(step, steps=60)

    task = GivenTask(draw, Real(3), 5, "cross-entropy", "last")
    network = network_for(task, cell="elman", dtype=dtype)
    network.parameters["1.W_ss"][...] = 0.1 * np.eye(5)
    found = int(Probe(network, task).snapshot(0).arrays["vanished/1.s"])
    assert (found == NOT_VANISHED) == (dtype == "float64")


def test_a_loss_at_every_step_leaves_no_step_without_gradient() -> None:
    task = GivenTask(lambda step: symbols_every(step), symbols(6), 6, "cross-entropy", "every")
    network = network_for(task, cell="elman", dtype="float32")
    network.parameters["1.W_ss"][...] = 0
    assert Probe(network, task).snapshot(0).arrays["vanished/1.s"] == NOT_VANISHED


def snapshot_of_a_run(path: Path, equations: str, states: list[str], init: dict[str, float | str]) -> dict[str, float]:
    """Train for some steps and return what the last snapshot holds of each state: norm at the end, half-life, lag."""
    experiment = Experiment(
        cell={"states": states, "equations": equations, "init": init},  # type: ignore[arg-type]
        task={"name": "adding", "length": 200},  # type: ignore[arg-type]
        hidden=8,
        steps=20,
        batch=4,
        learning_rate=1e-4,
    )
    run = train(experiment, path)
    with open_workbook(path) as workbook:
        arrays = workbook.film.read(run.id, workbook.film.steps(run.id)[-1])
    found: dict[str, float] = {}
    for state in states:
        norm = arrays[f"gradient-norm/1.{state}"]
        found |= {f"end {state}": float(norm[-1]), f"half-life {state}": half_life(norm)}
        found[state] = int(arrays[f"vanished/1.{state}"])
    return found


def test_the_gradient_of_small_recurrent_weights_vanishes_where_its_slope_says(tmp_path: Path) -> None:
    found = snapshot_of_a_run(
        tmp_path / "a.rnnw", "s = tanh(W_ss @ s + W_sx @ x + b_s)", ["s"], {"W_ss": "orthogonal(0.3)"}
    )
    predicted = found["half-life s"] * log2(found["end s"] / SMALLEST)
    assert 20 < predicted < 80
    assert found["s"] == pytest.approx(predicted, abs=3)


def test_the_gradient_behind_an_open_forget_gate_does_not_vanish(tmp_path: Path) -> None:
    equations = """
f = sigmoid(W_fh @ h + W_fx @ x + b_f)
i = sigmoid(W_ih @ h + W_ix @ x + b_i)
o = sigmoid(W_oh @ h + W_ox @ x + b_o)
c = f * c + i * tanh(W_ch @ h + W_cx @ x + b_c)
h = o * tanh(c)
"""
    found = snapshot_of_a_run(tmp_path / "a.rnnw", equations, ["h", "c"], {"b_f": 10.0})
    assert (found["h"], found["c"]) == (NOT_VANISHED, NOT_VANISHED)
