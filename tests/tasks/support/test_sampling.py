import numpy as np
import pytest

from workbench.tasks import TaskError
from workbench.tasks.support.sampling import write_symbols

LOGITS = np.log(np.array([0.1, 0.2, 0.7]))


def fixed(symbol: int, state: int) -> tuple[np.ndarray, int]:
    return LOGITS, state


def count_up(symbol: int, state: int) -> tuple[np.ndarray, int]:
    """Prefer the symbol after the one shown, plus all that the state has added up."""
    return np.eye(10)[(symbol + state) % 10], state + 1


def draw(temperature: float, count: int = 20_000, seed: int = 0) -> list[int]:
    return write_symbols(fixed, 0, [0], count, temperature, np.random.default_rng(seed))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_symbols_come_as_often_as_the_tempered_softmax_says(temperature: float) -> None:
    expected = np.exp(LOGITS / temperature) / np.exp(LOGITS / temperature).sum()
    shares = np.bincount(draw(temperature), minlength=3) / 20_000
    assert shares == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 20_000))


def test_at_temperature_0_the_most_likely_symbol_comes() -> None:
    assert draw(0.0, count=5) == [2] * 5


def test_a_tiny_temperature_does_not_overflow() -> None:
    assert draw(1e-300, count=5) == [2] * 5


def test_the_same_seed_writes_the_same() -> None:
    assert draw(1.0, 50, seed=1) == draw(1.0, 50, seed=1) != draw(1.0, 50, seed=2)


def test_each_symbol_is_shown_with_the_state_left_by_those_before() -> None:
    written = write_symbols(count_up, 1, [3, 5], 3, 0.0, np.random.default_rng(0))
    assert written == [7, 0, 4]  # 5 + 2, 7 + 3, 0 + 4


@pytest.mark.parametrize("temperature", [-1.0, float("nan")])
def test_a_temperature_below_0_is_refused(temperature: float) -> None:
    with pytest.raises(TaskError, match="must be 0 or more"):
        draw(temperature)


def test_outputs_that_are_not_finite_are_refused() -> None:
    with pytest.raises(TaskError, match="not finite"):
        write_symbols(lambda _, state: (np.array([np.nan, 0.0]), state), 0, [0], 1, 1.0, np.random.default_rng(0))
