"""Training where arrays lie apart from the host's: the same numbers, and nobody waits for one of them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.training.strict_arrays import StrictArray, StrictModule, known_names, watched
from tests.training.strict_backend import StrictBackend
from tests.training.support import GivenTask, classify_last, make_trainer, symbols, symbols_every
from workbench.backends import Backend, get_backend
from workbench.cells import catalogue
from workbench.tasks import Real, Task, parse_task
from workbench.training.errors import Diverged, TrainingError
from workbench.training.initialization import Architecture
from workbench.training.learning import create_network
from workbench.training.optimizers import OPTIMIZERS
from workbench.training.probe import Probe
from workbench.training.teaching import TeacherForcing
from workbench.training.trainer import StepResult, Trainer

pytestmark = pytest.mark.once

STEPS = 7

TASKS: dict[str, dict[str, Any]] = {
    "adding": {"name": "adding", "length": 9},
    "copy": {"name": "copy", "delay": 4, "count": 3},
    "digits": {"name": "digits"},
    "language model": {"name": "language-model", "length": 9},
    "sentiment": {"name": "sentiment", "sentences": 100},
    "reverse": {"name": "reverse", "length": 5},
}
SIZES: dict[str, dict[str, Any]] = {
    "plain": {},
    "deep": {"layers": 2, "window": 3},
    "exact": {"dtype": "float64", "cell": "gru"},
    "embedded": {"embedding": 4},
    "embedded over a window": {"embedding": 3, "window": 3},
}
# Numbers have no embedding.
CASES = [
    (task, sizes)
    for task in TASKS
    for sizes in SIZES
    if task != "reverse" and ("embed" not in sizes or task not in ("adding", "digits"))
]
WHOLE: list[tuple[str, dict[str, Any]]] = [
    ("copy", {"bidirectional": True, "layers": 2}),
    ("sentiment", {"bidirectional": True, "embedding": 3}),
    ("sentiment", {"representation": "mean", "bidirectional": True}),
    ("adding", {"representation": "max"}),
    ("reverse", {}),
    ("reverse", {"layers": 2, "window": 2, "embedding": 3}),
    ("reverse", {"attention": True, "bidirectional": True}),
]
"""Networks that need sequences as a whole."""
WAYS: dict[str, dict[str, Any]] = {
    "whole": {"clip_norm": 0.5},
    "truncated": {"truncate": 4, "clip_value": 0.01},
    "in segments": {"checkpoint_every": 3, "truncate": 7},
}


def masked(step: int) -> Any:
    return symbols_every(step, masked=True)


GIVEN: dict[str, Callable[[], Task]] = {
    "masked": lambda: GivenTask(masked, symbols(6), 6, "cross-entropy", "every"),
    "of many lengths": lambda: GivenTask(classify_last, Real(3), 5, "cross-entropy", "last"),
}


def trainer_on(
    backend: Backend, task: Task, sizes: dict[str, Any] | None = None, optimizer: str = "adam", **ways: Any
) -> Trainer:
    """A trainer of a small network."""
    choices: dict[str, Any] = {"cell": "lstm", "hidden": 5} | (sizes or {})
    architecture = Architecture.of(task, catalogue()[choices.pop("cell")], **choices)
    network = create_network(backend, architecture, seed=2, length=task.length)
    return make_trainer(task, network, optimizer=optimizer, **ways)


def pair(task: Task, sizes: dict[str, Any] | None = None, **ways: Any) -> tuple[Trainer, Trainer]:
    """The same training on the host and on a device."""
    return trainer_on(get_backend("numpy"), task, sizes, **ways), trainer_on(StrictBackend(), task, sizes, **ways)


def host_steps(trainer: Trainer, count: int) -> list[StepResult]:
    return [trainer.train_step() for _ in range(count)]


def assert_same_state(device: Trainer, host: Trainer) -> None:
    found, expected = device.state(), host.state()
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert type(found[name]) is np.ndarray
        assert (found[name].dtype, found[name].tobytes()) == (array.dtype, array.tobytes()), name


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("task", "sizes"), CASES)
def test_every_task_trains_to_the_same_bits(task: str, sizes: str, way: str) -> None:
    built = parse_task(TASKS[task]).build(seed=1)
    host, device = pair(built, SIZES[sizes], **WAYS[way])
    assert device.train(STEPS) == host_steps(host, STEPS)
    assert_same_state(device, host)
    assert device.validate() == host.validate()


@pytest.mark.parametrize(("task", "sizes"), WHOLE)
def test_networks_that_need_whole_sequences_train_to_the_same_bits(task: str, sizes: dict[str, Any]) -> None:
    host, device = pair(parse_task(TASKS[task]).build(seed=1), sizes, clip_norm=0.5)
    assert device.train(STEPS) == host_steps(host, STEPS)
    assert_same_state(device, host)
    assert device.validate() == host.validate()


def test_a_decoder_that_sees_its_own_symbols_trains_to_the_same_bits() -> None:
    task = parse_task(TASKS["reverse"]).build(seed=1)
    host, device = pair(task, teacher_forcing=TeacherForcing(0.5, seed=1), beam=2)
    assert device.train(STEPS) == host_steps(host, STEPS)
    assert device.validate() == host.validate()


@pytest.mark.parametrize("kind", GIVEN)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimiser_moves_to_the_same_bits(optimizer: str, kind: str) -> None:
    host, device = pair(GIVEN[kind](), optimizer=optimizer, clip_norm=0.3, clip_value=0.05)
    assert device.train(STEPS) == host_steps(host, STEPS)
    assert_same_state(device, host)


@pytest.mark.parametrize("task", TASKS)
def test_a_chunk_waits_once_and_sends_its_batches_together(task: str) -> None:
    built = parse_task(TASKS[task]).build(seed=1)
    _, device = pair(built, clip_norm=0.5)
    device.train(2)
    with watched() as traffic:
        assert len(device.train(STEPS)) == STEPS
    assert traffic.waits == 1
    assert traffic.sent <= 2  # numbers and indices


@pytest.mark.parametrize("kind", GIVEN)
def test_masks_and_lengths_are_worked_out_before_they_are_sent(kind: str) -> None:
    _, device = pair(GIVEN[kind](), truncate=4)
    device.train(2)
    with watched() as traffic:
        device.train(STEPS)
    assert (traffic.waits, traffic.sent <= 2) == (1, True)


@pytest.mark.parametrize("chunks", [[1] * STEPS, [3, 1, 3], [2, 5]])
def test_chunks_of_any_length_give_the_same_numbers(chunks: list[int]) -> None:
    task = parse_task(TASKS["language model"]).build(seed=1)
    host, device = pair(task, {"window": 2}, clip_norm=0.5)
    found = [result for count in chunks for result in device.train(count)]
    assert found == host_steps(host, STEPS)
    assert_same_state(device, host)


def test_a_restored_trainer_goes_on_to_the_same_bits() -> None:
    task = parse_task(TASKS["language model"]).build(seed=1)
    host, device = pair(task, {"window": 2}, clip_norm=0.5)
    device.train(4)
    state = device.state()
    device.train(3)
    device.restore(state)
    host_steps(host, 4)
    assert device.train(STEPS) == host_steps(host, STEPS)
    assert_same_state(device, host)


def test_a_learning_rate_changed_between_chunks_holds_from_the_next_step_on() -> None:
    host, device = pair(GIVEN["masked"]())
    found = device.train(3)
    device.change_learning_rate(0.5)
    found += device.train(4)
    expected = host_steps(host, 3)
    host.change_learning_rate(0.5)
    assert found == expected + host_steps(host, 4)


def poisoned(at: int, value: float) -> Task:
    """Inputs are good until step ``at``, counted from 0, and from then on not finite."""

    def draw(step: int) -> Any:
        batch = classify_last(step)
        return replace(batch, inputs=np.full_like(batch.inputs, value)) if step >= at else batch

    return GivenTask(draw, Real(3), 5, "cross-entropy", "last")


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_run_that_diverges_stops_at_the_same_step_with_the_same_words(optimizer: str, value: float) -> None:
    host, device = pair(poisoned(4, value), optimizer=optimizer, clip_norm=1.0)
    assert device.train(STEPS) == host_steps(host, 4)
    assert_same_state(device, host)
    assert device.update is not None
    np.testing.assert_array_equal(device.update.get(), host.update)
    with pytest.raises(Diverged) as expected:
        host.train_step()
    for _ in range(2):
        with pytest.raises(Diverged) as found:
            device.train(STEPS)
        assert str(found.value) == str(expected.value)
    assert_same_state(device, host)


def test_a_run_that_diverges_at_once_is_as_it_was() -> None:
    host, device = pair(poisoned(0, np.nan))
    with pytest.raises(Diverged, match="step 1"):
        device.train(STEPS)
    assert (device.step, device.update) == (0, None)
    assert_same_state(device, host)


def test_steps_that_overflow_on_their_way_are_the_same_where_the_norm_itself_is_finite() -> None:
    """A gradient of float32 beyond 1e19 has squares that are no numbers."""

    def draw(step: int) -> Any:
        batch = classify_last(step)
        return replace(batch, inputs=batch.inputs * 1e15, targets=np.full((4, 1), 1e13))

    task = GivenTask(draw, Real(3), 1, "squared-error", "last")
    host, device = pair(task, {"cell": "elman"}, clip_norm=1.0)
    found = device.train(STEPS)
    assert found == host_steps(host, len(found))
    assert len(found) == STEPS
    assert_same_state(device, host)


def test_a_batch_that_cannot_be_had_is_refused_when_its_step_has_come() -> None:
    def draw(step: int) -> Any:
        batch = symbols_every(step, masked=True)
        return replace(batch, valid=np.zeros((9, 4), bool)) if step == 4 else batch

    host, device = pair(GivenTask(draw, symbols(6), 6, "cross-entropy", "every"))
    assert device.train(STEPS) == host_steps(host, 4)
    with pytest.raises(TrainingError, match="no target that counts"):
        device.train(STEPS)
    assert_same_state(device, host)


def test_a_chunk_is_as_long_as_its_batches_have_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.training.staging.STAGED", 1000)  # a batch of 4 sequences has about 900 bytes
    host, device = pair(parse_task({"name": "adding", "length": 25}).build(seed=1))
    found: list[StepResult] = []
    while len(found) < STEPS:
        chunk = device.train(STEPS - len(found))
        assert 1 <= len(chunk) <= 2
        found += chunk
    assert found == host_steps(host, STEPS)


def test_steps_that_fail_on_their_way_were_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    host, device = pair(GIVEN["masked"]())
    expected = host_steps(host, STEPS)
    found = device.train(3)
    run, calls = device.network.backward, iter(range(STEPS))

    def fail_at_the_third(*args: Any, **kwargs: Any) -> Any:
        if next(calls) == 2:
            raise MemoryError
        return run(*args, **kwargs)

    monkeypatch.setattr(device.network, "backward", fail_at_the_third)
    with pytest.raises(MemoryError):
        device.train(4)
    monkeypatch.undo()
    assert device.step == 3
    assert found + device.train(4) == expected
    assert_same_state(device, host)


@pytest.mark.parametrize("every", [0, 4])
@pytest.mark.parametrize("task", TASKS)
def test_a_probe_shows_the_same(task: str, every: int) -> None:
    built = parse_task(TASKS[task]).build(seed=1)
    shown = []
    for trainer in pair(built, {"window": 2}):
        trainer.train(2)
        probe = Probe(trainer.network, built, size=5, sequence=3, checkpoint_every=every)
        shown.append(probe.snapshot(2, trainer.update).arrays)
    host, device = shown
    assert host.keys() == device.keys()
    for name, array in host.items():
        assert isinstance(device[name], np.ndarray | np.generic)
        assert (device[name].shape, device[name].tobytes()) == (array.shape, array.tobytes()), name


def test_a_snapshot_comes_home_in_few_copies() -> None:
    task = parse_task(TASKS["adding"]).build(seed=1)
    _, device = pair(task, {"layers": 2})
    device.train(2)
    probe = Probe(device.network, task, size=5)
    with watched() as traffic:
        probe.snapshot(2, device.update)
    # What is seen in float32 and in float64; norms of parameters, norms of their updates, recurrent matrices.
    assert traffic.waits == 5


def test_a_checkpoint_comes_home_in_few_copies() -> None:
    _, device = pair(parse_task(TASKS["language model"]).build(seed=1), {"window": 2})
    device.train(2)
    with watched() as traffic:
        device.state()
    assert traffic.waits == 3  # whether all is finite; numbers; the last inputs of the window


def test_arrays_of_a_device_are_mixed_with_none_of_the_host() -> None:
    xp = StrictModule()
    own, other = xp.zeros((2, 3)), np.zeros((2, 3))
    deeds: list[Callable[[], Any]] = [
        lambda: own + other,
        lambda: other * own,
        lambda: np.asarray(own),
        lambda: np.sqrt(own),
        lambda: xp.add,
        lambda: xp.maximum(own, other),
        lambda: own.__setitem__(0, other[0]),
        lambda: own[[0, 1]],
        lambda: xp.clip(own, 0, 1, mode="wrap"),
    ]
    for deed in deeds:
        with pytest.raises((TypeError, AttributeError)):
            deed()


def test_what_is_waited_for_is_counted() -> None:
    xp = StrictModule()
    own = xp.arange(4)
    with watched() as traffic:
        float(own[1]), bool(own[1]), int(own[1]), own.max().item(), own[own > 1], own.get()
    assert traffic.waits == 6


def test_strict_arrays_have_nothing_that_cupys_lack() -> None:
    public = {f".{name}" for name in vars(StrictArray) if not name.startswith("_")}
    assert public == {name for name in known_names() if name.startswith(".")}


def test_the_names_are_cupys() -> None:
    cupy = pytest.importorskip("cupy")
    for name in known_names():
        assert hasattr(cupy.ndarray if name.startswith(".") else cupy, name.removeprefix(".")), name
