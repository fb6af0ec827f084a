from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from workbench.tasks.base import Batch
from workbench.tasks.counting import Counting, CountingSettings

LARGEST, WITHOUT_ERROR = "largest n", "strings without error"


def counting(seed: int = 0, **settings: int) -> Counting:
    return CountingSettings.model_validate(settings).build(seed)


def perfect(task: Counting, batch: Batch, up_to: int) -> NDArray[np.float64]:
    """Logits that are right for strings with n up to ``up_to``; of longer ones they miss the closing symbol."""
    outputs: NDArray[np.float64] = 10 * np.eye(task.outputs)[batch.targets]
    n = (batch.inputs == 1).sum(axis=0)
    for own in np.flatnonzero(n > up_to):
        length = len(batch.inputs) if batch.lengths is None else batch.lengths[own]
        outputs[length - 1, own, 1] = 20
    return outputs


@given(letters=st.integers(2, 3), largest=st.integers(2, 12), seed=st.integers(0, 2**32))
def test_a_string_has_as_many_of_each_letter_between_two_marks(letters: int, largest: int, seed: int) -> None:
    task = counting(seed, letters=letters, largest=largest)
    batch = task.training_batch(0, 6)
    assert len(batch.inputs) == task.length == letters * largest + 1
    for own in range(6):
        example = task.describe(batch, own)
        n = example.inputs.count("a")
        assert 1 <= n <= largest
        word = "a" * n + "b" * n + "c" * n * (letters - 2)
        assert (example.inputs, example.target, example.note) == (f"#{word}", f"{word}#", f"n = {n}")


def test_each_n_is_drawn_as_often() -> None:
    batch = counting(largest=5).training_batch(0, 50_000)
    counts = np.bincount((batch.inputs == 1).sum(axis=0))
    # Standard errors below 0.002.
    assert counts[1:] / 50_000 == pytest.approx([0.2] * 5, abs=0.008)


@pytest.mark.parametrize(("letters", "largest"), [(2, 10), (3, 10), (2, 2), (3, 7)])
def test_knowing_how_n_is_drawn_scores_the_first_baseline_on_held_out_strings(letters: int, largest: int) -> None:
    """After k a, b follows with chance 1 / (N - k + 1); brute force over all held-out strings."""
    task = counting(letters=letters, largest=largest)
    held_out = task.validation()
    outputs = np.where(np.eye(task.outputs)[held_out.targets] > 0, 0.0, -100.0)
    read = np.cumsum(held_out.inputs == 1, axis=0)
    still = (held_out.inputs == 1) & (read <= largest)
    turn = 1 / (largest - read[still] + 1)
    with np.errstate(divide="ignore"):
        outputs[still, 1] = np.maximum(np.log(1 - turn), -100)
    outputs[still, 2] = np.log(turn)
    known, _ = task.baselines()
    scores = task.metrics(outputs, held_out)
    assert known.value == pytest.approx(log(largest) / (letters * (largest + 1) / 2 + 1))
    assert scores["cross-entropy"] == pytest.approx(known.value)
    assert scores[LARGEST] == known.metric == largest


@pytest.mark.parametrize(("letters", "largest"), [(2, 10), (3, 10), (2, 2), (3, 5)])
def test_counting_pairs_scores_the_second_baseline_on_held_out_strings(letters: int, largest: int) -> None:
    task = counting(letters=letters, largest=largest)
    held_out = task.validation()
    assert held_out.valid is not None
    pairs = np.zeros((task.outputs, task.outputs))
    np.add.at(pairs, (held_out.inputs[held_out.valid], held_out.targets[held_out.valid]), 1)
    scores = task.metrics(np.log(np.maximum(pairs, 1e-9))[held_out.inputs], held_out)
    _, blind = task.baselines()
    # ln of a count is a logit as good as ln of a share.
    assert scores["cross-entropy"] == pytest.approx(blind.value)
    assert scores[LARGEST] == blind.metric


def test_held_out_strings_are_the_trained_ones_each_as_often() -> None:
    held_out = counting(largest=7).validation()
    assert np.bincount((held_out.inputs == 1).sum(axis=0)).tolist() == [0] + [15] * 7


def test_the_largest_n_is_that_up_to_which_all_strings_are_without_error() -> None:
    task = counting(largest=5, test_length=30)
    batch = task.by_length()[30]
    for up_to in (3, 5, 17, 30):
        scores = task.metrics(perfect(task, batch, up_to), batch)
        assert scores[LARGEST] == up_to
        assert scores[WITHOUT_ERROR] == pytest.approx(up_to / 30)
    outputs = perfect(task, batch, 30)
    outputs[2, 0, 2] = 20  # "abb"
    assert task.metrics(outputs, batch)[LARGEST] == 0


def test_how_many_a_there_are_is_not_judged_but_every_symbol_after_the_first_b_is() -> None:
    task = counting(letters=3)
    batch = task.by_length()[10]
    n = (batch.inputs == 1).sum(axis=0)
    free = batch.inputs < 2
    outputs = perfect(task, batch, 10)
    outputs[free] = 0
    outputs[free, 3] = 50
    assert task.metrics(outputs, batch)[LARGEST] == 10
    outputs[2 * n, range(10)] = 0  # the first c, which a second b could be
    scores = task.metrics(outputs, batch)
    assert (scores[LARGEST], scores[WITHOUT_ERROR]) == (0, 0)
    assert scores["accuracy"] == pytest.approx(1 - 10 / (2 * n).sum())


def test_over_tested_lengths_the_largest_n_rises_with_them_and_stays_where_counting_ends() -> None:
    task = counting(largest=4, test_length=40)
    by_length = task.by_length()
    assert (min(by_length), max(by_length)) == (4, 40)
    for n, batch in by_length.items():
        assert len(batch.inputs) == 2 * n + 1
        assert task.metrics(perfect(task, batch, 20), batch)[LARGEST] == min(n, 20)


@pytest.mark.parametrize("test_length", [0, 10])
def test_nothing_is_kept_by_length_where_no_larger_n_is_tested(test_length: int) -> None:
    task = counting(test_length=test_length)
    assert task.by_length() == {}
    held_out = task.validation()
    assert len(held_out.inputs) == task.length
    assert task.metrics(perfect(task, held_out, 10), held_out)[LARGEST] == 10


def test_fewer_tested_than_trained_leave_the_held_out_strings_as_they_are() -> None:
    task = counting(largest=10, test_length=4)
    assert task.validation().inputs.shape == (task.length, 100)
    assert (min(task.by_length()), max(task.by_length())) == (4, 10)


def test_a_reading_counts_the_determined_symbols() -> None:
    task = counting()
    batch = Batch(np.array([[0], [1], [1], [2], [2]]), np.array([[1], [1], [2], [2], [0]]))
    outputs = np.eye(3)[[2, 2, 2, 2, 2]]
    reading = task.reading(task.describe(batch, 0), outputs, batch.targets[:, 0])
    assert (reading.inputs, reading.target, reading.answer) == ("#aabb", "aabb#", "bbbbb")
    assert (reading.correct, reading.note) == (False, "n = 2, 1 of 2 determined symbols right")
    assert task.is_correct(np.eye(3)[[2, 2, 2, 2, 0]], batch.targets[:, 0])
