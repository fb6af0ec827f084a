import numpy as np

from workbench.tasks.support.grammars.grammar import outranks

LEGAL = np.array([True, False, True])


def test_a_prediction_passes_where_every_legal_symbol_has_more_than_any_other() -> None:
    outputs = np.array([[2.0, 1.0, 3.0], [2.0, 1.5, 1.0], [2.0, 1.0, 1.0]])
    assert outranks(outputs, LEGAL).tolist() == [True, False, False]
