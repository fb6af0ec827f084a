import numpy as np

from workbench.tasks.base import Batch
from workbench.tasks.support.grammars.strings import counted, own_steps, predict_next, previous

STRINGS = np.array([[0, 0], [1, 2], [3, 4], [0, 5]])
"""0 1 3 and 0 2 4 5."""


def test_a_string_is_read_but_its_last_symbol_and_predicted_but_its_first() -> None:
    batch = predict_next(STRINGS, np.array([3, 4]))
    assert batch.inputs.T.tolist() == [[0, 1, 0], [0, 2, 4]]
    assert batch.targets.T.tolist() == [[1, 3, 0], [2, 4, 5]]
    assert batch.valid is not None
    assert batch.valid.T.tolist() == [[True, True, False], [True, True, True]]
    assert [own_steps(batch, own) for own in (0, 1)] == [2, 3]


def test_all_targets_count_where_nothing_else_is_said() -> None:
    batch = Batch(STRINGS, STRINGS)
    assert counted(batch).all()
    assert own_steps(batch, 1) == 4


def test_what_was_read_is_had_back_from_the_targets() -> None:
    assert previous(np.array([2, 4, 5])).tolist() == [0, 2, 4]
