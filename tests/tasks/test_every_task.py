"""What holds for each task, whatever it teaches."""

import json
from functools import cache
from typing import get_args

import numpy as np
import pytest

from workbench.tasks import (
    END,
    Batch,
    Real,
    Task,
    Use,
    describe_task,
    describe_tasks,
    parse_task,
    task_class,
    task_types,
)

NAMES = tuple(task_types())
DECODERS = [name for name in NAMES if task_class(parse_task({"name": name})).reads == "decoder"]


@pytest.fixture(params=NAMES)
def task(request: pytest.FixtureRequest) -> Task:
    return shared(request.param)


@cache
def shared(name: str) -> Task:
    return build(name)


def build(name: str, seed: int = 3, **settings: object) -> Task:
    return parse_task({"name": name, **settings}).build(seed)


def same(one: Batch, other: Batch) -> bool:
    pairs = ((vars(one)[name], vars(other)[name]) for name in vars(one))
    return all(np.array_equal(a, b) for a, b in pairs if a is not None or b is not None)


def logits_for(task: Task, batch: Batch) -> np.ndarray:
    """Read-outs of the right shape, none of them special."""
    shape = (*lead_of_targets(task, batch), task.outputs)
    return np.random.default_rng(0).normal(size=shape)


def lead_of_targets(task: Task, batch: Batch) -> tuple[int, ...]:
    """(B,), (T, B), or (U, B) where a decoder writes."""
    return batch.targets.shape[:1] if task.reads == "last" else batch.targets.shape[:2]


def task_with_lengths(name: str) -> Task:
    """A task that keeps results by length, up to twice the length of its default's test."""
    settings = parse_task({"name": name})
    longest = max(getattr(settings, "test_length", 0), shared(name).length)
    return build(name, test_length=2 * longest)


