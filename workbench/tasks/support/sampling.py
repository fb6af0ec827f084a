"""Writing with a network that predicts the next symbol."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import TaskError

State = TypeVar("State")


def write_symbols(
    predict: Callable[[int, State], tuple[NDArray[Any], State]],
    state: State,
    prompt: Sequence[int],
    count: int,
    temperature: float,
    random: np.random.Generator,
) -> list[int]:
    """Return ``count`` symbols drawn one after another, each shown to the network before the next.

    ``predict(symbol, state)`` returns the logits (V,) of the next symbol and the new state; it first reads
    the prompt, at least one symbol. Symbols are drawn from softmax(logits / temperature); at temperature 0
    the most likely one is taken. Raises TaskError for a negative temperature and logits that are not finite.
    """
    if not temperature >= 0:
        raise TaskError(f"The temperature is {temperature}; it must be 0 or more.")
    written: list[int] = []
    for symbol in prompt:
        logits, state = predict(symbol, state)
    while len(written) < count:
        written.append(_draw(logits, temperature, random))
        logits, state = predict(written[-1], state)
    return written


def _draw(logits: NDArray[Any], temperature: float, random: np.random.Generator) -> int:
    logits = np.asarray(logits, dtype=np.float64)
    if not np.isfinite(logits).all():
        raise TaskError("The network's outputs are not finite, so nothing can be drawn. Train it again.")
    if temperature == 0:
        return int(logits.argmax())
    steps = np.exp((logits - logits.max()) / temperature).cumsum()
    return int(np.searchsorted(steps, random.random() * steps[-1], side="right"))
