"""Training: it learns, it stops and goes on exactly, and it says when it diverges."""

from collections.abc import Callable
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
)
from workbench.backends import get_backend
from workbench.cells import Cell
from workbench.tasks import Batch, Real, Task, parse_task
from workbench.training.errors import Diverged, TrainingError
from workbench.training.initialization import Architecture
from workbench.training.network import Network
from workbench.training.optimizers import OPTIMIZERS
from workbench.training.probe import Probe
from workbench.training.teaching import TeacherForcing
from workbench.training.trainer import Trainer


def classification() -> Task:
    return GivenTask(classify_last, Real(3), 5, "cross-entropy", "last")


def stream() -> Task:
    return GivenTask(lambda step: symbols_every(step, continues=step > 0), symbols(6), 6, "cross-entropy", "every")


def writer(task: Task, sizes: dict[str, Any], seed: int = 2) -> Trainer:
    """A trainer of an encoder and decoder that sees half of its own symbols, and is judged with a beam."""
    network = network_for(task, dtype="float32", seed=seed, **sizes)
    return make_trainer(task, network, teacher_forcing=TeacherForcing(0.5, seed=1), beam=2)


def poisoned(step: int, value: float) -> Callable[[int], Batch]:
    """A task whose inputs are good until ``step``."""

    def draw(at: int) -> Batch:
        batch = classify_last(at)
        return replace(batch, inputs=np.full_like(batch.inputs, value)) if at == step else batch

    return draw


def test_training_on_one_batch_again_and_again_learns_it() -> None:
    task = GivenTask(lambda _: classify_last(), Real(3), 5, "cross-entropy", "last")
    trainer = make_trainer(task, network_for(task, hidden=16), learning_rate=0.05)
    losses = [trainer.train_step().loss for _ in range(60)]
    assert losses[0] == pytest.approx(np.log(5), rel=0.5)
    assert losses[-1] < 0.01


def test_elman_learns_to_add_over_a_few_steps() -> None:
    task = parse_task({"name": "adding", "length": 4}).build(seed=1)
    network = network_for(task, cell="elman", hidden=16, dtype="float32")
    trainer = make_trainer(task, network, batch=32, learning_rate=0.01)
    for _ in range(300):
        trainer.train_step()
    assert trainer.validate().loss < 0.02


def test_steps_count_from_one_and_report_the_rate_they_used() -> None:
    trainer = make_trainer(classification(), network_for(classification()))
    results = [trainer.train_step() for _ in range(3)]
    assert [result.step for result in results] == [1, 2, 3]
    assert {result.learning_rate for result in results} == {0.01}
    assert trainer.step == 3


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("make_task", [classification, stream])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_restored_trainer_goes_on_bit_for_bit(optimizer: str, make_task: Callable[[], Task], dtype: str) -> None:
    task = make_task()
    choices = {"layers": 2, "window": 2, "dtype": dtype}
    trainer = make_trainer(task, network_for(task, **choices), optimizer=optimizer, truncate=4)
    for _ in range(3):
        trainer.train_step()
    state = trainer.state()
    expected = [trainer.train_step() for _ in range(4)]
    fresh = make_trainer(task, network_for(task, **choices, seed=99), optimizer=optimizer, truncate=4)
    fresh.restore(state)
    assert [fresh.train_step() for _ in range(4)] == expected
    np.testing.assert_array_equal(fresh.network.trained.flat, trainer.network.trained.flat)


SIZES: list[dict[str, Any]] = [{"layers": 2}, {"attention": True, "bidirectional": True, "embedding": 3}]


@pytest.mark.parametrize("sizes", SIZES)
def test_a_restored_encoder_and_decoder_goes_on_bit_for_bit(sizes: dict[str, Any]) -> None:
    task = parse_task({"name": "reverse", "length": 4}).build(seed=1)
    trainer = writer(task, sizes)
    trainer.train(3)
    state = trainer.state()
    expected = trainer.train(4), trainer.validate()
    fresh = writer(task, sizes, seed=99)
    fresh.restore(state)
    assert (fresh.train(4), fresh.validate()) == expected
    np.testing.assert_array_equal(fresh.network.trained.flat, trainer.network.trained.flat)


@pytest.mark.parametrize("sizes", SIZES)
def test_judging_and_looking_at_what_a_decoder_writes_change_nothing_in_training(sizes: dict[str, Any]) -> None:
    task = parse_task({"name": "reverse", "length": 4, "test_length": 6}).build(seed=1)
    watched, alone = writer(task, sizes), writer(task, sizes)
    probe = Probe(watched.network, task, size=4, beam=2)
    for step in range(4):
        probe.snapshot(step, watched.update)
        watched.validate()
        assert watched.train_step() == alone.train_step()
    np.testing.assert_array_equal(watched.network.trained.flat, alone.network.trained.flat)


def test_a_state_is_a_copy_that_later_steps_leave_alone() -> None:
    trainer = make_trainer(classification(), network_for(classification()))
    trainer.train_step()
    state = trainer.state()
    before = {name: array.copy() for name, array in state.items()}
    trainer.train_step()
    for name, array in before.items():
        np.testing.assert_array_equal(state[name], array)


def test_a_changed_learning_rate_is_used_and_restored() -> None:
    trainer = make_trainer(classification(), network_for(classification()))
    trainer.change_learning_rate(0.5)
    state = trainer.state()
    assert trainer.train_step().learning_rate == 0.5
    fresh = make_trainer(classification(), network_for(classification()))
    fresh.restore(state)
    assert fresh.learning_rate == 0.5


