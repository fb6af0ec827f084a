"""What holds for each task, whatever it teaches."""

import json

import numpy as np
import pytest

from workbench.tasks import Batch, Real, Task, describe_task, describe_tasks, parse_task, task_types

NAMES = tuple(task_types())


@pytest.fixture(params=NAMES)
def task(request: pytest.FixtureRequest) -> Task:
    return build(request.param)


def build(name: str, seed: int = 3) -> Task:
    return parse_task({"name": name}).build(seed)


def same(one: Batch, other: Batch) -> bool:
    pairs = ((vars(one)[name], vars(other)[name]) for name in vars(one))
    return all(np.array_equal(a, b) for a, b in pairs if a is not None or b is not None)


def logits_for(task: Task, batch: Batch) -> np.ndarray:
    """Read-outs of the right shape, none of them special."""
    columns = batch.inputs.shape[1]
    shape = (columns, task.outputs) if task.reads == "last" else (task.length, columns, task.outputs)
    return np.random.default_rng(0).normal(size=shape)


def test_a_training_batch_depends_on_seed_step_and_size_alone(task: Task) -> None:
    forwards = [task.training_batch(step, 5) for step in range(4)]
    again = build(task.name)
    again.validation()
    backwards = [again.training_batch(step, 5) for step in reversed(range(4))]
    assert all(same(one, other) for one, other in zip(forwards, reversed(backwards), strict=True))
    assert not same(forwards[0], forwards[1])


@pytest.mark.parametrize("name", [name for name in NAMES if name != "language-model"])
def test_another_seed_gives_other_batches(name: str) -> None:
    assert not same(build(name, seed=1).training_batch(0, 8), build(name, seed=2).training_batch(0, 8))


def test_batches_have_the_shapes_and_kinds_that_the_task_declares(task: Task) -> None:
    for batch, columns in ((task.training_batch(7, 6), 6), (task.validation(), None)):
        steps, found = batch.inputs.shape[:2]
        assert steps == task.length
        assert columns in {None, found}
        targets_lead = (found,) if task.reads == "last" else (steps, found)
        if isinstance(task.inputs, Real):
            assert batch.inputs.shape[2:] == (task.inputs.size,)
            assert batch.inputs.dtype == np.float64
        else:
            assert batch.inputs.dtype == np.int64
            assert batch.inputs.min() >= 0
            assert batch.inputs.max() < task.inputs.size == len(task.inputs.names)
        if task.loss == "cross-entropy":
            assert batch.targets.shape == targets_lead
            assert batch.targets.dtype == np.int64
            assert batch.targets.min() >= 0
            assert batch.targets.max() < task.outputs
        else:
            assert batch.targets.shape == (*targets_lead, task.outputs)


def test_held_out_sequences_stay_the_same_and_are_few_enough_to_be_cheap(task: Task) -> None:
    held_out = task.validation()
    assert same(held_out, build(task.name).validation())
    assert 100 <= held_out.inputs.shape[1] <= 500


def test_the_main_metric_is_among_the_metrics(task: Task) -> None:
    held_out = task.validation()
    metrics = task.metrics(logits_for(task, held_out), held_out)
    assert task.metric in metrics
    assert all(isinstance(value, float) and np.isfinite(value) for value in metrics.values())


def test_every_baseline_states_its_formula_and_source(task: Task) -> None:
    baselines = task.baselines()
    assert baselines
    for baseline in baselines:
        assert baseline.name
        assert baseline.formula
        assert baseline.source
        assert 0 < baseline.value < 10
        assert np.isfinite(baseline.metric)


def test_simple_baselines_are_the_first_of_all(task: Task) -> None:
    simple = task.simple_baselines()
    assert simple
    assert simple == task.baselines()[: len(simple)]


def test_previews_and_outputs_are_words_a_person_can_read(task: Task) -> None:
    examples = task.preview(4)
    assert len(examples) == 4
    assert all(example.inputs and example.target for example in examples)
    outputs = logits_for(task, task.training_batch(0, 1))
    assert task.describe_output(outputs[0] if task.reads == "last" else outputs[:, 0])


def test_a_reading_says_what_was_read_what_was_due_and_what_the_network_answered(task: Task) -> None:
    batch = task.training_batch(0, 2)
    outputs, length = logits_for(task, batch), int(batch.lengths[1]) if batch.lengths is not None else task.length
    own = (outputs[1], batch.targets[1]) if task.reads == "last" else (outputs[:length, 1], batch.targets[:length, 1])
    example = task.describe(batch, 1)
    reading = task.reading(example, *own)
    assert (reading.inputs, reading.answer) == (example.inputs, task.describe_output(own[0]))
    assert reading.target
    assert reading.target in example.target
    assert reading.correct is task.is_correct(*own)


def test_what_is_right_is_called_right_and_what_is_wrong_is_called_wrong(task: Task) -> None:
    batch = task.training_batch(0, 1)
    target = batch.targets[0] if task.reads == "last" else batch.targets[:, 0]
    if task.loss == "squared-error":
        assert task.is_correct(target + 0.039, target) is True
        assert task.is_correct(target + 0.041, target) is False
        return
    right = np.eye(task.outputs)[target]
    if task.name == "language-model":
        assert task.is_correct(right, target) is None
    else:
        assert task.is_correct(right, target) is True
        assert task.is_correct(-right, target) is False


def test_inputs_and_outputs_have_names(task: Task) -> None:
    assert len(task.inputs.names) == task.inputs.size
    if task.loss == "cross-entropy":
        assert task.output_names is not None
        assert len(task.output_names) == task.outputs


def test_descriptions_are_json_with_a_title_a_help_and_bounds_for_each_field() -> None:
    described = json.loads(json.dumps(describe_tasks()))
    assert [task["name"] for task in described] == list(NAMES)
    for task in described:
        assert task["title"]
        assert task["about"]
        assert task["protocol"].endswith(".")
        assert task["source"]
        for field in task["fields"]:
            assert field["title"]
            assert field["description"].endswith(".")
            assert "default" in field
            if field["type"] == "integer":
                assert field["minimum"] < field["maximum"]
                assert field["unit"]


def test_a_description_tells_how_the_task_is_read_and_judged() -> None:
    adding = describe_task("adding")
    assert (adding["inputs"], adding["reads"], adding["loss"], adding["metric"], adding["better"]) == (
        "real",
        "last",
        "squared-error",
        "mse",
        "lower",
    )
