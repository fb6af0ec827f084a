"""Networks that read in both directions, and what stands for a whole sequence, against torch."""

from typing import Any

import numpy as np
import pytest

from tests.training.support import classify_last, generator, lstm_names, make_network, run_on, symbols
from workbench.backends import get_backend
from workbench.tasks import Batch, Real
from workbench.training.backpropagation import Backpropagation
from workbench.training.evaluation import evaluate
from workbench.training.network import Network
from workbench.training.pool import TracePool
from workbench.training.stack import Turn

torch: Any = pytest.importorskip("torch")


def torch_of(network: Network) -> tuple[Any, Any]:
    """Return torch's LSTM and read-out with the network's weights; torch's second bias stays zero."""
    sizes = network.architecture
    lstm = torch.nn.LSTM(sizes.width, sizes.hidden, sizes.layers, bidirectional=sizes.bidirectional).double()
    linear = torch.nn.Linear(sizes.top, sizes.outputs).double()
    with torch.no_grad():
        for ours, theirs in names(network):
            getattr(lstm, theirs).copy_(torch.tensor(np.concatenate([network.parameters[name] for name in ours])))
        for name, parameter in lstm.named_parameters():
            if name.startswith("bias_hh"):
                parameter.zero_()
        linear.weight.copy_(torch.tensor(network.parameters["readout.W"]))
        linear.bias.copy_(torch.tensor(network.parameters["readout.b"]))
    return lstm, linear


def names(network: Network) -> list[tuple[list[str], str]]:
    """Our names beside torch's, of both directions."""
    found = [pair for layer in range(network.architecture.layers) for pair in lstm_names(layer)]
    if network.architecture.bidirectional:
        found += [([name.replace(".", "r.", 1) for name in ours], f"{theirs}_reverse") for ours, theirs in list(found)]
    return found


def states_of(lstm: Any, batch: Batch) -> Any:
    """Return torch's states (T, B, D H), each sequence read to its own end."""
    lengths = batch.lengths if batch.lengths is not None else np.full(batch.inputs.shape[1], len(batch.inputs))
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        torch.tensor(batch.inputs), torch.tensor(lengths), enforce_sorted=False
    )
    states, _ = lstm(packed)
    return torch.nn.utils.rnn.pad_packed_sequence(states, total_length=len(batch.inputs))[0]


def represent(states: Any, batch: Batch, representation: str, hidden: int) -> Any:
    """Return what stands for each sequence, one sequence at a time."""
    assert batch.lengths is not None
    rows = []
    for own, length in enumerate(batch.lengths):
        inside = states[:length, own]
        if representation == "mean":
            rows.append(inside.mean(dim=0))
        elif representation == "max":
            rows.append(inside.max(dim=0).values)
        else:
            rows.append(torch.cat([inside[-1, :hidden], inside[0, hidden:]]))
    return torch.stack(rows)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("representation", ["last", "mean", "max"])
def test_loss_and_gradients_are_those_of_torch(layers: int, bidirectional: bool, representation: str) -> None:
    batch = classify_last()
    network = make_network(
        Real(3), 5, "cross-entropy", "last", layers=layers, bidirectional=bidirectional, representation=representation
    )
    lstm, linear = torch_of(network)
    rows = represent(states_of(lstm, batch), batch, representation, 5)
    expected = torch.nn.functional.cross_entropy(linear(rows), torch.tensor(batch.targets))
    expected.backward()
    ours = Backpropagation(network)
    loss, _ = run_on(ours, batch)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for own, theirs in names(network):
        stacked = np.concatenate([ours.gradient.views[name] for name in own])
        np.testing.assert_allclose(stacked, getattr(lstm, theirs).grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(ours.gradient.views["readout.W"], linear.weight.grad.numpy(), atol=1e-12)
    evaluation = evaluate(TracePool(network), batch, together=3, steps=len(batch.inputs))
    np.testing.assert_allclose(evaluation.outputs, linear(rows).detach().numpy(), atol=1e-12)
    assert evaluation.loss == pytest.approx(expected.item(), rel=1e-12)


def test_a_target_at_every_step_sees_both_directions() -> None:
    draw = generator(1)
    batch = Batch(draw.normal(size=(7, 3, 2)), draw.normal(size=(7, 3, 2)))
    network = make_network(Real(2), 2, "squared-error", "every", bidirectional=True)
    lstm, linear = torch_of(network)
    expected = torch.nn.functional.mse_loss(linear(lstm(torch.tensor(batch.inputs))[0]), torch.tensor(batch.targets))
    expected.backward()
    ours = Backpropagation(network)
    loss, _ = run_on(ours, batch)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    for own, theirs in names(network):
        stacked = np.concatenate([ours.gradient.views[name] for name in own])
        np.testing.assert_allclose(stacked, getattr(lstm, theirs).grad.numpy(), atol=1e-12)


@pytest.mark.parametrize("embedding", [0, 3])
def test_symbols_are_read_from_the_end_alike_one_by_one_and_embedded(embedding: int) -> None:
    draw = generator(2)
    batch = Batch(draw.integers(0, 6, (8, 4)), draw.integers(0, 5, 4), np.array([8, 3, 1, 6]))
    network = make_network(symbols(6), 5, "cross-entropy", "last", bidirectional=True, embedding=embedding)
    lstm, linear = torch_of(network)
    table = torch.eye(6).double() if not embedding else torch.tensor(network.parameters["embedding.E"].copy())
    table.requires_grad_(bool(embedding))
    dense = Batch(batch.inputs, batch.targets, batch.lengths)
    packed = torch.nn.utils.rnn.pack_padded_sequence(
        table[torch.tensor(dense.inputs)], torch.tensor(batch.lengths), enforce_sorted=False
    )
    states = torch.nn.utils.rnn.pad_packed_sequence(lstm(packed)[0], total_length=8)[0]
    expected = torch.nn.functional.cross_entropy(
        linear(represent(states, batch, "last", 5)), torch.tensor(batch.targets)
    )
    expected.backward()
    ours = Backpropagation(network)
    assert run_on(ours, batch)[0] == pytest.approx(expected.item(), rel=1e-12)
    for own, theirs in names(network):
        stacked = np.concatenate([ours.gradient.views[name] for name in own])
        np.testing.assert_allclose(stacked, getattr(lstm, theirs).grad.numpy(), atol=1e-12)
    if embedding:
        np.testing.assert_allclose(ours.gradient.views["embedding.E"], table.grad.numpy(), atol=1e-12)


def test_a_sequence_turned_twice_is_as_it_was() -> None:
    steps = np.array([[2, 0], [1, 1], [0, 2]])
    turn = Turn.of(get_backend("numpy"), steps)
    values = generator(3).normal(size=(3, 2, 4))
    np.testing.assert_array_equal(turn(turn(values)), values)
    np.testing.assert_array_equal(turn(values)[:, 0], values[::-1, 0])
    np.testing.assert_array_equal(turn(values)[:, 1], values[:, 1])
