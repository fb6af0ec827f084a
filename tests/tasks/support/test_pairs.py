import numpy as np

from workbench.tasks.support.pairs import Pairs, rows_of


def test_rows_are_taken_as_padded_columns() -> None:
    rows = rows_of([[1, 2, 3], [4], [5, 6]])
    assert rows.take(np.array([2, 0])).tolist() == [[5, 1], [6, 2], [0, 3]]


def test_a_batch_of_pairs_says_what_counts() -> None:
    pairs = Pairs(rows_of([[7], [8, 9]]), rows_of([[1, 2, 0], [3, 0]]), training=2)
    batch = pairs.take(np.array([1, 0]))
    assert batch.inputs.tolist() == [[8, 7], [9, 0]]
    assert batch.targets.tolist() == [[3, 1], [0, 2], [0, 0]]
    assert batch.lengths is not None
    assert batch.lengths.tolist() == [2, 1]
    assert batch.valid is not None
    assert batch.valid.tolist() == [[True, True], [True, True], [False, True]]


def test_held_out_are_the_pairs_after_those_that_train() -> None:
    pairs = Pairs(rows_of([[1], [2], [3]]), rows_of([[1, 0], [2, 0], [3, 0]]), training=1)
    assert pairs.held_out().inputs.tolist() == [[2, 3]]
    assert pairs.training_answers().tolist() == [1, 0]
