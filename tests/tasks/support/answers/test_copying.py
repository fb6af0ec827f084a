from math import log

import numpy as np
import pytest

from workbench.tasks.base import Batch
from workbench.tasks.support.answers.copying import copied, fit_copying
from workbench.tasks.support.answers.pairs import Pairs, Rows

CLASSES = np.array([1, 2, 0, 4])


def test_a_copy_ends_where_its_source_ends_and_leaves_out_what_has_no_class() -> None:
    inputs = np.array([[0, 3], [1, 2], [0, 1]])
    batch = Batch(inputs, np.zeros((4, 2), dtype=np.int64), np.array([2, 3]))
    assert copied(batch, CLASSES).T.tolist() == [[1, 2, 0, 0], [4, 2, 0, 0]]


def test_the_weight_of_copying_is_the_likeliest() -> None:
    """Of 8 symbols, ENDs among them, 6 are copies: the weight maximises 6 ln(w + (1-w)/5) + 2 ln((1-w)/5)."""
    sources = Rows(np.array([0, 1, 3, 0, 1, 3]), np.array([3, 3]))
    answers = Rows(np.array([1, 2, 4, 0, 1, 3, 3, 0]), np.array([4, 4]))
    pairs = Pairs(sources, answers, np.array([0, 1]), np.array([1]))
    weight, nats = fit_copying(pairs, CLASSES, np.full(5, 0.2))
    assert weight == pytest.approx((6 / 8 - 0.2) / 0.8, abs=1e-6)
    copy, other = weight + (1 - weight) / 5, (1 - weight) / 5
    assert nats.tolist() == pytest.approx([-2 * log(copy) - 2 * log(other)])
