"""Snapshots: what they hold, and gradient flow against torch sequence by sequence."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.training.support import (
    GivenTask,
    classify_last,
    make_trainer,
    network_for,
    symbols,
    symbols_every,
    torch_lstm,
)
from workbench.tasks import Batch, Real, Task
from workbench.training.errors import TrainingError
from workbench.training.network import Network
from workbench.training.probe import Probe


def classification() -> Task:
    return GivenTask(classify_last, Real(3), 5, "cross-entropy", "last")


def labelling() -> Task:
    lengths = np.array([5, 9, 3, 7])

    def draw(step: int) -> Batch:
        batch = symbols_every(step, masked=True)
        assert batch.valid is not None
        return replace(batch, lengths=lengths, valid=batch.valid & (np.arange(9)[:, None] < lengths))

    return GivenTask(draw, symbols(6), 6, "cross-entropy", "every")


def torch_state_gradients(network: Network, batch: Batch, own: int, length: int) -> list[tuple[Any, Any]]:
    """Return dL/dh_t and dL/dc_t of one sequence's own loss, by torch, a step at a time."""
    torch = pytest.importorskip("torch")
    lstm, linear = torch_lstm(network)
    cell = torch.nn.LSTMCell(network.architecture.width, network.architecture.hidden).double()
    for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
        getattr(cell, name).data = getattr(lstm, f"{name}_l0").data
    inputs = torch.tensor(batch.inputs[:length, own])
    if batch.inputs.ndim == 2:
        inputs = torch.nn.functional.one_hot(inputs, network.architecture.width).double()
    states, kept = None, []
    for t in range(length):
        states = cell(inputs[t : t + 1], states)
        for state in states:
            state.retain_grad()
        kept.append(states)
    if network.architecture.reads == "last":
        outputs, targets = linear(kept[-1][0]), torch.tensor(batch.targets[own : own + 1])
    else:
        assert batch.valid is not None
        counted = torch.tensor(batch.valid[:length, own])
        outputs = linear(torch.cat([h for h, _ in kept]))[counted]
        targets = torch.tensor(batch.targets[:length, own])[counted]
    torch.nn.functional.cross_entropy(outputs, targets).backward()
    zero = np.zeros(network.architecture.hidden)
    return [tuple(zero if s.grad is None else s.grad[0].numpy() for s in pair) for pair in kept]  # type: ignore[misc]


@pytest.mark.parametrize("task", [classification(), labelling()], ids=["last", "every"])
def test_gradient_flow_is_the_mean_over_the_probe_of_norms_of_own_loss_gradients(task: Task) -> None:
    network, batch = network_for(task), task.validation()
    assert batch.lengths is not None
    longest = int(batch.lengths.max())
    norms = np.full((longest, 2, 4), np.nan)
    for own, length in enumerate(batch.lengths):
        gradients = torch_state_gradients(network, batch, own, length)
        norms[:length, :, own] = np.linalg.norm(gradients, axis=2)
    arrays = Probe(network, task, size=4).snapshot(0).arrays
    expected = np.nanmean(norms, axis=2)
    np.testing.assert_allclose(arrays["gradient-norm/1.h"][:longest], expected[:, 0], atol=1e-13)
    np.testing.assert_allclose(arrays["gradient-norm/1.c"][:longest], expected[:, 1], atol=1e-13)


@pytest.mark.parametrize("task", [classification(), labelling()], ids=["last", "every"])
def test_the_chosen_sequence_shows_its_own_gradient_over_its_own_length(task: Task) -> None:
    network, batch = network_for(task), task.validation()
    assert batch.lengths is not None
    length = int(batch.lengths[2])
    arrays = Probe(network, task, sequence=2).snapshot(0).arrays
    expected = np.array(torch_state_gradients(network, batch, 2, length))
    np.testing.assert_allclose(arrays["gradient/1.h"], expected[:, 0], atol=1e-13)
    np.testing.assert_allclose(arrays["gradient/1.c"], expected[:, 1], atol=1e-13)
    assert arrays["length"] == length


def test_every_named_value_of_every_layer_is_there() -> None:
    task = classification()
    arrays = Probe(network_for(task, layers=2), task).snapshot(0).arrays
    length = int(arrays["length"])
    for layer in (1, 2):
        for name in ("f", "i", "o", "c", "h"):
            assert arrays[f"values/{layer}.{name}"].shape == (length, 5)
    np.testing.assert_allclose(arrays["values/2.h"], arrays["values/2.o"] * np.tanh(arrays["values/2.c"]), rtol=1e-12)


