from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks import TaskError
from workbench.tasks.latch import Latch, LatchSettings


def latch(seed: int = 0, **settings: int) -> Latch:
    return LatchSettings.model_validate(settings).build(seed)


@given(signal=st.integers(1, 5), seed=st.integers(0, 2**64), step=st.integers(0, 10**9))
def test_the_first_numbers_are_the_class(signal: int, seed: int, step: int) -> None:
    batch = latch(seed, length=9, signal=signal).training_batch(step, 4)
    signs = np.where(batch.targets == 1, 1.0, -1.0)
    assert (batch.inputs[:signal, :, 0] == signs).all()
    assert (np.abs(batch.inputs[signal:, :, 0]) != 1.0).all()


def test_the_noise_has_mean_0_and_variance_02() -> None:
    """Hochreiter & Schmidhuber 1997, experiment 3a."""
    noise = latch(length=1001).training_batch(0, 100).inputs[1:]
    # 100,000 numbers: standard errors of 0.0014 and 0.2 * sqrt(2 / 100,000) = 0.0009.
    assert noise.mean() == pytest.approx(0, abs=4 * 0.0014)
    assert noise.var() == pytest.approx(0.2, abs=4 * 0.0009)


def test_the_noise_tells_nothing_of_the_class() -> None:
    batch = latch(length=11).training_batch(0, 20_000)
    for own in (0, 1):
        # Some 100,000 numbers each: a standard error of 0.0014.
        assert batch.inputs[1:, batch.targets == own].mean() == pytest.approx(0, abs=4 * 0.0014)


def test_both_classes_come_as_often() -> None:
    # 20,000 fair coins: a standard error of 0.0035.
    assert latch(length=2).training_batch(0, 20_000).targets.mean() == pytest.approx(0.5, abs=4 * 0.0035)


def test_even_guesses_score_the_baseline() -> None:
    task = latch()
    (baseline,) = task.baselines()
    assert baseline.value == log(2)
    assert task.metrics(np.zeros((256, 2)), task.validation())["cross-entropy"] == pytest.approx(log(2))


def test_who_kept_the_first_number_solves_the_task() -> None:
    task = latch(test_length=200)
    for batch in (task.validation(), *task.by_length().values()):
        first = batch.inputs[0, :, 0]
        scores = task.metrics(10 * np.stack([-first, first], axis=-1), batch)
        assert scores["accuracy"] == 1.0
        assert task.solved_below is not None
        assert scores["cross-entropy"] < task.solved_below


def test_a_signal_as_long_as_the_sequence_is_refused() -> None:
    with pytest.raises(TaskError, match=r"latch needs at least 6. Raise task.length."):
        latch(length=5, signal=5)


def test_a_preview_shows_the_signal_in_brackets() -> None:
    task = latch(length=30, signal=3)
    example = task.preview(1)[0]
    signal = " ".join([example.target] * 3)
    assert example.inputs.startswith(f"[{signal}] ")
    assert example.inputs.endswith(" ...")
    assert example.note == f"{signal}, then 27 steps of noise"


def test_an_output_is_a_sign_and_its_probability() -> None:
    assert latch().describe_output(np.log(np.array([0.2, 0.8]))) == "+1, 0.80"
