"""Which word stands for which: IBM's model 1, counted on pairs that say nothing of their alignment."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.support.answers.pairs import Pairs

Array = NDArray[np.float64]
Whole = NDArray[np.int64]

ROUNDS = 10
CELLS = 4_000_000
"""Pairs of a source word and an answer word that are counted at most."""
REST = 0.01
"""Share of the answer's words that come from the unigram, so that none is impossible."""


@dataclass(frozen=True)
class WordTable:
    """t(answer word | source word) of those pairs of words that were seen together, in the order of their codes.

    A code is source word * outputs + answer word; the source word ``sources`` stands for none. ``shares`` (outputs,)
    are the unigram's.
    """

    sources: int
    codes: Whole
    chances: Array
    shares: Array
    counted: int

    def likeliest(self) -> Whole:
        """Return (sources,): the answer word that stands for each source word, 0 for one never seen."""
        words, answers = np.divmod(self.codes, len(self.shares))
        rising = np.argsort(self.chances, kind="stable")
        found = np.zeros(self.sources + 1, dtype=np.int64)
        found[words[rising]] = answers[rising]
        return found[:-1]

    def nats(self, pairs: Pairs, places: Whole) -> Array:
        """Return (B,): -ln p of each answer's words, END apart; each word of the source, or none, is as likely."""
        together = _together(pairs, places, self.sources)
        codes = together.words * len(self.shares) + together.answers
        chances = (1 - REST) * self._look_up(codes) + REST * self.shares[together.answers]
        mean = np.bincount(together.targets, chances) / (pairs.sources.lengths[places][together.pair_of_target] + 1)
        nats = np.bincount(together.pair_of_target, weights=-np.log(mean), minlength=len(places))
        return nats.astype(np.float64)

    def _look_up(self, codes: Whole) -> Array:
        at = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[at] == codes, self.chances[at], 0.0)


def fit_words(pairs: Pairs, sources: int, shares: Array) -> WordTable:
    """Return the table after ten rounds of expectation and maximisation (Brown et al. 1993, section 4.1)."""
    cells = (pairs.sources.lengths[pairs.training] + 1) * pairs.answers.lengths[pairs.training]
    counted = pairs.training[: int(np.searchsorted(cells.cumsum(), CELLS)) + 1]
    together = _together(pairs, counted, sources)
    target = together.targets
    codes, which = np.unique(together.words * len(shares) + together.answers, return_inverse=True)
    chances = np.ones(len(codes))
    word_of_code = codes // len(shares)
    for _ in range(ROUNDS):
        taken = chances[which]
        belief = taken / np.bincount(target, taken)[target]
        counts = np.bincount(which, belief)
        chances = counts / np.bincount(word_of_code, counts)[word_of_code]
    return WordTable(sources, codes, chances, shares, len(counted))


def length_nats(pairs: Pairs, places: Whole) -> Array:
    """Return (B,): -ln p(length of the answer | length of the source), counted in training, each once more."""
    longest = pairs.answers.longest
    codes = pairs.sources.lengths * (longest + 1) + pairs.answers.lengths
    size = (pairs.sources.longest + 1) * (longest + 1)
    counts = np.bincount(codes[pairs.training], minlength=size) + 1.0
    totals = counts.reshape(-1, longest + 1)[:, 1:].sum(axis=1)
    nats: Array = -np.log(counts[codes[places]] / totals[pairs.sources.lengths[places]])
    return nats


@dataclass(frozen=True)
class _Together:
    """Each source word, or none, beside each answer word of its pair; ``targets`` numbers the answer words."""

    words: Whole
    answers: Whole
    targets: Whole
    pair_of_target: Whole


def _together(pairs: Pairs, places: Whole, none: int) -> _Together:
    sources, answers = pairs.sources, pairs.answers
    due = answers.lengths[places] - 1  # END apart
    pair = np.repeat(np.arange(len(places)), due)
    choices = sources.lengths[places][pair] + 1
    targets = np.repeat(np.arange(len(pair)), choices)
    choice = np.arange(len(targets)) - np.repeat(choices.cumsum() - choices, choices)
    read = sources.symbols.take(sources.starts[places][pair][targets] + choice - 1, mode="clip")
    own = np.arange(len(pair)) - np.repeat(due.cumsum() - due, due)
    written = answers.symbols[answers.starts[places][pair] + own]
    return _Together(np.where(choice == 0, none, read), written[targets], targets, pair)
