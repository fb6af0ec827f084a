"""Nested brackets of bounded depth, drawn, and what predictors of different memory expect to lose on them."""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Score:
    """Nats a prediction, and the share of closing brackets whose kind is known or guessed."""

    nats: float
    closing: float


@dataclass(frozen=True)
class Scores:
    """The best that is reached with the whole stack; with depth and present bracket; with the present bracket."""

    stack: Score
    depth: Score
    present: Score


@dataclass(frozen=True)
class Brackets:
    """Brackets of ``kinds`` kinds, at most ``depth`` open: where both may come, one opens half of the time."""

    kinds: int
    depth: int

    def draw(self, random: np.random.Generator, count: int, length: int) -> NDArray[np.int64]:
        """Return (length, count) brackets from nothing open: 0 .. kinds-1 open, kinds .. 2 kinds-1 close."""
        coins = random.random((length, count)) < 1 / 2
        kinds = random.integers(0, self.kinds, (length, count))
        brackets = np.empty((length, count), dtype=np.int64)
        stack = np.zeros((self.depth + 1, count), dtype=np.int64)
        columns, depth = np.arange(count), np.zeros(count, dtype=np.int64)
        for place in range(length):
            opens = (depth == 0) | (coins[place] & (depth < self.depth))
            level = depth + opens
            stack[level, columns] = kind = np.where(opens, kinds[place], stack[level, columns])
            brackets[place] = np.where(opens, kind, kind + self.kinds)
            depth = level - ~opens
        return brackets

    def scores(self, predictions: int) -> Scores:
        """Return what is expected over so many predictions, the first bracket being read and not predicted."""
        chances = self._chances(predictions).sum(axis=0)
        total = float(chances.sum())
        opening = self._opening
        stay = _entropy(opening)
        of_kinds = log(self.kinds)
        opens, closes = chances * opening, chances * (1 - opening)
        # What closes after an opening bracket is of its kind; after a closing one, its kind lies in the stack alone.
        hidden = float(closes[:, 0].sum())
        known = float((chances * stay).sum() + opens.sum() * of_kinds)
        by_present = chances.sum(axis=0)
        blind = _entropy(opens.sum(axis=0) / np.maximum(by_present, np.finfo(float).tiny))
        unknown = float((by_present * blind).sum() + (opens.sum() + hidden) * of_kinds)
        guessed = 1 - hidden * (1 - 1 / self.kinds) / float(closes.sum())
        return Scores(
            Score(known / total, 1.0),
            Score((known + hidden * of_kinds) / total, guessed),
            Score(unknown / total, guessed),
        )

    @property
    def _opening(self) -> NDArray[np.float64]:
        """(depth + 1, 1): the chance that the next bracket opens, by how many are open."""
        opening = np.full((self.depth + 1, 1), 1 / 2)
        opening[0], opening[-1] = 1.0, 0.0
        return opening

    def _chances(self, steps: int) -> NDArray[np.float64]:
        """Return (steps, depth + 1, 2): by depth, and whether the present bracket closes (0) or opens (1)."""
        chances = np.zeros((steps, self.depth + 1, 2))
        chances[0, 1, 1] = 1.0
        for step in range(1, steps):
            before = chances[step - 1].sum(axis=1)
            chances[step, 1:, 1] = (before * self._opening[:, 0])[:-1]
            chances[step, :-1, 0] = (before * (1 - self._opening[:, 0]))[1:]
        return chances


def _entropy(chance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the entropy of yes or no in nats."""
    parts = np.stack([chance, 1 - chance])
    logs = np.log(parts, out=np.zeros_like(parts), where=parts > 0)
    entropy: NDArray[np.float64] = -(parts * logs).sum(axis=0)
    return entropy
