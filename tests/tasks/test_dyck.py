from math import log

import numpy as np
import pytest

from workbench.tasks.base import Batch
from workbench.tasks.dyck import Dyck, DyckSettings

ACCURACY, AFTER_CLOSING = "closing accuracy", "accuracy of closing after closing"


def dyck(seed: int = 0, **settings: int) -> Dyck:
    return DyckSettings.model_validate(settings).build(seed)


def with_stack(batch: Batch, kinds: int, depth: int) -> np.ndarray:
    """Logits of the true chances, from a stack kept for each sequence."""
    outputs = np.full((*batch.inputs.shape, 2 * kinds), -100.0)
    for own, sequence in enumerate(batch.inputs.T.tolist()):
        stack: list[int] = []
        for step, bracket in enumerate(sequence):
            stack = [*stack, bracket] if bracket < kinds else stack[:-1]
            if len(stack) < depth:
                outputs[step, own, :kinds] = -log(kinds)
            if stack:
                outputs[step, own, kinds + stack[-1]] = 0.0
    return outputs


@pytest.mark.parametrize(("kinds", "depth"), [(2, 4), (3, 1), (4, 7)])
def test_a_predictor_with_a_stack_scores_the_first_baseline(kinds: int, depth: int) -> None:
    task = dyck(kinds=kinds, depth=depth, length=30)
    batch = task.training_batch(0, 3000)
    stack, *_ = task.baselines()
    scores = task.metrics(with_stack(batch, kinds, depth), batch)
    assert scores["cross-entropy"] == pytest.approx(stack.value, abs=0.01)
    assert scores[ACCURACY] == scores[AFTER_CLOSING] == stack.metric == 1.0


@pytest.mark.parametrize("kinds", [2, 5])
def test_counting_pairs_scores_the_last_baseline(kinds: int) -> None:
    task = dyck(kinds=kinds)
    batch = task.training_batch(0, 4000)
    pairs = np.zeros((2 * kinds, 2 * kinds))
    np.add.at(pairs, (batch.inputs, batch.targets), 1)
    scores = task.metrics(np.log(np.maximum(pairs, 1e-9))[batch.inputs], batch)
    memoryless = task.baselines()[-1]
    assert scores["cross-entropy"] == pytest.approx(memoryless.value, abs=0.01)
    assert scores[ACCURACY] == pytest.approx(memoryless.metric, abs=0.01)
    assert scores[AFTER_CLOSING] == pytest.approx(1 / kinds, abs=0.02)


def test_knowing_more_never_costs_more() -> None:
    stack, depth, present = dyck().baselines()
    assert stack.value < depth.value < present.value
    assert stack.metric > depth.metric == present.metric > 1 / 2


def test_a_deep_stack_leaves_half_a_bit_of_kind_and_a_bit_of_direction_open() -> None:
    """Far from both bounds: ln 2, and ln k half of the time; brackets open half of the time."""
    stack, *_ = dyck(kinds=4, depth=100, length=10_000).baselines()
    assert stack.value == pytest.approx(log(2) + log(4) / 2, abs=0.02)


def test_only_the_closing_kinds_are_compared_where_a_bracket_closes() -> None:
    task = dyck()
    batch = Batch(np.array([[0], [1], [3], [2]]), np.array([[1], [3], [2], [0]]))
    outputs = np.zeros((4, 1, 4))
    outputs[:, :, :2] = 9  # an opening bracket seems likelier throughout
    outputs[1, 0, 3] = outputs[2, 0, 3] = 1  # the first closing one is right, the second is not
    scores = task.metrics(outputs, batch)
    assert (scores[ACCURACY], scores[AFTER_CLOSING]) == (0.5, 0.0)
    reading = task.reading(task.describe(batch, 0), outputs[:, 0], batch.targets[:, 0])
    assert (reading.inputs, reading.target, reading.answer) == ("([])", "[])(", "((((")
    assert (reading.correct, reading.note) == (False, "1 of 2 closing brackets right")


def test_without_closing_brackets_nothing_is_right_or_wrong() -> None:
    assert dyck().is_correct(np.zeros((2, 4)), np.array([0, 1])) is None


def test_the_first_bracket_opens_and_each_is_read_once_and_predicted_once() -> None:
    batch = dyck().training_batch(3, 64)
    assert (batch.inputs[0] < 2).all()
    assert np.array_equal(batch.inputs[1:], batch.targets[:-1])


def test_sequences_of_each_tested_length_are_drawn_apart() -> None:
    task = dyck(length=20, test_length=80)
    by_length = task.by_length()
    assert (min(by_length), max(by_length)) == (20, 80)
    assert all(batch.inputs.shape == (length, 64) for length, batch in by_length.items())
    assert not np.array_equal(by_length[20].inputs, task.validation().inputs[:, :64])
    assert dyck(length=20, test_length=0).by_length() == {}


def test_the_brackets_of_each_kind_are_shown_as_such() -> None:
    task = dyck(kinds=3)
    assert task.inputs.names == ("(", "[", "{", ")", "]", "}")
    assert set(task.preview(1)[0].inputs) <= set("()[]{}")
