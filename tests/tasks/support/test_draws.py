from collections import Counter

import numpy as np
import pytest

from workbench.tasks.support.draws import Draws, Weighted

COUNT = 10_000


def draws() -> Draws:
    return Draws(np.random.default_rng(0))


def deviation(share: float) -> float:
    """Four standard deviations of a share counted in all draws."""
    variance = share * (1 - share) / COUNT
    return 4.0 * float(np.sqrt(variance))


def test_choices_come_as_often_as_their_weights_say() -> None:
    drawn, weighted = draws(), Weighted((0.5, "a"), (1.5, "b"), (3.0, "c"))
    counts = Counter(drawn.weighted(weighted) for _ in range(COUNT))
    for choice, share in {"a": 0.1, "b": 0.3, "c": 0.6}.items():
        assert counts[choice] / COUNT == pytest.approx(share, abs=deviation(share))


def test_each_choice_is_as_likely_where_no_weight_is_given() -> None:
    drawn = draws()
    counts = Counter(drawn.one("abcd") for _ in range(COUNT))
    assert [counts[choice] / COUNT for choice in "abcd"] == pytest.approx([0.25] * 4, abs=deviation(0.25))


def test_a_chance_comes_true_in_its_share_of_the_draws() -> None:
    drawn = draws()
    assert np.mean([drawn.chance(0.2) for _ in range(COUNT)]) == pytest.approx(0.2, abs=deviation(0.2))
    assert not any(drawn.chance(0.0) for _ in range(100))
    assert all(drawn.chance(1.0) for _ in range(100))
