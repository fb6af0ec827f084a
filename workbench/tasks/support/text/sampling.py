"""Writing with a network that predicts the next symbol."""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.tasks.base import TaskError

State = TypeVar("State")


def write_symbols(
    predict: Callable[[NDArray[Any], State], tuple[NDArray[Any], State]],
    state: State,
    prompt: ArrayLike,
    count: int,
    temperature: float,
    random: np.random.Generator,
    texts: int = 1,
) -> NDArray[np.int64]:
    """Return (count, N) symbols of N = ``texts`` texts, each symbol shown to the network before the next is drawn.

    ``predict(symbols, state)`` returns the logits (N, V) that follow symbols (N,), and the new state; it first
    reads the prompt, at least one symbol. Symbols are drawn from softmax(logits / temperature); at temperature 0
    the most likely ones are taken. Raises TaskError for a negative temperature and logits that are not finite.
    """
    if not temperature >= 0:
        raise TaskError(f"The temperature is {temperature}; it must be 0 or more.")
    written = np.zeros((count, texts), dtype=np.int64)
    for symbol in np.asarray(prompt):
        logits, state = predict(np.full(texts, symbol, dtype=np.int64), state)
    for place in range(count):
        if place:
            logits, state = predict(written[place - 1], state)
        written[place] = _draw(logits, temperature, random)
    return written


def _draw(logits: NDArray[Any], temperature: float, random: np.random.Generator) -> NDArray[np.int64]:
    """Return a symbol (N,) for each row of logits (N, V)."""
    logits = np.asarray(logits, dtype=np.float64)
    if not np.isfinite(logits).all():
        raise TaskError("The network's outputs are not finite, so nothing can be drawn. Train it again.")
    if temperature == 0:
        likely: NDArray[np.int64] = logits.argmax(axis=1)
        return likely
    steps = np.exp((logits - logits.max(axis=1, keepdims=True)) / temperature).cumsum(axis=1)
    heights = random.random((len(steps), 1)) * steps[:, -1:]
    drawn: NDArray[np.int64] = (steps <= heights).sum(axis=1)
    return drawn
