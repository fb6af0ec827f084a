"""Many small draws from one stream of random numbers, for grammars."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

import numpy as np

Choice = TypeVar("Choice")


class Weighted(Generic[Choice]):
    """Choices that are not all as likely: pairs of a weight and a choice."""

    def __init__(self, *choices: tuple[float, Choice]) -> None:
        self.choices = tuple(choice for _, choice in choices)
        self.heights = tuple(accumulate(weight for weight, _ in choices))


class Draws:
    """Draws one after another; their numbers are had a thousand at a time: one by one would take most of the time."""

    def __init__(self, random: np.random.Generator) -> None:
        self._numbers = _numbers(random)

    def one(self, choices: Sequence[Choice]) -> Choice:
        """Return one of the choices, each as likely."""
        return choices[int(next(self._numbers) * len(choices))]

    def chance(self, share: float) -> bool:
        """Return True in this share of the draws."""
        return next(self._numbers) < share

    def weighted(self, weighted: Weighted[Choice]) -> Choice:
        """Return one of the choices by its weight."""
        return weighted.choices[bisect_right(weighted.heights, next(self._numbers) * weighted.heights[-1])]


def _numbers(random: np.random.Generator) -> Iterator[float]:
    while True:
        yield from random.random(1024).tolist()
