from math import log

import numpy as np
import pytest

from workbench.tasks.copy import Copy, CopySettings


def copy(**settings: int) -> Copy:
    return CopySettings.model_validate(settings).build(seed=0)


def test_a_sequence_is_symbols_blanks_marker_blanks() -> None:
    """Arjovsky, Shah & Bengio 2016: 10 symbols, T - 1 blanks, the marker, 10 blanks."""
    batch = copy(delay=30).training_batch(0, 4)
    blank, marker = 8, 9
    assert batch.inputs.shape == (30 + 20, 4)
    assert (batch.inputs[:10] < blank).all()
    assert (batch.inputs[10:39] == blank).all()
    assert (batch.inputs[39] == marker).all()
    assert (batch.inputs[40:] == blank).all()


def test_the_target_is_blank_until_the_marker_and_the_symbols_after() -> None:
    batch = copy(delay=30).training_batch(0, 4)
    assert (batch.targets[:40] == 8).all()
    assert np.array_equal(batch.targets[40:], batch.inputs[:10])


@pytest.mark.parametrize("delay", [1, 30, 100])
def test_blanks_then_even_guesses_score_the_baseline(delay: int) -> None:
    task = copy(delay=delay)
    batch = task.validation()
    logits = np.full((task.length, batch.inputs.shape[1], 9), -1000.0)
    logits[: delay + 10, :, 8] = 0
    logits[delay + 10 :, :, :8] = 0
    (baseline,) = task.baselines()
    assert baseline.value == pytest.approx(10 * log(8) / (delay + 20))
    assert task.metrics(logits, batch)["cross-entropy"] == pytest.approx(baseline.value)


def test_accuracy_counts_the_recalled_symbols_alone() -> None:
    task = copy(delay=30)
    batch = task.validation()
    logits = np.eye(9)[batch.targets]
    logits[:40] = 0
    assert task.metrics(logits, batch)["accuracy"] == 1.0
    logits[-1] = np.eye(9)[(batch.targets[-1] + 1) % 8]
    assert task.metrics(logits, batch)["accuracy"] == pytest.approx(0.9)
    assert task.metrics(logits, batch)["exact match"] == 0.0


def test_sizes_follow_the_settings() -> None:
    task = copy(delay=5, count=3, alphabet=2)
    assert (task.length, task.inputs.size, task.outputs) == (11, 4, 3)


def test_a_preview_shows_blanks_and_marker() -> None:
    example = copy(delay=3, count=2, alphabet=2).preview(1)[0]
    assert example.inputs[2:] == "··!··"
    assert example.target == "·····" + example.inputs[:2]


def test_a_reading_counts_the_recalled_symbols() -> None:
    task = copy(delay=3, count=2, alphabet=2)
    batch = task.training_batch(0, 1)
    due = batch.targets[:, 0]
    outputs = np.eye(3)[due]
    outputs[-1] = np.eye(3)[1 - due[-1]]
    reading = task.reading(task.describe(batch, 0), outputs, due)
    letters = "ab"
    assert reading.target == "".join(letters[symbol] for symbol in due[-2:])
    assert reading.answer == letters[due[-2]] + letters[1 - due[-1]]
    assert (reading.correct, reading.note) == (False, "1 of 2 symbols right")


def test_an_output_prints_as_the_recalled_symbols() -> None:
    task = copy(delay=3, count=2, alphabet=2)
    assert task.describe_output(np.eye(3)[[2, 2, 2, 2, 2, 1, 0]]) == "ba"


def test_longer_delays_keep_the_form_of_a_sequence() -> None:
    task = copy(delay=5, count=3, test_delay=50)
    tested = task.by_length()
    assert (min(tested), max(tested)) == (5 + 6, 50 + 6)
    for length, batch in tested.items():
        assert batch.inputs.shape == (length, 64)
        assert (batch.inputs[length - 4] == 9).all()
        assert (batch.targets[: length - 3] == 8).all()
        assert np.array_equal(batch.targets[length - 3 :], batch.inputs[:3])
        assert task.metrics(np.eye(9)[batch.targets], batch)["exact match"] == 1.0


def test_it_is_tested_at_its_own_delay_alone_unless_asked() -> None:
    assert copy().by_length() == {}
