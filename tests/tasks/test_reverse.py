from math import log

import numpy as np
import pytest

from workbench.tasks.reverse import Reverse, ReverseSettings


def reverse(seed: int = 0, **settings: int) -> Reverse:
    return ReverseSettings.model_validate(settings).build(seed)


def test_each_row_is_written_from_its_end() -> None:
    batch = reverse().training_batch(3, 64)
    assert batch.lengths is not None
    for own, length in enumerate(batch.lengths):
        assert np.array_equal(batch.targets[:length, own] - 1, batch.inputs[:length, own][::-1])
        assert (batch.targets[length:, own] == 0).all()
        assert (batch.inputs[length:, own] == 0).all()


def test_the_end_counts_and_what_follows_it_does_not() -> None:
    batch = reverse().training_batch(3, 64)
    assert batch.lengths is not None
    assert batch.valid is not None
    assert np.array_equal(batch.valid, np.arange(11)[:, None] <= batch.lengths)


def test_lengths_are_even_from_1_to_the_longest() -> None:
    lengths = reverse(length=4).training_batch(0, 4000).lengths
    assert lengths is not None
    # 1000 of each are expected, with a standard deviation of sqrt(4000 * 1/4 * 3/4) = 27.
    assert np.bincount(lengths)[1:].tolist() == pytest.approx([1000] * 4, abs=4 * 27)


def test_an_even_guess_with_the_length_known_scores_the_baseline() -> None:
    task = reverse(alphabet=5, length=6)
    batch = task.validation()
    logits = np.where(batch.targets[..., None] > 0, 0.0, -1000.0) + np.zeros(task.outputs)
    logits[..., 0] = np.where(batch.targets > 0, -1000.0, 0.0)
    (baseline,) = task.baselines()
    assert task.metrics(logits, batch)["cross-entropy"] == pytest.approx(baseline.value)


def test_rows_of_one_length_make_the_formula_plain() -> None:
    (baseline,) = reverse(alphabet=4, length=1).baselines()
    assert baseline.value == pytest.approx(log(4) / 2)
    assert baseline.metric == pytest.approx(1 / 4)


def test_results_are_kept_for_lengths_up_to_the_test_length() -> None:
    by_length = reverse(length=10, test_length=40).by_length()
    assert min(by_length) == 10
    assert max(by_length) == 40
    for length, batch in by_length.items():
        assert batch.lengths is not None
        assert (batch.lengths == length).all()
        assert batch.inputs.shape == (length, 64)
        assert np.array_equal(batch.targets[:-1] - 1, batch.inputs[::-1])


@pytest.mark.parametrize("test_length", [0, 10])
def test_no_lengths_are_tested_where_they_are_those_of_training(test_length: int) -> None:
    assert reverse(length=10, test_length=test_length).by_length() == {}


def test_a_preview_shows_letters() -> None:
    for example in reverse().preview(5):
        assert example.target == example.inputs[::-1]
