from math import exp, log

import numpy as np
import pytest

from workbench.tasks.support.metrics import accuracy, cross_entropy, log_softmax, most_likely, squared_error


def test_squared_error_is_a_mean_over_all_elements() -> None:
    assert squared_error(np.array([[1.0, 2.0]]), np.array([[0.0, 4.0]])) == 2.5


def test_log_softmax_sums_to_one_even_for_huge_logits() -> None:
    assert np.exp(log_softmax(np.array([1e4, 1e4 - 1.0, -1e4]))).sum() == pytest.approx(1)


def test_cross_entropy_is_the_mean_surprise_in_nats() -> None:
    logits = np.log(np.array([[0.2, 0.8], [0.5, 0.5]]))
    assert cross_entropy(logits, np.array([1, 0])) == pytest.approx(-(log(0.8) + log(0.5)) / 2)


def test_accuracy_counts_the_largest_logit() -> None:
    assert accuracy(np.array([[0.1, 0.2], [0.3, 0.0]]), np.array([1, 1])) == 0.5


def test_the_most_likely_class_comes_with_its_probability() -> None:
    best, chance = most_likely(np.array([0.0, 2.0]))
    assert best == 1
    assert chance == pytest.approx(exp(2) / (1 + exp(2)))
