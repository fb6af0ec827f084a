import numpy as np
import pytest

from workbench.tasks.support.series.narma import draw_sequences, respond


def by_hand(inputs: np.ndarray) -> np.ndarray:
    """One sequence, term by term as Atiya & Parlos write it; what was before it is 0."""
    u, y = [0.0] * 9 + list(inputs), [0.0] * 10
    for step in range(len(inputs)):
        now = step + 9
        y.append(0.3 * y[now] + 0.05 * y[now] * sum(y[now - i] for i in range(10)) + 1.5 * u[now - 9] * u[now] + 0.1)
    return np.array(y[10:])


def test_each_sequence_follows_the_equation() -> None:
    inputs = np.random.default_rng(0).uniform(0, 0.5, (80, 5))
    outputs = respond(inputs)
    for own in range(5):
        assert outputs[:, own] == pytest.approx(by_hand(inputs[:, own]), abs=1e-12)


def test_fewer_steps_than_the_order_have_no_product_of_inputs() -> None:
    inputs = np.full((4, 1), 0.5)
    assert respond(inputs)[:, 0] == pytest.approx(by_hand(inputs[:, 0]), abs=1e-15)


def test_the_system_runs_away_under_large_inputs() -> None:
    assert not (respond(np.full((200, 1), 0.5)) <= 1).all()


def test_drawn_sequences_stay_below_1_and_are_as_many_as_asked_for() -> None:
    """Of sequences of 1,000 steps about one in sixty passes 1, so that some of 2,000 surely were left out."""
    random = np.random.default_rng(1)
    inputs, outputs = draw_sequences(random, 2_000, 1_000)
    assert inputs.shape == outputs.shape == (1_000, 2_000)
    assert outputs.max() <= 1
    assert np.array_equal(respond(inputs), outputs)
    assert 0 <= inputs.min() < 0.001
    assert 0.499 < inputs.max() < 0.5
    drawn_at_first = np.random.default_rng(1).uniform(0, 0.5, (1_000, 2_000 + 2_000 // 64 + 1))
    assert (respond(drawn_at_first) > 1).any()
