"""Sentences with labels, parted into those that train and those held out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import TaskError
from workbench.tasks.support.delimited import Delimiter
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.sentences import write_sentences
from workbench.tasks.support.tables import read_texts
from workbench.tasks.support.words import split_words

Sentence = tuple[str, ...]

HELD_OUT = 500
HELD_OUT_SHARE = 0.2
FEWEST = 20
MOST_LABELS = 50


@dataclass(frozen=True)
class Labelled:
    """Different sentences as words; the first ``training`` of them train, the others are held out."""

    sentences: list[Sentence]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    training: int
    hashes: dict[str, str] = field(default_factory=dict)


def from_grammar(count: int, seed: int) -> Labelled:
    """Return ``count`` sentences to train on and 500 others, half of them praise."""
    random = generator(seed, "sentiment/sentences")
    written = write_sentences(random, count + HELD_OUT)
    mixed = [written[place] for place in random.permutation(len(written))]
    labels = np.array([praises for _, praises in mixed])
    return Labelled([split_words(text) for text, _ in mixed], labels, ("negative", "positive"), count)


def from_table(path: str, text_column: str, label_column: str, delimiter: Delimiter, longest: int) -> Labelled:
    """Return the last ``longest`` words of each sentence of a CSV, each once.

    A fifth of each label's sentences, about 500 in all at most, is held out: the same ones whatever the seed,
    so that runs compare. Raises TaskError where the file is unfit or holds fewer than 20 sentences.
    """
    rows, digest = read_texts(path, (text_column, label_column), delimiter=delimiter)
    _check_labels({label.strip() for _, label in rows}, label_column, path)
    labelled: dict[Sentence, str] = {}
    for text, label in rows:
        labelled.setdefault(split_words(text)[-longest:], label.strip())
    if len(labelled) < FEWEST:
        raise TaskError(f"{path} has {len(labelled)} different sentences; at least {FEWEST} are needed.")
    names, labels = np.unique(list(labelled.values()), return_inverse=True)
    training, held_out = _split(labels)
    sentences = list(labelled)
    order = [*training, *held_out]
    return Labelled(
        [sentences[place] for place in order],
        labels[order],
        tuple(map(str, names)),
        len(training),
        {"table": digest},
    )


def _check_labels(labels: set[str], column: str, path: str) -> None:
    if len(labels) == 1:
        raise TaskError(f'Every label in {path}, column "{column}", is "{labels.pop()}". Two or more are needed.')
    if len(labels) > MOST_LABELS:
        raise TaskError(
            f'{path}, column "{column}", has {len(labels):,} different labels; at most {MOST_LABELS} are '
            "allowed. If it is the wrong column, set task.label_column."
        )


def _split(labels: NDArray[np.int64]) -> tuple[Sequence[int], Sequence[int]]:
    """Return the places of training and held-out sentences, each label in both where it has two."""
    share = min(HELD_OUT_SHARE, HELD_OUT / len(labels))
    order = generator(0, "sentiment/split").permutation(len(labels))
    held_out: list[int] = []
    for label in np.unique(labels):
        places = order[labels[order] == label]
        held_out += places[: int(np.ceil(share * len(places))) if len(places) > 1 else 0].tolist()
    kept = np.setdiff1d(order, held_out)
    return kept.tolist(), held_out