def test_inputs_targets_and_outputs_are_those_of_the_chosen_sequence() -> None:
    task = labelling()
    network, batch = network_for(task), task.validation()
    arrays = Probe(network, task, sequence=3).snapshot(0).arrays
    np.testing.assert_array_equal(arrays["inputs"], batch.inputs[:7, 3])
    np.testing.assert_array_equal(arrays["targets"], batch.targets[:7, 3])
    assert batch.valid is not None
    np.testing.assert_array_equal(arrays["valid"], batch.valid[:7, 3])
    readout = arrays["values/1.h"] @ network.parameters["readout.W"].T + network.parameters["readout.b"]
    np.testing.assert_allclose(arrays["outputs"], readout, rtol=1e-12)


def test_eigenvalues_are_those_of_the_recurrent_matrices() -> None:
    task = classification()
    network = network_for(task, cell="elman")
    rotation = np.eye(5)
    rotation[:2, :2] = [[0.6, -0.8], [0.8, 0.6]]
    network.parameters["1.W_ss"][...] = rotation
    arrays = Probe(network, task).snapshot(0).arrays
    found = sorted(map(tuple, arrays["eigenvalues/1.W_ss"].round(12).tolist()))
    assert found == [(0.6, -0.8), (0.6, 0.8), (1.0, 0.0), (1.0, 0.0), (1.0, 0.0)]
    assert "eigenvalues/1.W_sx" not in arrays


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_network_that_is_not_finite_is_looked_at_without_eigenvalues(value: float) -> None:
    task = classification()
    network = network_for(task)
    network.parameters["1.W_fh"][0, 0] = value
    arrays = Probe(network, task, size=4).snapshot(0).arrays
    assert np.isnan(arrays["eigenvalues/1.W_fh"]).all()
    assert np.isfinite(arrays["eigenvalues/1.W_ih"]).all()


def test_update_ratios_compare_the_last_update_with_its_parameter() -> None:
    task = classification()
    trainer = make_trainer(task, network_for(task))
    probe = Probe(trainer.network, task)
    assert "update-ratio/1.W_fh" not in probe.snapshot(0, trainer.update).arrays
    before = trainer.network.parameters["1.W_fh"].copy()
    trainer.train_step()
    after = trainer.network.parameters["1.W_fh"]
    arrays = probe.snapshot(1, trainer.update).arrays
    norm = np.linalg.norm(after)
    assert arrays["norm/1.W_fh"] == pytest.approx(norm)
    assert arrays["update-ratio/1.W_fh"] == pytest.approx(np.linalg.norm(after - before) / norm)


def test_looking_changes_nothing_in_training() -> None:
    task = classification()
    watched, alone = (make_trainer(task, network_for(task)) for _ in range(2))
    probe = Probe(watched.network, task)
    for step in range(3):
        probe.snapshot(step, watched.update)
        assert watched.train_step() == alone.train_step()


def test_a_vanishing_gradient_keeps_its_norm_in_float32() -> None:
    task = classification()
    network = network_for(task, cell="elman", dtype="float32")
    network.parameters["1.W_ss"][...] = 1e-4 * np.eye(5)
    norms = Probe(network, task, size=1).snapshot(0).arrays["gradient-norm/1.s"]
    slopes = np.diff(np.log10(norms[-6:]))
    np.testing.assert_allclose(slopes, 4.0, atol=1.0)


def test_a_sequence_outside_the_probe_is_refused() -> None:
    task = classification()
    with pytest.raises(TrainingError, match="sequences 0 to 3"):
        Probe(network_for(task), task, sequence=4)


@pytest.mark.parametrize("task", [classification(), labelling()], ids=["last", "every"])
def test_a_probe_that_shows_another_sequence_is_one_built_with_it(task: Task) -> None:
    network = network_for(task)
    changed = Probe(network, task, sequence=1)
    before = changed.snapshot(0).arrays
    changed.show(2)
    shown, built = changed.snapshot(0).arrays, Probe(network, task, sequence=2).snapshot(0).arrays
    assert (int(before["sequence"]), int(shown["sequence"])) == (1, 2)
    assert shown.keys() == built.keys()
    for name, array in built.items():
        np.testing.assert_array_equal(shown[name], array, err_msg=name)


def test_a_sequence_that_is_refused_leaves_the_one_that_is_shown() -> None:
    task = labelling()
    probe = Probe(network_for(task), task, sequence=1)
    before = probe.snapshot(0).arrays
    for sequence in (-1, 4):
        with pytest.raises(TrainingError, match="sequences 0 to 3"):
            probe.show(sequence)
    after = probe.snapshot(0).arrays
    assert all(np.array_equal(array, after[name]) for name, array in before.items())
