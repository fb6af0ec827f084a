"""Reverse: read a row of letters, write it from its end to its beginning."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.support.answers.rewriting import Rewriting, RewritingSettings


class ReverseSettings(RewritingSettings):
    """How many letters there are, and how many are read."""

    title: ClassVar[str] = "Reverse"
    about: ClassVar[str] = "Read a row of letters, then write it backwards."

    name: Literal["reverse"] = "reverse"

    def build(self, seed: int) -> "Reverse":
        """Return the task drawn from ``seed``."""
        return Reverse(self, seed)


class Reverse(Rewriting):
    """The last letter is written first: what was read last is needed soonest."""

    version = 1
    order = "from its end to its beginning"
    source = "Sequence reversal of Grefenstette, Hermann, Suleyman & Blunsom 2015, section 4.1; lengths from 1 here"

    def rewrite(self, letters: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return each row's letters from the last to the first."""
        places = np.maximum(lengths - 1 - np.arange(len(letters))[:, None], 0)
        return np.take_along_axis(letters, places, axis=0)
