"""Sentences with labels, parted into those that train and those held out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import TaskError
from workbench.tasks.support.files.delimited import Delimiter
from workbench.tasks.support.files.reading import Encoding, refuse_other_file
from workbench.tasks.support.files.splits import hash_of, held_out_by_hash
from workbench.tasks.support.files.tables import TextRows
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.text.sentences import write_sentences
from workbench.tasks.support.text.words import WordNumbers, Words, split_words

HELD_OUT = 500
"""Held-out sentences that are looked at, at most."""
FEWEST = 20
MOST_LABELS = 50


@dataclass(frozen=True)
class Labelled:
    """Different sentences: their symbols one after another, their lengths (N,) and labels (N,).

    ``training`` and ``held_out`` are the numbers of sentences; of many held out, the latter has 500.
    """

    symbols: NDArray[np.uint16]
    lengths: NDArray[np.int64]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    words: Words
    training: NDArray[np.int64]
    held_out: NDArray[np.int64]
    hashes: dict[str, str] = field(default_factory=dict)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each sentence begins among the symbols."""
        starts: NDArray[np.int64] = self.lengths.cumsum() - self.lengths
        return starts

    def symbols_of(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the symbols of some sentences, one after another."""
        lengths = self.lengths[places]
        before = np.repeat(self.starts[places] - (lengths.cumsum() - lengths), lengths)
        symbols: NDArray[np.int64] = self.symbols[before + np.arange(lengths.sum())].astype(np.int64)
        return symbols


class _Collected:
    """Sentences and labels as numbers, batch by batch: four bytes a word."""

    def __init__(self) -> None:
        self.words, self.labels = WordNumbers(), WordNumbers()
        self._sentences: list[NDArray[np.int32]] = []
        self._lengths: list[NDArray[np.int64]] = []
        self._label_of: list[NDArray[np.int32]] = []

    def add(self, sentences: Sequence[Sequence[str]], labels: Iterable[str]) -> None:
        """Take the next sentences."""
        self._sentences.append(self.words.number(chain.from_iterable(sentences)))
        self._lengths.append(np.array([len(sentence) for sentence in sentences], dtype=np.int64))
        self._label_of.append(self.labels.number(labels))

    def label_of(self) -> NDArray[np.int32]:
        """Return the number of each sentence's label."""
        return np.concatenate(self._label_of)

    def part(
        self, names: tuple[str, ...], training: NDArray[np.int64], held_out: NDArray[np.int64], vocabulary: int
    ) -> dict[str, Any]:
        """Return the sentences as symbols: the most frequent words of those that train are known."""
        lengths = np.concatenate(self._lengths)
        trains = np.zeros(len(lengths), dtype=np.bool_)
        trains[training] = True
        counts = np.zeros(len(self.words), dtype=np.int64)
        at = 0
        for numbers, own in zip(self._sentences, self._lengths, strict=True):
            counts += np.bincount(numbers[np.repeat(trains[at : at + len(own)], own)], minlength=len(counts))
            at += len(own)
        words, symbol_of = self.words.choose(counts, vocabulary)
        order = {name: place for place, name in enumerate(names)}
        label = np.array([order.get(name, 0) for name in self.labels.names], dtype=np.int64)
        return {
            "symbols": np.concatenate([symbol_of[numbers] for numbers in self._sentences]),
            "lengths": lengths,
            "labels": label[self.label_of()],
            "names": names,
            "words": words,
            "training": training,
            "held_out": held_out,
        }


def from_grammar(count: int, seed: int, vocabulary: int) -> Labelled:
    """Return ``count`` sentences to train on and 500 others, half of them praise."""
    random = generator(seed, "sentiment/sentences")
    written = write_sentences(random, count + HELD_OUT)
    mixed = [written[place] for place in random.permutation(len(written))]
    collected = _Collected()
    names = "negative", "positive"
    collected.add([split_words(text) for text, _ in mixed], (names[praises] for _, praises in mixed))
    return Labelled(**collected.part(names, np.arange(count), np.arange(count, len(mixed)), vocabulary))


def from_table(
    path: str,
    text_column: str,
    label_column: str,
    *,
    delimiter: Delimiter,
    encoding: Encoding,
    longest: int,
    vocabulary: int,
    share: float,
    sha256: str,
) -> Labelled:
    """Return the last ``longest`` words of each sentence of a table, each once, with the label it has first.

    A hash of these words decides which are held out, about a ``share`` of each label's: the same ones whatever the
    seed, and in every version of the file. Raises TaskError where the file is unfit, another than the one with this
    SHA-256, or holds fewer than 20 sentences.
    """
    rows = TextRows(path, (text_column, label_column), delimiter, encoding)
    collected = _Collected()
    hashes: list[NDArray[np.uint64]] = []
    for batch in rows:
        sentences = [split_words(text)[-longest:] for text, _ in batch]
        collected.add(sentences, (label.strip() for _, label in batch))
        hashes.append(np.array([hash_of(" ".join(sentence)) for sentence in sentences], dtype=np.uint64))
        _refuse_many_labels(len(collected.labels), label_column, path)
    refuse_other_file(path, sha256, rows.sha256)
    hash_of_row = np.concatenate(hashes)
    _, once = np.unique(hash_of_row, return_index=True)
    once.sort()
    labels = collected.label_of()[once]
    names = tuple(sorted(collected.labels.names[label] for label in np.unique(labels)))
    _refuse_few(path, label_column, names, len(labels))
    held_out = _split(hash_of_row[once], labels, share)
    looked_at = _first_of_each(hash_of_row[once[held_out]], labels[held_out])
    parts = collected.part(names, once[~held_out], once[held_out][looked_at], vocabulary)
    return Labelled(**parts, hashes={"table": rows.sha256})


def _refuse_many_labels(count: int, column: str, path: str) -> None:
    if count > MOST_LABELS:
        raise TaskError(
            f'{path}, column "{column}", has more than {MOST_LABELS} different labels. If it is the wrong column, set '
            "task.label_column."
        )


def _refuse_few(path: str, column: str, names: tuple[str, ...], sentences: int) -> None:
    if len(names) == 1:
        raise TaskError(f'Every label in {path}, column "{column}", is "{names[0]}". Two or more are needed.')
    if sentences < FEWEST:
        raise TaskError(f"{path} has {sentences} different sentences; at least {FEWEST} are needed.")


def _split(hashes: NDArray[np.uint64], labels: NDArray[np.int32], share: float) -> NDArray[np.bool_]:
    """Return which sentences are held out; each label that has two sentences is on both sides."""
    held_out = np.zeros(len(hashes), dtype=np.bool_)
    for label in np.unique(labels):
        own = labels == label
        held_out[own] = held_out_by_hash(hashes[own], share)
    return held_out


def _first_of_each(hashes: NDArray[np.uint64], labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the places of at most 500 sentences, by their hash, at least one of each label among them."""
    order = hashes.argsort()
    first = order[np.unique(labels[order], return_index=True)[1]]
    others = order[~np.isin(order, first)]
    return np.concatenate([first, others])[:HELD_OUT]
