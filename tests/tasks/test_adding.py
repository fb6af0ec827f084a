import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.adding import Adding, AddingSettings


def adding(length: int = 100, seed: int = 0) -> Adding:
    return AddingSettings(length=length).build(seed)


@given(length=st.integers(2, 40), seed=st.integers(0, 2**64), step=st.integers(0, 10**9))
def test_the_target_is_the_sum_of_one_number_from_each_half(length: int, seed: int, step: int) -> None:
    batch = adding(length, seed).training_batch(step, 3)
    numbers, markers = batch.inputs[:, :, 0], batch.inputs[:, :, 1]
    half = length // 2
    assert (markers[:half].sum(axis=0) == 1).all()
    assert (markers[half:].sum(axis=0) == 1).all()
    assert np.allclose((numbers * markers).sum(axis=0), batch.targets[:, 0])
    assert (numbers >= 0).all()
    assert (numbers < 1).all()


def test_marks_reach_both_ends_of_the_sequence() -> None:
    markers = adding(10).training_batch(0, 1000).inputs[:, :, 1]
    assert (markers.sum(axis=1) > 0).all()


def test_the_constant_1_scores_the_baseline() -> None:
    task = adding(2)
    (baseline,) = task.baselines()
    batch = task.training_batch(0, 200_000)
    score = task.metrics(np.ones_like(batch.targets), batch)["mse"]
    assert baseline.value == pytest.approx(1 / 6)
    # (u1 + u2 - 1)^2 has mean 1/6 and variance 1/15 - 1/36, so 200,000 of them a standard error of 0.00044.
    assert score == pytest.approx(baseline.value, abs=4 * 0.00044)


def test_the_true_sum_is_right_within_004_and_solves_the_task() -> None:
    task = adding()
    held_out = task.validation()
    assert task.metrics(held_out.targets, held_out) == {"mse": 0.0, "within 0.04": 1.0}
    assert task.solved_below == 1e-3


def test_held_out_sequences_are_drawn_apart_from_training() -> None:
    task = adding()
    assert not np.array_equal(task.training_batch(0, 500).inputs, task.validation().inputs)


def test_a_preview_brackets_the_marked_numbers() -> None:
    example = adding(20).preview(1)[0]
    assert example.inputs.count("[") == 2
    assert adding().describe_output(np.array([1.23456])) == "1.235"


def test_longer_sequences_are_marked_in_their_own_halves() -> None:
    task = AddingSettings(length=10, test_length=50).build(0)
    for length, batch in task.by_length().items():
        markers = batch.inputs[:, :, 1]
        assert (markers[: length // 2].sum(axis=0) == 1).all()
        assert (markers[length // 2 :].sum(axis=0) == 1).all()
        assert task.metrics(batch.targets, batch)["mse"] == 0.0
