"""Sentences and their translations as symbols, parted by a hash of the source into those that train and the others."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import END, TaskError
from workbench.tasks.support.answers.pairs import HELD_OUT, Pairs, Rows
from workbench.tasks.support.files.delimited import Delimiter
from workbench.tasks.support.files.reading import Encoding, refuse_other_file
from workbench.tasks.support.files.splits import hash_of, held_out_by_hash
from workbench.tasks.support.files.tables import TextRows
from workbench.tasks.support.text.words import WordNumbers, Words, join_words

Tokens = Sequence[str]
Texts = tuple[str, str]
Split = Callable[[str], Tokens]

FEWEST = 20
_WORD = re.compile(r"\b(?:[cdjlmnst]|qu)['’](?=\w)|\w+(?:['’]\w+)*|[^\w\s]")
_ELIDED = re.compile(r"\b((?:[cdjlmnst]|qu)['’]) ")


def split_translated(text: str) -> Tokens:
    """Return the words of a text in lower case as ``split_words`` does, elided ones apart: l'ami is l' and ami."""
    return _WORD.findall(text.lower())


def join_translated(words: Iterable[str]) -> str:
    """Return words as one text, elided ones joined to the next."""
    return _ELIDED.sub(r"\1", join_words(words))


@dataclass(frozen=True)
class Translations:
    """Pairs as symbols: those of sources are their words', those of answers one more, for END is 0."""

    pairs: Pairs
    read: Words
    written: Words
    left_out: int
    """Pairs with a side that is empty or too long."""
    hashes: dict[str, str] = field(default_factory=dict)


class _Side:
    """The sentences of one language as numbers, four bytes a word."""

    def __init__(self) -> None:
        self._words = WordNumbers()
        self._numbers: list[NDArray[np.int32]] = []
        self._lengths: list[NDArray[np.int64]] = []

    def add(self, sentences: Sequence[Tokens]) -> None:
        self._numbers.append(self._words.number(chain.from_iterable(sentences)))
        self._lengths.append(np.array([len(sentence) for sentence in sentences], dtype=np.int64))

    def symbols(self, training: NDArray[np.int64], vocabulary: int) -> tuple[Words, Rows]:
        """Return the most frequent words of those that train, and all sentences by them."""
        numbers, lengths = np.concatenate(self._numbers), np.concatenate(self._lengths)
        trains = np.zeros(len(lengths), dtype=np.bool_)
        trains[training] = True
        counts = np.bincount(numbers[np.repeat(trains, lengths)], minlength=len(self._words))
        words, symbol_of = self._words.choose(counts, vocabulary)
        return words, Rows(symbol_of[numbers], lengths)


class _Collected:
    """Pairs as numbers, with the hash of each source."""

    def __init__(self, split: Split, longest: int) -> None:
        self._split, self._longest = split, longest
        self._sides = _Side(), _Side()
        self._hashes: list[NDArray[np.uint64]] = []
        self.left_out = 0

    def add(self, texts: Iterable[Texts]) -> None:
        """Take the next pairs, but those with a side that is empty or too long."""
        pairs = [(self._split(source.strip()), self._split(answer.strip())) for source, answer in texts]
        kept = [pair for pair in pairs if all(0 < len(side) <= self._longest for side in pair)]
        self.left_out += len(pairs) - len(kept)
        for own, side in enumerate(self._sides):
            side.add([pair[own] for pair in kept])
        self._hashes.append(np.array([hash_of(" ".join(source)) for source, _ in kept], dtype=np.uint64))

    def part(self, share: float, vocabulary: int, origin: str) -> Translations:
        """Return them with about a ``share`` held out; a source that comes again is taken the first time alone."""
        hashes = np.concatenate(self._hashes)
        _, once = np.unique(hashes, return_index=True)
        once.sort()
        if len(once) < FEWEST:
            more = f" and {self.left_out:,} that are empty or longer than task.longest" if self.left_out else ""
            raise TaskError(f"{origin} has {len(once)} different pairs{more}; at least {FEWEST} are needed.")
        held_out = held_out_by_hash(hashes[once], share)
        training = once[~held_out]
        looked_at = once[held_out][np.argsort(hashes[once[held_out]])][:HELD_OUT]
        read, sources = self._sides[0].symbols(training, vocabulary)
        written, answers = self._sides[1].symbols(training, vocabulary - 1)
        pairs = Pairs(sources, _ended(answers), training, looked_at)
        return Translations(pairs, read, written, self.left_out)


def drawn(texts: Iterator[Texts], split: Split, count: int, share: float, vocabulary: int) -> Translations:
    """Return the first ``count`` different pairs, about a ``share`` of them held out."""
    different: dict[str, str] = {}
    while len(different) < count:
        different.update(islice(texts, count - len(different)))
    collected = _Collected(split, longest=1 << 30)
    collected.add(different.items())
    return collected.part(share, vocabulary, "The grammar")


def from_table(
    path: str,
    columns: tuple[str, str],
    split: Split,
    *,
    delimiter: Delimiter,
    encoding: Encoding,
    longest: int,
    vocabulary: int,
    share: float,
    sha256: str,
) -> Translations:
    """Return the pairs of a table, those left out whose source or answer has more than ``longest`` symbols.

    A hash of the source decides which are held out: the same ones whatever the seed. Raises TaskError where the file
    is unfit, another than the one with this SHA-256, or holds fewer than 20 pairs.
    """
    rows = TextRows(path, columns, delimiter, encoding)
    collected = _Collected(split, longest)
    for batch in rows:
        collected.add((source, answer) for source, answer in batch)
    refuse_other_file(path, sha256, rows.sha256)
    found = collected.part(share, vocabulary, path)
    return Translations(found.pairs, found.read, found.written, found.left_out, {"table": rows.sha256})


def _ended(answers: Rows) -> Rows:
    """Return answers as classes, each with its END."""
    ended = np.insert(answers.symbols + 1, answers.lengths.cumsum(), END)
    return Rows(ended, answers.lengths + 1)
