from collections import defaultdict
from collections.abc import Callable, Hashable
from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.two_lag_echo import TwoLagEcho, TwoLagEchoSettings, entropy

Past = tuple[int, int]
"""The bits read three and eight steps ago."""


def echo(seed: int = 0, **settings: int) -> TwoLagEcho:
    return TwoLagEchoSettings.model_validate(settings).build(seed)


def conditional_entropy(known: Callable[[Past], Hashable]) -> float:
    """Return H(y | what is known) from the table of all cases, as H(y, known) - H(known)."""
    joint: defaultdict[Hashable, float] = defaultdict(float)
    alone: defaultdict[Hashable, float] = defaultdict(float)
    for near, far in product((0, 1), repeat=2):
        chance = 0.5 + 0.5 * near - 0.25 * far
        alone[known((near, far))] += 1 / 4
        for y, share in ((1, chance), (0, 1 - chance)):
            joint[y, known((near, far))] += share / 4
    return -sum(p * log(p) for p in joint.values() if p) + sum(p * log(p) for p in alone.values())


@pytest.mark.parametrize(
    ("place", "known", "published"),
    [
        (0, lambda past: None, 0.6616),
        (1, lambda past: past[0], 0.5192),
        (2, lambda past: past, 0.4545),
    ],
)
def test_baselines_are_the_entropies_of_all_cases(
    place: int, known: Callable[[Past], Hashable], published: float
) -> None:
    baseline = echo().baselines()[place]
    assert baseline.value == baseline.metric == pytest.approx(conditional_entropy(known), rel=1e-12)
    assert baseline.value == pytest.approx(published, abs=5e-5)
    assert f"{published}" in baseline.formula


def test_baselines_say_what_is_known() -> None:
    assert [baseline.name for baseline in echo().baselines()] == ["bits alone", "lag 3 known", "both lags known"]


def test_a_sure_bit_has_no_entropy() -> None:
    assert entropy(np.array([0.0, 1.0])).tolist() == [0.0, 0.0]
    assert entropy(np.array([0.5]))[0] == pytest.approx(log(2))


def test_a_1_comes_as_often_as_its_two_lags_say() -> None:
    batch = echo(length=1000).training_batch(0, 400)
    near, far, due = batch.inputs[5:-3], batch.inputs[:-8], batch.targets[8:]
    for case in product((0, 1), repeat=2):
        share = due[(near == case[0]) & (far == case[1])].mean()
        # About 99,000 bits each: a standard error of at most 0.0016.
        assert share == pytest.approx(0.5 + 0.5 * case[0] - 0.25 * case[1], abs=4 * 0.0016)


@given(seed=st.integers(0, 2**64), step=st.integers(0, 10**9))
def test_after_a_1_three_and_a_0_eight_steps_ago_a_1_is_sure(seed: int, step: int) -> None:
    batch = echo(seed, length=30).training_batch(step, 4)
    sure = (batch.inputs[5:-3] == 1) & (batch.inputs[:-8] == 0)
    assert (batch.targets[8:][sure] == 1).all()


def test_who_knows_both_lags_scores_the_last_baseline_and_solves_the_task() -> None:
    task = echo()
    held_out = task.validation()
    chance = np.full(held_out.targets.shape, 0.5)
    chance[8:] = np.clip(0.5 + 0.5 * held_out.inputs[5:-3] - 0.25 * held_out.inputs[:-8], 1e-9, 1 - 1e-9)
    loss = task.metrics(np.log(np.stack([1 - chance, chance], axis=-1)), held_out)["cross-entropy"]
    # The surprise of a bit deviates by 0.39 from its mean; 46,000 bits: a standard error of 0.0018.
    assert loss == pytest.approx(task.baselines()[-1].value, abs=4 * 0.0018)
    assert task.solved_below is not None
    assert loss < task.solved_below < task.baselines()[1].value


def test_the_first_eight_steps_do_not_count() -> None:
    held_out = echo(length=20).validation()
    assert held_out.valid is not None
    assert held_out.valid[:, 0].tolist() == [False] * 8 + [True] * 12


def test_no_reading_is_right_or_wrong() -> None:
    task = echo(length=12)
    batch = task.training_batch(0, 1)
    due = batch.targets[:, 0]
    reading = task.reading(task.describe(batch, 0), np.eye(2)[due], due)
    assert reading.correct is None
    assert reading.answer == reading.target
    assert reading.note == "4 of 4 bits right; 75% at best, on average"


def test_metrics_are_cross_entropy_and_accuracy() -> None:
    task = echo()
    assert tuple(task.metrics(np.zeros((100, 500, 2)), task.validation())) == ("cross-entropy", "accuracy")
