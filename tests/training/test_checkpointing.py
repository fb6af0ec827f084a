"""States kept at every so many steps alone: the same loss and gradient, in the memory of a few steps."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.training.support import (
    GivenTask,
    classify_last,
    generator,
    make_network,
    make_trainer,
    network_for,
    run_on,
    symbols,
    symbols_every,
)
from workbench.cells import catalogue
from workbench.tasks import Batch, Real, Task, parse_task
from workbench.training.backpropagation import Backpropagation
from workbench.training.network import Network
from workbench.training.probe import Probe

LENGTH = 9


def numbers_every() -> Batch:
    draw = generator(1)
    return Batch(draw.normal(size=(LENGTH, 3, 2)), draw.normal(size=(LENGTH, 3, 2)))


def numbers(batch: Batch, **sizes: Any) -> tuple[Batch, Network]:
    return batch, make_network(Real(2), 2, "squared-error", "every", **sizes)


def labels(batch: Batch, **sizes: Any) -> tuple[Batch, Network]:
    return batch, make_network(symbols(6), 6, "cross-entropy", "every", **sizes)


def classes(batch: Batch, **sizes: Any) -> tuple[Batch, Network]:
    return batch, make_network(Real(3), 5, "cross-entropy", "last", **sizes)


KINDS: dict[str, Callable[..., tuple[Batch, Network]]] = {
    "read at the end": lambda **sizes: classes(classify_last(), **sizes),
    "read at every step": lambda **sizes: numbers(numbers_every(), **sizes),
    "masked": lambda **sizes: labels(symbols_every(masked=True), **sizes),
    "embedded": lambda **sizes: labels(symbols_every(), embedding=3, **sizes),
}


def assert_same(network: Network, batch: Batch, every: int, truncate: int = 0, carried: Any = None) -> None:
    whole, segmented = Backpropagation(network, truncate), Backpropagation(network, truncate, every)
    loss, ahead = run_on(whole, batch, carried)
    found, ahead_found = run_on(segmented, batch, carried)
    assert found == pytest.approx(loss, rel=1e-13)
    largest = abs(whole.gradient.flat).max()
    np.testing.assert_allclose(segmented.gradient.flat, whole.gradient.flat, rtol=0, atol=1e-12 * largest)
    assert ahead_found.step == ahead.step
    for layer, states in enumerate(ahead.states):
        for name, state in states.items():
            np.testing.assert_allclose(ahead_found.states[layer][name], state, rtol=1e-13)
    assert (ahead.recent is None) == (ahead_found.recent is None)
    if ahead.recent is not None:
        np.testing.assert_array_equal(ahead_found.recent, ahead.recent)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("sizes", [{}, {"layers": 3}, {"window": 4}, {"layers": 2, "window": 3}], ids=str)
@pytest.mark.parametrize("truncate", [0, 5])
@pytest.mark.parametrize("every", [1, 2, 4, 8])
@pytest.mark.parametrize("kind", KINDS)
def test_loss_and_gradient_are_those_of_keeping_everything(
    kind: str, every: int, truncate: int, sizes: dict[str, int], backend: str
) -> None:
    batch, network = KINDS[kind](**sizes, backend=backend)
    assert_same(network, batch, every, truncate)


@pytest.mark.parametrize("cell", catalogue())
def test_every_cell_of_the_catalogue_hands_the_gradients_of_all_its_states_on(cell: str) -> None:
    batch, network = labels(symbols_every(steps=11), cell=cell, layers=2)
    assert_same(network, batch, every=3)


def test_a_stream_goes_on_from_where_the_last_batch_ended() -> None:
    _, network = labels(symbols_every(), window=3)
    before = Backpropagation(network)
    _, carried = run_on(before, symbols_every(4, steps=7))
    assert_same(network, symbols_every(5), every=4, truncate=6, carried=carried)


@pytest.mark.parametrize("every", [LENGTH, 100])
def test_a_distance_beyond_the_sequence_changes_no_bit(every: int) -> None:
    batch, network = KINDS["read at the end"](layers=2)
    whole, segmented = Backpropagation(network), Backpropagation(network, checkpoint_every=every)
    assert run_on(whole, batch)[0] == run_on(segmented, batch)[0]
    np.testing.assert_array_equal(segmented.gradient.flat, whole.gradient.flat)


def test_in_single_precision_the_gradient_is_the_same_to_its_digits() -> None:
    batch, network = KINDS["masked"](dtype="float32", layers=2)
    whole, segmented = Backpropagation(network), Backpropagation(network, checkpoint_every=2)
    assert run_on(segmented, batch)[0] == pytest.approx(run_on(whole, batch)[0], rel=1e-6)
    largest = abs(whole.gradient.flat).max()
    np.testing.assert_allclose(segmented.gradient.flat, whole.gradient.flat, rtol=0, atol=1e-6 * largest)


def classification() -> Task:
    return GivenTask(classify_last, Real(3), 5, "cross-entropy", "last")


def stream() -> Task:
    return GivenTask(lambda step: symbols_every(step, continues=True), symbols(6), 6, "cross-entropy", "every")


def masked() -> Task:
    return GivenTask(lambda step: symbols_every(step, masked=True), symbols(6), 6, "cross-entropy", "every")


@pytest.mark.parametrize("make_task", [classification, stream])
@pytest.mark.parametrize("truncate", [0, 5])
def test_a_restored_trainer_goes_on_bit_for_bit(make_task: Callable[[], Task], truncate: int) -> None:
    task = make_task()
    choices: dict[str, Any] = {"layers": 2, "window": 2, "dtype": "float32"}
    settings: dict[str, Any] = {"truncate": truncate, "checkpoint_every": 2}
    trainer = make_trainer(task, network_for(task, **choices), **settings)
    for _ in range(3):
        trainer.train_step()
    state = trainer.state()
    expected = [trainer.train_step() for _ in range(4)]
    validation = trainer.validate()
    fresh = make_trainer(task, network_for(task, **choices, seed=99), **settings)
    fresh.restore(state)
    assert [fresh.train_step() for _ in range(4)] == expected
    assert fresh.validate() == validation
    np.testing.assert_array_equal(fresh.network.trained.flat, trainer.network.trained.flat)


@pytest.mark.parametrize("make_task", [classification, stream, masked])
@pytest.mark.parametrize("every", [1, 4, 9])
def test_a_probe_sees_the_same(make_task: Callable[[], Task], every: int) -> None:
    task = make_task()
    network = network_for(task, layers=2, window=2)
    for sequence in range(3):
        whole = Probe(network, task, size=3, sequence=sequence).snapshot(0).arrays
        found = Probe(network, task, size=3, sequence=sequence, checkpoint_every=every).snapshot(0).arrays
        assert found.keys() == whole.keys()
        for name, array in whole.items():
            assert (found[name].shape, found[name].dtype) == (array.shape, array.dtype), name
            if name != "words":
                np.testing.assert_allclose(found[name], array, rtol=1e-10, atol=1e-13, err_msg=name)


def peak_of(deed: Callable[[], object]) -> int:
    """Return how many bytes NumPy and Python take at most, beyond what they had."""
    tracemalloc.start()
    try:
        deed()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def peak_of_a_step(length: int, every: int, *, batch: int = 8, hidden: int = 32) -> tuple[int, float]:
    task = parse_task({"name": "adding", "length": length}).build(seed=0)
    trainer = make_trainer(task, network_for(task, hidden=hidden), batch=batch, checkpoint_every=every)
    losses: list[float] = []
    return peak_of(lambda: losses.append(trainer.train_step().loss)), losses[0]


def peak_of_a_look(length: int, every: int) -> int:
    task = parse_task({"name": "adding", "length": length}).build(seed=0)
    probe = Probe(network_for(task, hidden=32), task, size=8, checkpoint_every=every)
    return peak_of(lambda: probe.snapshot(0))


def test_training_takes_the_memory_of_a_segment() -> None:
    assert peak_of_a_step(800, 50)[0] < 0.2 * peak_of_a_step(800, 0)[0]
    assert peak_of_a_step(3200, 50)[0] < 1.2 * peak_of_a_step(800, 50)[0]


def test_a_probe_takes_the_memory_of_a_segment_and_of_what_it_shows() -> None:
    assert peak_of_a_look(800, 50) < 0.25 * peak_of_a_look(800, 0)


def test_ten_thousand_steps_are_trained_on_in_a_few_megabytes() -> None:
    """LSTM, 2 sequences, 16 units in float64: 9 columns a step would be 23 million bytes at the least."""
    peak, loss = peak_of_a_step(10_000, 100, batch=2, hidden=16)
    whole, expected = peak_of_a_step(10_000, 0, batch=2, hidden=16)
    assert loss == pytest.approx(expected, rel=1e-12)
    assert peak < 4_000_000
    assert whole > 23_000_000


def test_a_long_sequence_is_learnt_with_few_states_kept() -> None:
    """The loss of a fixed batch of 10,000 steps falls."""
    task = parse_task({"name": "adding", "length": 10_000}).build(seed=0)
    batch = task.training_batch(0, 2)
    own = GivenTask(lambda step: batch, task.inputs, 1, "squared-error", "last")
    network = network_for(own, hidden=16, dtype="float32")
    trainer = make_trainer(own, network, batch=2, checkpoint_every=100)
    losses = [trainer.train_step().loss for _ in range(8)]
    assert losses[-1] < 0.5 * losses[0]