@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_a_learning_rate_that_is_no_positive_number_is_refused(value: float) -> None:
    trainer = make_trainer(classification(), network_for(classification()))
    with pytest.raises(TrainingError, match="not a positive number"):
        trainer.change_learning_rate(value)


def test_a_checkpoint_of_another_network_is_refused() -> None:
    small, large = (make_trainer(stream(), network_for(stream(), hidden=h)) for h in (4, 5))
    with pytest.raises(TrainingError, match="belongs to another experiment"):
        large.restore(small.state())


def test_a_checkpoint_of_another_optimiser_is_refused() -> None:
    task = classification()
    sgd, adam = (make_trainer(task, network_for(task), optimizer=name) for name in ("sgd", "adam"))
    with pytest.raises(TrainingError, match="no optimizer/mean"):
        adam.restore(sgd.state())


def test_states_carry_over_in_a_stream_and_start_afresh_otherwise() -> None:
    def separate(step: int) -> Batch:
        return symbols_every(step)

    losses = []
    for task in (stream(), GivenTask(separate, symbols(6), 6, "cross-entropy", "every")):
        trainer = make_trainer(task, network_for(task))
        losses.append([trainer.train_step().loss for _ in range(2)])
    assert losses[0][0] == losses[1][0]
    assert losses[0][1] != losses[1][1]


def test_a_stream_gives_the_loss_of_its_batches_joined() -> None:
    task = stream()
    frozen = make_trainer(task, network_for(task, window=3), optimizer="sgd", learning_rate=1e-300)
    apart = np.mean([frozen.train_step().loss for _ in range(3)])
    parts = [symbols_every(step) for step in range(3)]
    whole = Batch(np.concatenate([p.inputs for p in parts]), np.concatenate([p.targets for p in parts]))
    joined = GivenTask(lambda _: whole, symbols(6), 6, "cross-entropy", "every")
    together = make_trainer(joined, network_for(joined, window=3)).train_step().loss
    assert apart == pytest.approx(together, rel=1e-12)


@pytest.mark.parametrize(
    ("rate", "words"),
    [(1000.0, "now 1000)"), (250_000.0, "now 250000)"), (0.0003, "now 0.0003)"), (1e-9, "now 1e-09)")],
)
def test_the_sentence_of_a_run_that_diverged_writes_its_learning_rate_plainly(rate: float, words: str) -> None:
    task = GivenTask(poisoned(0, np.nan), Real(3), 5, "cross-entropy", "last")
    with pytest.raises(Diverged) as refusal:
        make_trainer(task, network_for(task), learning_rate=rate, clip_norm=0.0).train_step()
    assert words in str(refusal.value)
    assert "set the clip norm (1 is a common choice)" in str(refusal.value)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_loss_that_is_not_finite_stops_training_before_it_touches_a_parameter(value: float) -> None:
    task = GivenTask(poisoned(2, value), Real(3), 5, "cross-entropy", "last")
    trainer = make_trainer(task, network_for(task), clip_norm=1.0)
    norm = [trainer.train_step().gradient_norm for _ in range(2)][-1]
    before = trainer.state()
    with pytest.raises(Diverged, match=f"step 3.*loss is.*norm was {norm:.3g}.*learning rate.*the clip norm"):
        trainer.train_step()
    for name, array in trainer.state().items():
        np.testing.assert_array_equal(array, before[name])


def test_a_gradient_that_is_not_finite_stops_training_though_the_loss_is() -> None:
    batch = Batch(np.zeros((2, 4, 3)), np.ones((4, 1)))
    task = GivenTask(lambda _: batch, Real(3), 1, "squared-error", "last")
    root = Cell.from_equations("h = sqrt(W_hx @ x)", states=["h"])  # its slope at 0 is infinite
    network = Network(get_backend("numpy"), Architecture.of(task, root, hidden=4))
    before = network.trained.flat.copy()
    with pytest.raises(Diverged, match=r"step 1: the gradient's norm is nan.*first step"):
        make_trainer(task, network).train_step()
    np.testing.assert_array_equal(network.trained.flat, before)


def test_a_parameter_that_is_not_finite_is_never_kept_in_a_checkpoint() -> None:
    trainer = make_trainer(classification(), network_for(classification()))
    trainer.network.trained.flat[3] = np.inf
    with pytest.raises(Diverged, match="parameter is not finite"):
        trainer.state()


def test_the_reported_norm_is_that_before_clipping() -> None:
    free, clipped = (
        make_trainer(classification(), network_for(classification()), optimizer="sgd", clip_norm=limit)
        for limit in (None, 1e-3)
    )
    assert free.train_step().gradient_norm == clipped.train_step().gradient_norm > 1e-3
    assert clipped.update is not None
    assert np.linalg.norm(clipped.update) == pytest.approx(0.01 * 1e-3, rel=1e-6)


def test_clipping_by_value_bounds_every_entry_of_the_update() -> None:
    task = classification()
    trainer = make_trainer(task, network_for(task), optimizer="sgd", clip_value=1e-3)
    trainer.train_step()
    assert trainer.update is not None
    assert np.abs(trainer.update).max() == pytest.approx(0.01 * 1e-3, rel=1e-12)


def test_validation_asks_the_task_for_its_metrics() -> None:
    task = parse_task({"name": "adding", "length": 8}).build(seed=1)
    validation = make_trainer(task, network_for(task), batch=64).validate()
    assert validation.metrics["mse"] == pytest.approx(validation.loss, rel=1e-12)