def own_of(task: Task, batch: Batch, own: int, outputs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One sequence's read-out and target, without padding of what was read."""
    if task.reads == "last":
        return outputs[own], batch.targets[own]
    steps = int(batch.lengths[own]) if batch.lengths is not None and task.reads == "every" else len(batch.targets)
    return outputs[:steps, own], batch.targets[:steps, own]


def test_a_training_batch_depends_on_seed_step_and_size_alone(task: Task) -> None:
    forwards = [task.training_batch(step, 5) for step in range(4)]
    again = build(task.name)
    again.validation()
    backwards = [again.training_batch(step, 5) for step in reversed(range(4))]
    assert all(same(one, other) for one, other in zip(forwards, reversed(backwards), strict=True))
    assert not same(forwards[0], forwards[1])


@pytest.mark.parametrize("name", NAMES)
def test_another_seed_gives_other_batches(name: str) -> None:
    """But for a text or a series that is read from its beginning to its end."""
    one, other = (build(name, seed=seed) for seed in (1, 2))
    assert same(one.training_batch(0, 8), other.training_batch(0, 8)) <= bool(one.predicts_next and one.data_hashes())


def test_batches_have_the_shapes_and_kinds_that_the_task_declares(task: Task) -> None:
    for batch, columns in ((task.training_batch(7, 6), 6), (task.validation(), None)):
        steps, found = batch.inputs.shape[:2]
        assert steps == task.length - (len(batch.targets) if task.reads == "decoder" else 0)
        assert columns in {None, found}
        lead = lead_of_targets(task, batch)
        assert lead == {"last": (found,), "every": (steps, found), "decoder": (len(batch.targets), found)}[task.reads]
        if isinstance(task.inputs, Real):
            assert batch.inputs.shape[2:] == (task.inputs.size,)
            assert batch.inputs.dtype == np.float64
        else:
            assert batch.inputs.dtype == np.int64
            assert batch.inputs.min() >= 0
            assert batch.inputs.max() < task.inputs.size == len(task.inputs.names)
        if task.loss == "cross-entropy":
            assert batch.targets.shape == lead
            assert batch.targets.dtype == np.int64
            assert batch.targets.min() >= 0
            assert batch.targets.max() < task.outputs
        else:
            assert batch.targets.shape == (*lead, task.outputs)


def test_what_is_padded_is_0_and_counts_for_nothing(task: Task) -> None:
    for batch in (task.training_batch(7, 6), task.validation()):
        steps = np.arange(len(batch.inputs))[:, None]
        if batch.lengths is not None:
            assert batch.lengths.shape == batch.inputs.shape[1:2]
            assert 1 <= batch.lengths.min() <= batch.lengths.max() <= len(batch.inputs)
            assert not batch.inputs[steps >= batch.lengths].any()
        if batch.valid is not None:
            assert batch.valid.dtype == np.bool_
            assert batch.valid.shape == lead_of_targets(task, batch)
            assert batch.valid.any(axis=0).all()
            if batch.lengths is not None and task.reads == "every":
                assert not batch.valid[steps >= batch.lengths].any()


def test_held_out_sequences_stay_the_same_and_are_few_enough_to_be_cheap(task: Task) -> None:
    """There may be fewer than a hundred where the data are what they are."""
    held_out = task.validation()
    assert same(held_out, build(task.name).validation())
    assert (1 if task.data_hashes() else 100) <= held_out.inputs.shape[1] <= 500


def test_the_main_metric_is_among_the_metrics(task: Task) -> None:
    held_out = task.validation()
    metrics = task.metrics(logits_for(task, held_out), held_out)
    if task.reads == "decoder":
        metrics |= task.judge_written(np.ones((7, held_out.inputs.shape[1]), dtype=np.int64), held_out)
    assert task.metric in metrics
    assert all(isinstance(value, float) and np.isfinite(value) for value in metrics.values())


@pytest.mark.parametrize("name", [name for name in NAMES if "test_length" in task_types()[name].model_fields])
def test_several_lengths_are_tested_up_to_the_longest_one(name: str) -> None:
    task = task_with_lengths(name)
    by_length = task.by_length()
    assert list(by_length) == sorted(by_length)
    assert 2 <= len(by_length) <= 6
    steps = [len(batch.inputs) for batch in by_length.values()]
    assert steps == sorted(set(steps))
    assert all(
        same(batch, other)
        for batch, other in zip(by_length.values(), task_with_lengths(name).by_length().values(), strict=True)
    )
    for batch in by_length.values():
        assert 1 <= batch.inputs.shape[1] <= 128
        if task.reads == "decoder":
            assert task.judge_written(batch.targets, batch)[task.metric] == 1.0
        else:
            assert np.isfinite(task.metrics(logits_for(task, batch), batch)[task.metric])


def test_only_a_task_with_a_test_length_tests_several(task: Task) -> None:
    assert not task.by_length() or "test_length" in type(task.settings).model_fields


def test_scores_of_running_freely_are_numbers(task: Task) -> None:
    def predict(inputs: np.ndarray, state: object) -> tuple[np.ndarray, object]:
        return np.full((len(inputs), task.outputs), 0.01), state

    assert all(isinstance(value, float) and np.isfinite(value) for value in task.free_running(predict).values())


def test_every_baseline_states_its_formula_and_source(task: Task) -> None:
    baselines = task.baselines()
    assert baselines
    for baseline in baselines:
        assert baseline.name
        assert baseline.formula
        assert baseline.source
        assert 0 < baseline.value < 10
        assert np.isfinite(baseline.metric)
    assert len({baseline.name for baseline in baselines}) == len(baselines)


def test_simple_baselines_are_the_first_of_all(task: Task) -> None:
    simple = task.simple_baselines()
    assert simple
    assert simple == task.baselines()[: len(simple)]


def test_previews_and_outputs_are_words_a_person_can_read(task: Task) -> None:
    examples = task.preview(4)
    assert len(examples) == 4
    assert all(example.inputs and example.target for example in examples)
    batch = task.training_batch(0, 1)
    assert task.describe_output(own_of(task, batch, 0, logits_for(task, batch))[0])


def test_a_reading_says_what_was_read_what_was_due_and_what_the_network_answered(task: Task) -> None:
    batch = task.training_batch(0, 2)
    own = own_of(task, batch, 1, logits_for(task, batch))
    example = task.describe(batch, 1)
    reading = task.reading(example, *own)
    assert (reading.inputs, reading.answer) == (example.inputs, task.describe_output(own[0]))
    assert reading.target
    assert reading.target in example.target
    assert reading.correct is task.is_correct(*own)


def test_what_is_right_is_called_right_and_what_is_wrong_is_called_wrong(task: Task) -> None:
    """Where the task knows right and wrong at all."""
    batch = task.training_batch(0, 1)
    classes = task.loss == "cross-entropy"
    right, target = own_of(task, batch, 0, np.eye(task.outputs)[batch.targets] if classes else batch.targets)
    wrong = -right if classes else right + 1000.0
    if task.is_correct(right, target) is None:
        assert task.is_correct(wrong, target) is None
    else:
        assert task.is_correct(right, target) is True
        assert task.is_correct(wrong, target) is False


@pytest.mark.parametrize("name", DECODERS)
class TestDecoders:
    """What holds for each task with a decoder."""

    def test_what_counts_goes_up_to_the_first_end_and_only_ends_follow(self, name: str) -> None:
        task = shared(name)
        for batch in (task.training_batch(7, 6), task.validation(), *task.by_length().values()):
            assert batch.valid is not None
            assert batch.lengths is not None
            for target, valid in zip(batch.targets.T, batch.valid.T, strict=True):
                end = int(np.flatnonzero(target == END)[0])
                assert np.array_equal(valid, np.arange(len(target)) <= end)
                assert (target[end:] == END).all()

    def test_all_batches_have_the_same_steps(self, name: str) -> None:
        task = shared(name)
        batches = task.training_batch(0, 3), task.training_batch(5, 7), task.validation()
        assert len({(len(batch.inputs), len(batch.targets)) for batch in batches}) == 1

    def test_what_was_due_is_right_with_any_padding_and_nothing_is_wrong(self, name: str) -> None:
        task = shared(name)
        batch = task.validation()
        nothing = np.full_like(batch.targets[:1], END)
        for written in (batch.targets, np.concatenate([batch.targets, *[nothing] * 5])):
            assert task.judge_written(written, batch)[task.metric] == 1.0
        assert task.judge_written(nothing, batch)[task.metric] == 0.0

    def test_a_reading_shows_what_was_written(self, name: str) -> None:
        task = shared(name)
        batch = task.training_batch(0, 1)
        example, target = task.describe(batch, 0), batch.targets[:, 0]
        right = task.reading_written(example, target, target)
        assert (right.inputs, right.target, right.answer, right.correct) == (
            example.inputs,
            example.target,
            example.target,
            True,
        )
        assert task.reading_written(example, target[-1:], target).correct is False

    def test_the_end_has_a_name(self, name: str) -> None:
        names = shared(name).output_names
        assert names is not None
        assert names[END] == "∎"


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
        assert task["use"] in get_args(Use)
        assert task["protocol"].endswith(".")
        assert task["source"]
        for field in task["fields"]:
            assert field["title"]
            assert field["description"].endswith(".")
            assert "default" in field
            if field.get("type") == "integer":
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
