"""Words as numbers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from sys import intern

import numpy as np
from numpy.typing import NDArray

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case; punctuation marks are words too.

    They are interned: a large table holds each word once.
    """
    return tuple(map(intern, _WORD.findall(text.lower())))


@dataclass(frozen=True)
class Words:
    """The known words, in alphabetical order, as symbols 1, 2, ...; symbol 0 stands for all others."""

    known: tuple[str, ...]

    @classmethod
    def of(cls, sentences: Iterable[Sequence[str]], most: int) -> "Words":
        """Return the words of sentences, or the ``most - 1`` most frequent of them."""
        counts = Counter(word for sentence in sentences for word in sentence)
        frequent = sorted(counts, key=lambda word: (-counts[word], word))[: most - 1]
        return cls(tuple(sorted(frequent)))

    @property
    def names(self) -> tuple[str, ...]:
        """Return each symbol's word."""
        return (UNKNOWN, *self.known)

    def encode(self, sentences: Iterable[Sequence[str]]) -> NDArray[np.int64]:
        """Return the symbols of all sentences, one after another."""
        return np.array([self._symbols.get(word, 0) for sentence in sentences for word in sentence])

    @cached_property
    def _symbols(self) -> dict[str, int]:
        return {word: symbol for symbol, word in enumerate(self.known, start=1)}
