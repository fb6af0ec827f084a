"""Sort: read a row of letters, write it in alphabetical order."""

from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Baseline
from workbench.tasks.support.answers.rewriting import Rewriting, RewritingSettings
from workbench.tasks.support.answers.task import END_NAME


class SortSettings(RewritingSettings):
    """How many letters there are, and how many are read."""

    title: ClassVar[str] = "Sort"
    about: ClassVar[str] = "Read a row of letters, then write it in alphabetical order."

    name: Literal["sort"] = "sort"

    def build(self, seed: int) -> "Sort":
        """Return the task drawn from ``seed``."""
        return Sort(self, seed)


class Sort(Rewriting):
    """How often each letter stood there is enough to write the answer: its order need not be remembered."""

    version = 1
    order = "in alphabetical order, as often as it was read"
    source = "Sorting as sequence to sequence: Vinyals, Bengio & Kudlur 2016, section 5.1; letters instead of numbers"

    def rewrite(self, letters: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return each row's letters in their order; padding goes last."""
        beyond = np.arange(len(letters))[:, None] >= lengths
        return np.sort(np.where(beyond, self.inputs.size, letters), axis=0)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the even guess, and what the place alone tells: early letters come first in the alphabet."""
        return (self._even_guess(), self._place_alone())

    def _place_alone(self) -> Baseline:
        batch = self._held_out
        assert batch.lengths is not None  # drawn with them
        nats = np.empty(len(batch.lengths))
        for length in np.unique(batch.lengths):
            shares = letters_at_places(int(length), self.inputs.size)
            own = np.flatnonzero(batch.lengths == length)
            written = batch.targets[:length, own] - 1
            nats[own] = -np.log(shares[np.arange(length)[:, None], written]).sum(axis=0)
        return Baseline(
            "place alone",
            float(nats.sum() / (batch.lengths + 1).sum()),
            float(np.exp(-nats).mean()),
            f"-ln p(letter | place k of n), 0 for {END_NAME}; P(one of the first v letters) = "
            f"P(Binomial(n, v/{self.inputs.size}) >= k)",
            "order statistics of n even draws; measured on the held-out rows",
        )


def letters_at_places(length: int, letters: int) -> NDArray[np.float64]:
    """Return (length, letters): the chance of each letter at each place of a sorted row of even draws."""
    counts = np.arange(length + 1)
    factorials = np.append(0.0, np.log(counts[1:]).cumsum())
    ways = factorials[-1] - factorials - factorials[::-1]
    low = np.arange(1, letters)[:, None] / letters
    binomial = np.exp(ways + counts * np.log(low) + (length - counts) * np.log1p(-low))
    at_least = np.zeros((letters + 1, length + 1))
    at_least[1:-1] = binomial[:, ::-1].cumsum(axis=1)[:, ::-1]
    at_least[-1] = 1.0
    return np.maximum(np.diff(at_least[:, 1:], axis=0).T, np.finfo(np.float64).tiny)
