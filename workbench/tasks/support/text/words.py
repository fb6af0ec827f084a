"""Words as numbers, and back."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]")
WORD_OR_LINE_END = re.compile(r"\n|\w+(?:['’]\w+)*|[^\w\s]")
_NO_SPACE_BEFORE = re.compile(r" +([,.;:!?%…)\]}»”])")
_NO_SPACE_AFTER = re.compile(r"([(\[{«“]) +")
_AROUND_LINE_END = re.compile(r" *\n *")


def split_words(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case; punctuation marks are words too."""
    return tuple(_WORD.findall(text.lower()))


def split_text(text: str) -> list[str]:
    """Return the words of a text as ``split_words`` does, line ends among them."""
    return WORD_OR_LINE_END.findall(text.lower())


def join_words(words: Iterable[str]) -> str:
    """Return words as a text, with spaces where English has them."""
    text = _NO_SPACE_BEFORE.sub(r"\1", " ".join(words))
    return _AROUND_LINE_END.sub("\n", _NO_SPACE_AFTER.sub(r"\1", text))


@dataclass(frozen=True)
class Words:
    """The known words, in alphabetical order, as symbols 1, 2, ...; symbol 0 stands for all others."""

    known: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many symbols there are, the one for unknown words included."""
        return len(self.known) + 1

    @property
    def names(self) -> tuple[str, ...]:
        """Return each symbol's word, a line end as a visible one."""
        return (UNKNOWN, *("⏎" if word == "\n" else word for word in self.known))

    def encode(self, text: str) -> NDArray[np.uint16]:
        """Return the symbols of a text's words and line ends."""
        return np.array([self._symbols.get(word, 0) for word in split_text(text)], dtype=np.uint16)

    def decode(self, symbols: NDArray[np.integer]) -> str:
        """Return the text of symbols."""
        words = (UNKNOWN, *self.known)
        return join_words(words[symbol] for symbol in symbols)

    @cached_property
    def _symbols(self) -> dict[str, int]:
        return {word: symbol for symbol, word in enumerate(self.known, start=1)}


class WordNumbers:
    """Numbers the words of a long text in the order they come; which are known is chosen when all were seen."""

    def __init__(self) -> None:
        self._numbers = _Numbers()

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the word of each number."""
        return tuple(self._numbers)

    def number(self, words: Iterable[str]) -> NDArray[np.int32]:
        """Return the number of each word."""
        return np.array(list(map(self._numbers.__getitem__, words)), dtype=np.int32)

    def choose(self, counts: NDArray[np.int64], most: int) -> tuple[Words, NDArray[np.uint16]]:
        """Return the ``most - 1`` words that ``counts`` says come most often, and the symbol of each number."""
        words = self.names
        counted = np.flatnonzero(counts).tolist()
        frequent = sorted(counted, key=lambda number: (-counts[number], words[number]))[: most - 1]
        frequent.sort(key=lambda number: words[number])
        symbols = np.zeros(len(words), dtype=np.uint16)
        symbols[frequent] = np.arange(1, len(frequent) + 1)
        return Words(tuple(words[number] for number in frequent)), symbols


class _Numbers(dict[str, int]):
    """The number of each word; a new word gets the next one."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number
