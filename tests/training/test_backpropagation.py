"""Loss and gradient of whole networks against torch."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.training.support import (
    assert_same_gradients,
    classify_last,
    generator,
    make_network,
    run_on,
    symbols,
    symbols_every,
    torch_lstm,
)
from workbench.tasks import Batch, Real
from workbench.training.backpropagation import Backpropagation
from workbench.training.errors import TrainingError

torch: Any = pytest.importorskip("torch")


def one_hot(batch: Batch, size: int) -> Any:
    return torch.nn.functional.one_hot(torch.tensor(batch.inputs), size).double()


def test_a_classifier_of_two_layers_and_various_lengths_has_the_loss_and_gradients_of_torch() -> None:
    batch = classify_last()
    network = make_network(Real(3), 5, "cross-entropy", "last", layers=2)
    lstm, linear = torch_lstm(network)
    states, _ = lstm(torch.tensor(batch.inputs))
    assert batch.lengths is not None
    last = states[torch.tensor(batch.lengths - 1), torch.arange(4)]
    expected = torch.nn.functional.cross_entropy(linear(last), torch.tensor(batch.targets))
    expected.backward()
    ours = Backpropagation(network)
    loss, _ = run_on(ours, batch)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert_same_gradients(ours.gradient.views, lstm, linear, layers=2)


def test_a_regression_read_at_every_step_has_the_loss_and_gradients_of_torch() -> None:
    draw = generator(1)
    batch = Batch(draw.normal(size=(7, 3, 2)), draw.normal(size=(7, 3, 2)))
    network = make_network(Real(2), 2, "squared-error", "every")
    lstm, linear = torch_lstm(network)
    expected = torch.nn.functional.mse_loss(linear(lstm(torch.tensor(batch.inputs))[0]), torch.tensor(batch.targets))
    expected.backward()
    ours = Backpropagation(network)
    loss, _ = run_on(ours, batch)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert_same_gradients(ours.gradient.views, lstm, linear, layers=1)


def test_one_hot_symbols_with_masked_targets_have_the_loss_and_gradients_of_torch() -> None:
    batch = symbols_every(masked=True)
    network = make_network(symbols(6), 6, "cross-entropy", "every")
    lstm, linear = torch_lstm(network)
    outputs = linear(lstm(one_hot(batch, 6))[0])
    valid = torch.tensor(batch.valid)
    expected = torch.nn.functional.cross_entropy(outputs[valid], torch.tensor(batch.targets)[valid])
    expected.backward()
    ours = Backpropagation(network)
    loss, _ = run_on(ours, batch)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert_same_gradients(ours.gradient.views, lstm, linear, layers=1)


def test_embedded_symbols_have_the_loss_and_gradients_of_torch() -> None:
    batch = symbols_every()
    network = make_network(symbols(6), 6, "cross-entropy", "every", embedding=3)
    lstm, linear = torch_lstm(network)
    table = torch.tensor(network.parameters["embedding.E"].copy(), requires_grad=True)
    vectors = torch.nn.functional.embedding(torch.tensor(batch.inputs), table)
    outputs = linear(lstm(vectors)[0]).reshape(-1, 6)
    expected = torch.nn.functional.cross_entropy(outputs, torch.tensor(batch.targets).reshape(-1))
    expected.backward()
    ours = Backpropagation(network)
    loss, _ = run_on(ours, batch)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert_same_gradients(ours.gradient.views, lstm, linear, layers=1)
    np.testing.assert_allclose(ours.gradient.views["embedding.E"], table.grad.numpy(), atol=1e-12)


def test_a_window_of_embedded_symbols_has_the_loss_and_gradients_of_torch() -> None:
    batch = symbols_every()
    network = make_network(symbols(6), 6, "cross-entropy", "every", embedding=3, window=2)
    lstm, linear = torch_lstm(network)
    table = torch.tensor(network.parameters["embedding.E"].copy(), requires_grad=True)
    newest = torch.nn.functional.embedding(torch.tensor(batch.inputs), table)
    before = torch.cat([torch.zeros_like(newest[:1]), newest[:-1]])
    outputs = linear(lstm(torch.cat([newest, before], dim=2))[0]).reshape(-1, 6)
    expected = torch.nn.functional.cross_entropy(outputs, torch.tensor(batch.targets).reshape(-1))
    expected.backward()
    ours = Backpropagation(network)
    loss, _ = run_on(ours, batch)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert_same_gradients(ours.gradient.views, lstm, linear, layers=1)
    np.testing.assert_allclose(ours.gradient.views["embedding.E"], table.grad.numpy(), atol=1e-12)


def test_truncated_gradients_are_those_of_states_detached_between_pieces() -> None:
    batch = symbols_every(steps=10)
    network = make_network(symbols(6), 6, "cross-entropy", "every", layers=2)
    lstm, linear = torch_lstm(network)
    inputs, targets = one_hot(batch, 6), torch.tensor(batch.targets)
    states: Any = None
    expected: Any = 0.0
    for start in (0, 4, 8):
        if states is not None:
            states = tuple(state.detach() for state in states)
        outputs, states = lstm(inputs[start : start + 4], states)
        rows = linear(outputs).reshape(-1, 6)
        expected = expected + torch.nn.functional.cross_entropy(
            rows, targets[start : start + 4].reshape(-1), reduction="sum"
        )
    expected = expected / 40
    expected.backward()
    ours = Backpropagation(network, truncate=4)
    loss, _ = run_on(ours, batch)
    assert loss == pytest.approx(expected.item(), rel=1e-12)
    assert_same_gradients(ours.gradient.views, lstm, linear, layers=2)


def test_truncation_to_more_than_the_sequence_changes_nothing() -> None:
    batch = classify_last()
    network = make_network(Real(3), 5, "cross-entropy", "last")
    whole, truncated = Backpropagation(network), Backpropagation(network, truncate=100)
    assert run_on(whole, batch)[0] == run_on(truncated, batch)[0]
    np.testing.assert_array_equal(whole.gradient.flat, truncated.gradient.flat)


def test_truncation_leaves_the_loss_of_a_sequence_read_at_its_end_alone() -> None:
    batch = classify_last()
    network = make_network(Real(3), 5, "cross-entropy", "last")
    whole, truncated = Backpropagation(network), Backpropagation(network, truncate=2)
    assert run_on(truncated, batch)[0] == pytest.approx(run_on(whole, batch)[0], rel=1e-12)


def test_padding_changes_neither_loss_nor_gradient() -> None:
    batch = classify_last()
    draw = generator(5)
    longer = replace(batch, inputs=np.concatenate([batch.inputs, draw.normal(size=(4, 4, 3))]))
    network = make_network(Real(3), 5, "cross-entropy", "last")
    ours = Backpropagation(network)
    loss, _ = run_on(ours, batch)
    gradient = ours.gradient.flat.copy()
    assert run_on(ours, longer)[0] == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(ours.gradient.flat, gradient, atol=1e-14)


def test_targets_beyond_a_sequence_do_not_count() -> None:
    lengths = np.array([9, 4, 1, 6])
    valid = np.arange(9)[:, None] < lengths
    network = make_network(symbols(6), 6, "cross-entropy", "every")
    ours = Backpropagation(network)
    by_lengths, _ = run_on(ours, replace(symbols_every(), lengths=lengths))
    by_mask, _ = run_on(ours, replace(symbols_every(), valid=valid))
    assert by_lengths == by_mask


def test_batches_of_other_sizes_in_between_change_nothing() -> None:
    network = make_network(Real(3), 5, "cross-entropy", "last")
    ours = Backpropagation(network, truncate=4)
    loss, _ = run_on(ours, classify_last())
    gradient = ours.gradient.flat.copy()
    run_on(ours, classify_last(3, steps=13, batch=7))
    run_on(ours, classify_last(4, steps=2, batch=1))
    assert run_on(ours, classify_last())[0] == loss
    np.testing.assert_array_equal(ours.gradient.flat, gradient)


def test_a_batch_without_a_valid_target_is_refused() -> None:
    batch = replace(symbols_every(), valid=np.zeros((9, 4), dtype=bool))
    network = make_network(symbols(6), 6, "cross-entropy", "every")
    with pytest.raises(TrainingError, match="no target that counts"):
        Backpropagation(network).prepare(batch)
