from math import log

import numpy as np
import pytest

from workbench.tasks.base import Batch
from workbench.tasks.reber import Reber, ReberSettings
from workbench.tasks.support.grammars.reber import SYMBOLS

GRAMMAR = {
    "B": "TP", "BT": "SX", "BTS": "SX", "BTX": "XS", "BTXX": "TV", "BTXXT": "TV", "BTXXV": "PV", "BTXXVP": "XS",
    "BTXXVV": "E", "BTXS": "E", "BP": "TV", "BPT": "TV", "BPV": "PV", "BPVP": "XS", "BPVV": "E",
}  # fmt: skip
"""What may follow: read off the diagram in Cleeremans et al. 1989."""


def reber(seed: int = 0) -> Reber:
    return ReberSettings().build(seed)


def batch_of(*strings: str) -> Batch:
    """Strings as a batch, the shorter ones padded."""
    longest = max(map(len, strings)) - 1
    inputs, targets = np.zeros((2, longest, len(strings)), dtype=np.int64)
    for own, string in enumerate(strings):
        symbols = [SYMBOLS.index(letter) for letter in string]
        inputs[: len(string) - 1, own], targets[: len(string) - 1, own] = symbols[:-1], symbols[1:]
    lengths = np.array([len(string) - 1 for string in strings])
    return Batch(inputs, targets, lengths, np.arange(longest)[:, None] < lengths)


def logits(*steps: str) -> np.ndarray:
    """One sequence's outputs (T, 1, K): 1 for the symbols named at a step, 0 for others."""
    return np.array([[[float(symbol in named) for symbol in SYMBOLS]] for named in steps])


def test_targets_are_the_next_symbols_and_only_those_of_the_string_count() -> None:
    batch = reber().training_batch(0, 200)
    assert batch.lengths is not None
    assert batch.valid is not None
    assert (batch.inputs[0] == SYMBOLS.index("B")).all()
    assert np.array_equal(batch.valid.sum(axis=0), batch.lengths)
    assert np.array_equal(batch.inputs[1:][batch.valid[1:]], batch.targets[:-1][batch.valid[1:]])
    assert (batch.targets[batch.lengths - 1, range(200)] == SYMBOLS.index("E")).all()
    assert not batch.inputs[~batch.valid].any()
    assert not batch.targets[~batch.valid].any()


def test_the_grammar_leaves_0_5941_nats_a_prediction_open() -> None:
    """Six branchings in seven predictions."""
    known, _ = reber().baselines()
    assert known.value == pytest.approx(6 * log(2) / 7, abs=5e-5)
    assert f"{known.value:.4f}" == "0.5941"


def test_the_chances_of_the_grammar_score_the_first_baseline_on_held_out_strings() -> None:
    task = reber()
    held_out = task.validation()
    legal = task.automaton.legal[task.automaton.read(held_out.inputs)]
    scores = task.metrics(np.where(legal, 0.0, -100.0), held_out)
    known, _ = task.baselines()
    # 500 strings drawn without choice: a standard error of 0.0019; the choice by length makes that some quarter.
    assert scores["cross-entropy"] == pytest.approx(known.value, abs=0.003)
    assert scores["legal predictions"] == scores["likeliest symbol legal"] == scores["strings without error"] == 1.0


def test_counting_pairs_scores_the_second_baseline() -> None:
    task = reber()
    batch = task.training_batch(0, 20_000)
    pairs = np.zeros((7, 7))
    np.add.at(pairs, (batch.inputs[batch.valid], batch.targets[batch.valid]), 1)
    chances = pairs / np.maximum(pairs.sum(axis=1, keepdims=True), 1)
    # Thirds, quarters and sixths: rounded, for equal chances are to be equal.
    scores = task.metrics(np.log(np.maximum((12 * chances).round() / 12, 1e-9))[batch.inputs], batch)
    _, memoryless = task.baselines()
    assert scores["cross-entropy"] == pytest.approx(memoryless.value, abs=0.01)
    assert scores["legal predictions"] == pytest.approx(memoryless.metric, abs=0.005)


@pytest.mark.parametrize(("read", "legal"), GRAMMAR.items())
def test_what_may_follow_is_what_the_diagram_shows(read: str, legal: str) -> None:
    task = reber()
    states = task.automaton.read(np.array([[SYMBOLS.index(letter)] for letter in read]))
    found = task.automaton.legal[states[-1, 0]]
    assert {symbol for symbol, allowed in zip(SYMBOLS, found, strict=True) if allowed} == set(legal)


def test_a_prediction_is_legal_where_every_legal_symbol_has_more_than_any_other() -> None:
    task = reber()
    outputs = logits("TP", "SX", "X", "E")  # the third leaves out S, which may follow as well
    scores = task.metrics(outputs, batch_of("BTXSE"))
    assert scores["legal predictions"] == 0.75
    assert scores["likeliest symbol legal"] == 1.0
    assert scores["strings without error"] == 0.0


def test_padding_is_not_judged() -> None:
    task = reber()
    short = logits("TP", "SX", "XS", "E", "V", "V", "V")
    long = logits("TP", "TV", "PV", "XS", "TV", "PV", "E")
    scores = task.metrics(np.concatenate([short, long], axis=1), batch_of("BTXSE", "BPVPXVVE"))
    assert scores["legal predictions"] == scores["strings without error"] == 1.0


def test_a_reading_counts_the_legal_symbols() -> None:
    task = reber()
    batch = batch_of("BTXSE", "BPVPXVVE")
    outputs, due = logits("P", "X", "E", "E")[:, 0], batch.targets[:4, 0]
    reading = task.reading(task.describe(batch, 0), outputs, due)
    assert (reading.inputs, reading.target, reading.answer) == ("BTXS", "TXSE", "PXEE")
    assert (reading.correct, reading.note) == (False, "3 of 4 symbols legal")
    assert task.is_correct(logits("P", "X", "X", "E")[:, 0], due)


def test_held_out_strings_have_the_expected_lengths() -> None:
    """8 symbols, 7 predictions; 500 strings drawn without choice have a standard error of 0.14."""
    lengths = reber().validation().lengths
    assert lengths is not None
    assert lengths.mean() == pytest.approx(7, abs=0.1)
