"""A long text as symbols, characters or words, in one or two bytes each: never all of it as text in memory."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.support.text.characters import CharacterNumbers, Characters
from workbench.tasks.support.text.words import WORD_OR_LINE_END, WordNumbers, Words, split_text

Level = Literal["character", "word"]
HELD_OUT_MOST = 500_000
"""Symbols held out at most: validation and baselines look at no more."""
_SMALL = 256
_AT_ONCE = 1 << 22


@dataclass(frozen=True)
class Corpus:
    """The symbols of a text: those that train and, at its end, those held out.

    ``characters`` is how many characters a held-out symbol stands for on average: 1 where symbols are characters.
    """

    training: NDArray[np.unsignedinteger[Any]]
    held_out: NDArray[np.unsignedinteger[Any]]
    alphabet: Characters | Words
    characters: float

    def __len__(self) -> int:
        return len(self.training) + len(self.held_out)


def read_corpus(pieces: Iterable[str], level: Level, vocabulary: int, share: float) -> Corpus:
    """Return a text, given in pieces, as symbols: the ``vocabulary - 1`` most frequent of its training part, and 0.

    The last ``share`` of the symbols, 500,000 at most, is held out. Needs about twice the memory of the result.
    """
    numbers = CharacterNumbers() if level == "character" else WordNumbers()
    tail = _Tail()
    found: deque[NDArray[Any]] = deque()
    for piece in pieces if isinstance(numbers, CharacterNumbers) else _whole_words(pieces):
        if isinstance(numbers, CharacterNumbers):
            found.append(_narrow(numbers.number(piece), len(numbers)))
        else:
            found.append(numbers.number(split_text(piece)))
            tail.add(piece, len(found[-1]))
    total = sum(map(len, found))
    held_out = min(int(total * share), HELD_OUT_MOST)
    alphabet, symbol_of = numbers.choose(_count(found, total - held_out, len(numbers)), vocabulary)
    symbols = _translate(found, total, _narrow(symbol_of, alphabet.size))
    kept = total - held_out
    return Corpus(symbols[:kept], symbols[kept:], alphabet, tail.characters(held_out) if tail.pieces else 1.0)


def _narrow(numbers: NDArray[np.uint16], size: int) -> NDArray[Any]:
    """Return numbers below ``size`` in one byte each, where that is enough."""
    return numbers.astype(np.uint8) if size <= _SMALL else numbers


class _Tail:
    """The last pieces of a text, enough of them to hold what is held out."""

    def __init__(self) -> None:
        self.pieces: deque[tuple[str, int]] = deque()
        self._words = 0

    def add(self, piece: str, words: int) -> None:
        self.pieces.append((piece, words))
        self._words += words
        while self._words - self.pieces[0][1] > HELD_OUT_MOST:
            self._words -= self.pieces.popleft()[1]

    def characters(self, words: int) -> float:
        """Return how many characters each of the last words has on average, with the space before it."""
        text = "".join(piece for piece, _ in self.pieces)
        start = 0
        for place, match in enumerate(WORD_OR_LINE_END.finditer(text), start=1):
            if place == self._words - words:
                start = match.end()
                break
        return (len(text) - start) / max(words, 1)


def _whole_words(pieces: Iterable[str]) -> Iterator[str]:
    """Yield a text in pieces that cut no word, unless it is endless."""
    rest = ""
    for piece in pieces:
        text = rest + piece
        end = max(text.rfind(" "), text.rfind("\n"))
        if end < 0 and len(text) > _AT_ONCE:
            end = len(text)
        rest = text[max(end, 0) :]
        if end > 0:
            yield text[:end]
    if rest:
        yield rest


def _count(numbers: Iterable[NDArray[Any]], kept: int, size: int) -> NDArray[np.int64]:
    """Return how often each number stands among the first ``kept``."""
    counts = np.zeros(size, dtype=np.int64)
    for piece in numbers:
        for start in range(0, min(len(piece), max(kept, 0)), _AT_ONCE):
            counts += np.bincount(piece[start : min(start + _AT_ONCE, kept)], minlength=size)
        kept -= len(piece)
    return counts


def _translate(found: deque[NDArray[Any]], total: int, symbol_of: NDArray[Any]) -> NDArray[Any]:
    """Return the symbol of each number, and let go of the numbers."""
    symbols = np.empty(total, dtype=symbol_of.dtype)
    at = 0
    while found:
        piece = found.popleft()
        np.take(symbol_of, piece, out=symbols[at : at + len(piece)], mode="clip")
        at += len(piece)
    return symbols
