from collections.abc import Sequence

import numpy as np

from workbench.tasks.support.answers.pairs import Pairs, Rows


def rows_of(rows: Sequence[Sequence[int]]) -> Rows:
    return Rows(np.array([symbol for row in rows for symbol in row]), np.array([len(row) for row in rows]))


def pairs_of(sources: Sequence[Sequence[int]], answers: Sequence[Sequence[int]], held_out: int) -> Pairs:
    places = np.arange(len(sources))
    return Pairs(rows_of(sources), rows_of(answers), places[places != held_out], places[places == held_out])


def test_rows_are_taken_as_padded_columns() -> None:
    rows = rows_of([[1, 2, 3], [4], [5, 6]])
    assert rows.take(np.array([2, 0])).tolist() == [[5, 1], [6, 2], [0, 3]]


def test_a_batch_of_pairs_says_what_counts() -> None:
    pairs = pairs_of([[7], [8, 9]], [[1, 2, 0], [3, 0]], held_out=0)
    batch = pairs.take(np.array([1, 0]))
    assert batch.inputs.tolist() == [[8, 7], [9, 0]]
    assert batch.targets.tolist() == [[3, 1], [0, 2], [0, 0]]
    assert batch.lengths is not None
    assert batch.lengths.tolist() == [2, 1]
    assert batch.valid is not None
    assert batch.valid.tolist() == [[True, True], [True, True], [False, True]]


def test_classes_are_counted_in_the_answers_that_train() -> None:
    pairs = pairs_of([[1], [2], [3]], [[1, 0], [2, 0], [3, 1, 0]], held_out=1)
    assert pairs.counts(5).tolist() == [2, 2, 0, 1, 0]
