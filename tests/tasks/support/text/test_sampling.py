import numpy as np
import pytest

from workbench.tasks import TaskError
from workbench.tasks.support.text.sampling import write_symbols

LOGITS = np.log(np.array([0.1, 0.2, 0.7]))


def fixed(symbols: np.ndarray, state: int) -> tuple[np.ndarray, int]:
    return np.tile(LOGITS, (len(symbols), 1)), state


def count_up(symbols: np.ndarray, state: int) -> tuple[np.ndarray, int]:
    """Prefer the symbol after the one shown, plus all that the state has added up."""
    return np.eye(10)[(symbols + state) % 10], state + 1


def draw(temperature: float, count: int = 20_000, seed: int = 0) -> list[int]:
    symbols: list[int] = write_symbols(fixed, 0, [0], count, temperature, np.random.default_rng(seed))[:, 0].tolist()
    return symbols


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
    assert written.tolist() == [[7], [0], [4]]  # 5 + 2, 7 + 3, 0 + 4


def test_texts_written_side_by_side_go_on_from_their_own_symbols() -> None:
    written = write_symbols(fixed, 0, [0], 40, 1.0, np.random.default_rng(0), texts=3)
    assert written.shape == (40, 3)
    assert len({tuple(text) for text in written.T}) == 3
    shown: list[list[int]] = []

    def look(symbols: np.ndarray, state: int) -> tuple[np.ndarray, int]:
        shown.append(symbols.tolist())
        return fixed(symbols, state)

    written = write_symbols(look, 0, [2], 3, 1.0, np.random.default_rng(0), texts=2)
    assert shown == [[2, 2], *written[:2].tolist()]


@pytest.mark.parametrize("temperature", [-1.0, float("nan")])
def test_a_temperature_below_0_is_refused(temperature: float) -> None:
    with pytest.raises(TaskError, match="must be 0 or more"):
        draw(temperature)


def test_outputs_that_are_not_finite_are_refused() -> None:
    with pytest.raises(TaskError, match="not finite"):
        write_symbols(lambda _, state: (np.array([[np.nan, 0.0]]), state), 0, [0], 1, 1.0, np.random.default_rng(0))
