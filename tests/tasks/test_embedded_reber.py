from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.base import Batch
from workbench.tasks.embedded_reber import EmbeddedReber, EmbeddedReberSettings
from workbench.tasks.support.grammars.reber import SYMBOLS

OUTER = "outer-symbol accuracy"


def embedded(seed: int = 0, **settings: int) -> EmbeddedReber:
    return EmbeddedReberSettings.model_validate(settings).build(seed)


def optimal(task: EmbeddedReber, batch: Batch, outer: bool = True) -> np.ndarray:
    """The log chances of what may follow; without ``outer``, T and P are as likely in the outer symbol's place."""
    legal = task.automaton.legal[task.automaton.read(batch.inputs)]
    if not outer:
        assert batch.lengths is not None
        places = batch.lengths - 2, np.arange(len(batch.lengths))
        legal[*places, SYMBOLS.index("T")] = legal[*places, SYMBOLS.index("P")] = True
    return np.where(legal, 0.0, -100.0)


@given(inner=st.integers(5, 30), seed=st.integers(0, 2**32), step=st.integers(0, 1000))
def test_the_outer_symbols_are_the_same_and_the_inner_string_is_long_enough(inner: int, seed: int, step: int) -> None:
    batch = embedded(seed, inner=inner).training_batch(step, 5)
    assert batch.lengths is not None
    columns = np.arange(5)
    assert np.array_equal(batch.inputs[1], batch.targets[batch.lengths - 2, columns])
    assert set(batch.inputs[1].tolist()) <= {SYMBOLS.index("T"), SYMBOLS.index("P")}
    # Inner symbols are read, but for four of them: the outer ones and the first B are read too, the last E is not.
    assert (batch.lengths - 3 >= inner).all()


def test_the_grammar_leaves_0_4411_nats_open_and_0_5041_without_the_outer_symbol() -> None:
    """7 and 8 halves in 11 predictions: the outer symbol, six branchings, and the outer symbol again if forgotten."""
    known, forgotten, _ = embedded().baselines()
    assert known.value == pytest.approx(7 * log(2) / 11, abs=5e-5)
    assert forgotten.value == pytest.approx(8 * log(2) / 11, abs=5e-5)
    assert (f"{known.value:.4f}", f"{forgotten.value:.4f}") == ("0.4411", "0.5041")


def test_the_chances_of_the_grammar_score_the_first_two_baselines_on_held_out_strings() -> None:
    task = embedded()
    held_out = task.validation()
    known, forgotten, _ = task.baselines()
    scores = task.metrics(optimal(task, held_out), held_out)
    assert scores["cross-entropy"] == pytest.approx(known.value, abs=0.005)
    assert (scores[OUTER], scores["legal predictions"]) == (known.metric, 1.0)
    scores = task.metrics(optimal(task, held_out, outer=False), held_out)
    assert scores["cross-entropy"] == pytest.approx(forgotten.value, abs=0.005)
    # 500 fair coins: a standard error of 0.022.
    assert scores[OUTER] == pytest.approx(forgotten.metric, abs=0.09)


def test_counting_pairs_scores_the_last_baseline() -> None:
    task = embedded()
    batch = task.training_batch(0, 10_000)
    pairs = np.zeros((7, 7))
    np.add.at(pairs, (batch.inputs[batch.valid], batch.targets[batch.valid]), 1)
    scores = task.metrics(np.log(np.maximum(pairs, 1e-9))[batch.inputs], batch)
    *_, memoryless = task.baselines()
    assert scores["cross-entropy"] == pytest.approx(memoryless.value, abs=0.01)
    assert scores[OUTER] == pytest.approx(memoryless.metric, abs=0.03)


def test_the_best_loss_on_long_inner_strings_is_what_their_own_chances_leave_open() -> None:
    """The strings' log chances by the walks' tables, averaged over many."""
    task = embedded(inner=15)
    batch = task.training_batch(0, 20_000)
    before = np.concatenate([np.ones((1, 20_000), int), task.automaton.read(batch.inputs)[1:]])
    chances = task.walks.chances[np.arange(1, task.length + 1)[:, None], before, batch.targets]
    assert -np.log(chances[batch.valid]).mean() == pytest.approx(task.baselines()[0].value, abs=0.003)


def test_only_the_second_outer_symbol_counts_for_its_accuracy() -> None:
    task = embedded()
    held_out = task.validation()
    assert held_out.lengths is not None
    places = held_out.lengths - 2, np.arange(len(held_out.lengths))
    outputs = np.zeros((task.length, len(held_out.lengths), 7))
    outputs[*places, held_out.targets[places]] = 1.0
    assert task.metrics(outputs, held_out)[OUTER] == 1.0
    outputs[*places, SYMBOLS.index("X")] = 2.0
    assert task.metrics(outputs, held_out)[OUTER] == 0.0


def test_each_tested_length_has_inner_strings_of_that_very_length() -> None:
    task = embedded(inner=6, test_length=30)
    by_length = task.by_length()
    assert list(by_length) == sorted(by_length)
    assert (min(by_length), max(by_length)) == (6, 30)
    for inner, batch in by_length.items():
        assert batch.lengths is not None
        assert batch.inputs.shape == (inner + 3, 128)
        assert (batch.lengths == inner + 3).all()
        assert task.metrics(optimal(task, batch), batch)[OUTER] == 1.0
    assert task.by_length()[30] is by_length[30]


@pytest.mark.parametrize("test_length", [0, 6])
def test_nothing_is_kept_by_length_where_the_test_length_is_that_of_training(test_length: int) -> None:
    assert embedded(inner=6, test_length=test_length).by_length() == {}


def test_a_preview_shows_the_string_and_the_same_one_symbol_later() -> None:
    example = embedded().preview(1)[0]
    assert example.inputs[1:] == example.target[:-1]
    assert (example.inputs[1], example.target[-1]) == (example.target[-2], "E")
