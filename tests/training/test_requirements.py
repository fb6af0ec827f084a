"""What a training needs is known beforehand and refused in words."""

import tracemalloc
from typing import Any

import pytest

from tests.training.strict_backend import StrictBackend
from tests.training.support import make_trainer, network_for
from workbench.backends import get_backend
from workbench.cells import catalogue
from workbench.tasks import Task, parse_task
from workbench.training.errors import TrainingError
from workbench.training.initialization import Architecture
from workbench.training.probe import Probe
from workbench.training.requirements import Requirements, requirements
from workbench.training.staging import STAGED

ADDING = parse_task({"name": "adding", "length": 20}).build(seed=0)


def needed(hidden: int = 8, batch: int = 4, **choices: Any) -> Requirements:
    architecture = Architecture.of(ADDING, catalogue()["lstm"], hidden=hidden)
    return requirements(get_backend("numpy"), architecture, ADDING, batch=batch, **choices)


def test_parameters_are_those_the_network_will_train() -> None:
    assert needed().parameters == network_for(ADDING, hidden=8).trained.flat.size


def test_the_count_is_that_of_the_formula_for_an_lstm() -> None:
    hidden, inputs = 8, 2
    assert needed().parameters == 4 * hidden * (hidden + inputs + 1) + hidden + 1


def test_adam_remembers_one_array_more_than_gradient_descent() -> None:
    adam, sgd = (needed(optimizer=name).parameter_memory for name in ("adam", "sgd"))
    assert adam - sgd == 4 * needed().parameters


def test_where_programs_work_ahead_there_is_room_to_go_back_and_for_batches() -> None:
    architecture = Architecture.of(ADDING, catalogue()["lstm"], hidden=8)
    ahead = requirements(StrictBackend(), architecture, ADDING, batch=4, optimizer="adam")
    own = needed(optimizer="adam")
    # Parameters, their last update and Adam's two memories.
    assert ahead.parameter_memory - own.parameter_memory == 4 * 4 * own.parameters
    assert ahead.batch_memory - own.batch_memory == STAGED


def peak_of(task: Task, sizes: dict[str, Any], cut: dict[str, Any]) -> int:
    """Bytes at most in use while training, judging and looking go on."""
    tracemalloc.start()
    try:
        trainer = make_trainer(task, network_for(task, hidden=48, dtype="float32", **sizes), batch=16, **cut)
        trainer.train_step()
        trainer.validate()
        every = cut.get("checkpoint_every", 0)
        Probe(trainer.network, task, size=8, checkpoint_every=every).snapshot(1, trainer.update)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("task", "sizes", "cut"),
    [
        *(
            ({"name": name, **size}, {}, {"truncate": truncate, "checkpoint_every": every})
            for name, size in (("adding", {"length": 80}), ("copy", {"delay": 60}))
            for truncate, every in ((0, 0), (30, 0), (0, 20), (30, 12))
        ),
        ({"name": "parity", "length": 20, "test_length": 160}, {}, {}),
        ({"name": "copy", "delay": 60}, {"bidirectional": True}, {}),
        ({"name": "adding", "length": 80}, {"representation": "max", "bidirectional": True}, {}),
        ({"name": "reverse", "length": 40}, {}, {}),
        ({"name": "reverse", "length": 40}, {"attention": True, "bidirectional": True, "layers": 2}, {}),
    ],
)
def test_the_memory_is_what_training_then_takes(
    task: dict[str, Any], sizes: dict[str, Any], cut: dict[str, Any]
) -> None:
    built = parse_task(task).build(seed=0)
    architecture = Architecture.of(built, catalogue()["lstm"], hidden=48, **sizes)
    wanted = requirements(get_backend("numpy"), architecture, built, batch=16, probe=8, **cut)
    peak = peak_of(built, sizes, cut)
    assert peak < 1.1 * wanted.memory
    assert wanted.memory < 2.5 * peak


def test_what_needs_whole_sequences_is_not_told_to_cut_them() -> None:
    architecture = Architecture.of(ADDING, catalogue()["lstm"], hidden=8, bidirectional=True)
    wanted = requirements(get_backend("numpy"), architecture, ADDING, batch=4)
    with pytest.raises(TrainingError, match=r"Lower batch or hidden, or shorten the task\.$"):
        wanted.refuse_beyond(wanted.batch_memory)


def test_memory_grows_with_the_batch_and_shrinks_with_truncation() -> None:
    assert needed(batch=128).batch_memory > 1.9 * needed(batch=64).batch_memory
    assert needed(truncate=5).batch_memory < 0.5 * needed().batch_memory


def long_task(**choices: Any) -> Requirements:
    task = parse_task({"name": "adding", "length": 10_000}).build(seed=0)
    architecture = Architecture.of(task, catalogue()["lstm"], hidden=64)
    return requirements(get_backend("numpy"), architecture, task, batch=8, probe=16, **choices)


def test_memory_falls_with_every_state_that_is_not_kept() -> None:
    assert long_task(checkpoint_every=1000).memory < 0.15 * long_task().memory
    assert long_task(checkpoint_every=100).memory < 0.03 * long_task().memory
    assert long_task(checkpoint_every=10_000).memory == long_task().memory


def test_a_long_sequence_is_refused_with_the_distance_of_states_that_would_fit() -> None:
    enough = long_task(checkpoint_every=100).memory
    with pytest.raises(TrainingError, match=r"Set checkpoint_every to 100, which needs \d+\.\d MiB"):
        long_task().refuse_beyond(enough)
    long_task(checkpoint_every=100).refuse_beyond(enough)
    with pytest.raises(TrainingError, match="or set truncate or checkpoint_every"):
        long_task().refuse_beyond(enough - 1)


def test_what_is_spared_already_is_not_suggested() -> None:
    wanted = long_task(checkpoint_every=100)
    with pytest.raises(TrainingError, match=r"or set truncate\.$"):
        wanted.refuse_beyond(wanted.batch_memory)


def test_a_billion_units_are_counted_without_being_allocated() -> None:
    assert needed(hidden=10**9).memory > 10**18


def test_what_fits_is_not_refused() -> None:
    needed().refuse_beyond(10**9)


def test_too_many_parameters_are_refused_with_the_numbers_and_what_to_lower() -> None:
    wanted = needed(hidden=20_000)
    with pytest.raises(TrainingError, match=r"needs .* GiB .*parameters.*1\.0 GiB are free.*Lower hidden"):
        wanted.refuse_beyond(2**30)


def test_too_large_a_batch_is_refused_with_what_to_lower() -> None:
    with pytest.raises(TrainingError, match="Lower batch"):
        needed(batch=10**7).refuse_beyond(2**30)
