"""Schedules against torch's and their formulas."""

from typing import Any

import numpy as np
import pytest

from workbench.training.errors import TrainingError
from workbench.training.schedules import create_schedule


def torch_factors(name: str, steps: int, **settings: Any) -> list[float]:
    torch = pytest.importorskip("torch")
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **settings)
    factors = []
    for _ in range(steps):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return factors


def test_constant_leaves_the_learning_rate_alone() -> None:
    schedule = create_schedule("constant", steps=10)
    assert [schedule.factor(step) for step in (0, 5, 100)] == [1.0, 1.0, 1.0]


def test_step_decay_is_that_of_torch() -> None:
    schedule = create_schedule("step", steps=10, decay_every=3, decay=0.1)
    expected = torch_factors("StepLR", 10, step_size=3, gamma=0.1)
    np.testing.assert_allclose([schedule.factor(step) for step in range(10)], expected)


def test_cosine_is_that_of_torch() -> None:
    schedule = create_schedule("cosine", steps=20)
    expected = torch_factors("CosineAnnealingLR", 20, T_max=20)
    np.testing.assert_allclose([schedule.factor(step) for step in range(20)], expected, atol=1e-12)


def test_cosine_stays_at_zero_after_the_last_step() -> None:
    assert create_schedule("cosine", steps=20).factor(25) == pytest.approx(0.0, abs=1e-15)


def test_warm_up_rises_in_a_straight_line_and_hands_over_at_full_rate() -> None:
    schedule = create_schedule("constant", steps=10, warmup=4)
    assert [schedule.factor(step) for step in range(6)] == [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]


def test_cosine_after_warm_up_ends_with_the_training() -> None:
    schedule = create_schedule("cosine", steps=10, warmup=4)
    assert schedule.factor(4) == 1.0
    assert schedule.factor(10) == pytest.approx(0.0, abs=1e-15)


def test_an_unknown_schedule_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(TrainingError, match=r"'linear'.*constant, step, cosine"):
        create_schedule("linear", steps=10)
