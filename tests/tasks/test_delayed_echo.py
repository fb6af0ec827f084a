from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks import TaskError
from workbench.tasks.delayed_echo import DelayedEcho, DelayedEchoSettings


def echo(seed: int = 0, **settings: int) -> DelayedEcho:
    return DelayedEchoSettings.model_validate(settings).build(seed)


@given(delay=st.integers(1, 12), seed=st.integers(0, 2**64), step=st.integers(0, 10**9))
def test_a_bit_comes_back_as_many_steps_later(delay: int, seed: int, step: int) -> None:
    batch = echo(seed, delay=delay, length=20).training_batch(step, 3)
    for column in range(3):
        for t in range(delay, 20):
            assert batch.targets[t, column] == batch.inputs[t - delay, column]


def test_nothing_counts_before_the_first_bit_comes_back() -> None:
    task = echo(delay=4, length=10, test_length=20)
    for batch in (task.training_batch(0, 2), task.validation(), *task.by_length().values()):
        assert batch.valid is not None
        assert not batch.valid[:4].any()
        assert batch.valid[4:].all()


def test_metrics_leave_out_what_does_not_count() -> None:
    task = echo(delay=4, length=10)
    held_out = task.validation()
    logits = np.eye(2)[held_out.targets] * 100
    logits[:4] *= -1
    assert task.metrics(logits, held_out) == {"accuracy": 1.0, "exact match": 1.0, "cross-entropy": pytest.approx(0)}


def test_even_guesses_score_the_baseline() -> None:
    task = echo()
    (baseline,) = task.baselines()
    assert baseline.value == log(2)
    assert task.metrics(np.zeros((50, 256, 2)), task.validation())["cross-entropy"] == pytest.approx(log(2))


def test_the_last_bits_tell_nothing_of_the_one_before() -> None:
    """A predictor that knows the last k bits, and not the one k steps ago, is right half of the time."""
    batch = echo(delay=3, length=5000).training_batch(0, 20)
    last = 4 * batch.inputs[3:] + 2 * batch.inputs[2:-1] + batch.inputs[1:-2]
    due = batch.targets[3:]
    # Some 12,500 fair bits each: a standard error of 0.0045.
    assert all(due[last == known].mean() == pytest.approx(0.5, abs=4 * 0.0045) for known in range(8))


@pytest.mark.parametrize("settings", [{"delay": 50}, {"delay": 20, "test_length": 20}])
def test_a_delay_as_long_as_the_sequence_is_refused(settings: dict[str, int]) -> None:
    with pytest.raises(TaskError, match="needs at least"):
        echo(**settings)


def test_a_preview_shows_dots_where_nothing_is_due() -> None:
    example = echo(delay=2, length=6).preview(1)[0]
    assert set(example.inputs) == {"0", "1"}
    assert example.target == "··" + example.inputs[:4]


def test_a_reading_counts_the_bits_that_are_due() -> None:
    task = echo(delay=2, length=6)
    batch = task.training_batch(0, 1)
    due = batch.targets[:, 0]
    outputs = -np.eye(2)[due]
    outputs[-1] *= -1
    reading = task.reading(task.describe(batch, 0), outputs, due)
    assert (reading.correct, reading.note) == (False, "1 of 4 bits right")
    assert reading.answer.startswith("··")
