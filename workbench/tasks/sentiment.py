"""Sentiment: read a sentence of any length, say at its end what mood it is in."""

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Symbols, Task, TaskSettings
from workbench.tasks.support.files import UserPath
from workbench.tasks.support.labelled import Labelled, from_grammar, from_table
from workbench.tasks.support.logistic import Counts, fit_logistic
from workbench.tasks.support.metrics import accuracy, cross_entropy, most_likely
from workbench.tasks.support.randomness import Shuffled
from workbench.tasks.support.words import Words

COUNTED = 500_000
"""Training words the bag of words is fitted to at most."""


class SentimentSettings(TaskSettings):
    """Sentences of the grammar, or those of a table."""

    title: ClassVar[str] = "Sentiment"
    about: ClassVar[str] = "Tell praise from blame where the order of the words decides."
    use = "Text"

    name: Literal["sentiment"] = "sentiment"
    sentences: int = Field(
        4000,
        title="Sentences",
        description="Training sentences the grammar makes, all different; not used with a CSV file.",
        json_schema_extra={"unit": "sentences"},
        ge=100,
        le=50_000,
    )
    path: UserPath = Field(
        "",
        title="CSV file",
        description="Your UTF-8 table with a header, at most 200 MB; empty for the grammar's sentences.",
        json_schema_extra={"format": "file-path"},
    )
    text_column: str = Field("text", title="Text column", description="The CSV's column of sentences.")
    label_column: str = Field("label", title="Label column", description="The CSV's column of labels.")
    delimiter: Literal["comma", "semicolon", "tab", "bar"] = Field(
        "comma", title="Delimiter", description="What separates the CSV's columns."
    )
    vocabulary: int = Field(
        5000,
        title="Vocabulary",
        description="At most this many symbols; words beyond the most frequent become one symbol.",
        json_schema_extra={"unit": "words"},
        ge=3,
        le=50_000,
    )
    longest: int = Field(
        100,
        title="Longest sentence",
        description="Of a longer sentence, only this many last words are read.",
        json_schema_extra={"unit": "words"},
        ge=1,
        le=2000,
    )

    def build(self, seed: int) -> "Sentiment":
        """Return the task; raises TaskError where the CSV is unfit."""
        return Sentiment(self, seed)


class Sentiment(Task):
    """Inputs are words, read at the last of each sentence: one class for each label."""

    inputs: Symbols
    loss = "cross-entropy"
    reads = "last"
    metric = "accuracy"
    better = "higher"
    version = 1
    source = "A grammar of this workbench; negation and contrast as tests: Socher et al. 2013, section 5"
    solved = "At least 99 % of the held-out sentences of the grammar right; a CSV has its own limit."

    def __init__(self, settings: SentimentSettings, seed: int) -> None:
        self.settings = settings
        data = self._data = _load(settings, seed)
        words = Words.of(data.sentences[: data.training], settings.vocabulary)
        lengths = [len(sentence) for sentence in data.sentences]
        self.inputs = Symbols(len(words.names), words.names)
        self.outputs = len(data.names)
        self.output_names = data.names
        self.length = max(lengths)
        self._lengths = np.array(lengths)
        self._ends = self._lengths.cumsum()
        self._symbols = words.encode(data.sentences)
        self._order = Shuffled(seed, "sentiment/training", data.training)
        self.protocol = (
            f"{_origin(settings)}: {data.training:,} sentences train, each once an epoch in a new order; "
            f"{len(data.sentences) - data.training} others are held out, and no sentence is in both. They "
            f"have up to {self.length} words, of {len(words.known):,} known from training, padded at the end."
        )

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return the sentences of this step in the epochs' shuffled order."""
        return self._take(self._order.indices(step, batch))

    def validation(self) -> Batch:
        """Return the held-out sentences."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return self._take(np.arange(self._data.training, len(self._data.sentences)))

    def _take(self, places: NDArray[np.int64]) -> Batch:
        lengths = self._lengths[places]
        step = np.arange(self.length)[:, None]
        at = self._ends[places] - lengths + step
        symbols = np.where(step < lengths, self._symbols.take(at, mode="clip"), 0)
        return Batch(symbols, self._data.labels[places], lengths)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what the labels alone, and the words without their order, can tell."""
        return self._baselines

    @cached_property
    def _baselines(self) -> tuple[Baseline, ...]:
        return (*self.simple_baselines(), self._bag_of_words())

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return what the labels alone can tell."""
        truth = self._held_out.targets
        known = self._data.labels[: self._data.training]
        shares = np.bincount(known, minlength=self.outputs) / len(known)
        majority = Baseline(
            "majority",
            float(-np.log(shares[truth]).mean()),
            float(np.mean(truth == shares.argmax())),
            "-mean ln p(label), p its share in training",
            "measured on the held-out sentences",
        )
        return (majority,)

    def _bag_of_words(self) -> Baseline:
        counted = min(self._data.training, int(np.searchsorted(self._ends, COUNTED)) + 1)
        model = fit_logistic(self._counts(0, counted), self._data.labels[:counted], self.outputs)
        logits = model.logits(self._counts(self._data.training, len(self._data.sentences)))
        return Baseline(
            "bag of words",
            cross_entropy(logits, self._held_out.targets),
            accuracy(logits, self._held_out.targets),
            f"softmax(W n + b), n the count of each word, penalty |W|^2 / 2, fitted to {counted:,} sentences",
            "multinomial logistic regression, measured on the held-out sentences",
        )

    def _counts(self, start: int, end: int) -> Counts:
        """Return how often each word stands in each of the sentences start .. end - 1."""
        rows = np.repeat(np.arange(end - start), self._lengths[start:end])
        first = self._ends[start] - self._lengths[start]
        return Counts(rows, self._symbols[first : self._ends[end - 1]], (end - start, self.inputs.size))

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return accuracy and cross-entropy."""
        return {
            "accuracy": accuracy(outputs, batch.targets),
            "cross-entropy": cross_entropy(outputs, batch.targets),
        }

    def preview(self, count: int = 3) -> tuple[Example, ...]:
        """Return the first training sentences and their labels."""
        data = self._data
        return tuple(
            Example(" ".join(data.sentences[place]), data.names[data.labels[place]])
            for place in self._order.indices(0, count)
        )

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a sentence, of the words known from training, and its label."""
        length = batch.inputs.shape[0] if batch.lengths is None else int(batch.lengths[own])
        words = (self.inputs.names[symbol] for symbol in batch.inputs[:length, own])
        return Example(" ".join(words), self._data.names[batch.targets[own]])

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the most likely label and its probability."""
        label, chance = most_likely(outputs)
        return f"{self._data.names[label]}, {chance:.2f}"

    def data_hashes(self) -> dict[str, str]:
        """Return the hash of the CSV, if there is one."""
        return self._data.hashes


def _load(settings: SentimentSettings, seed: int) -> Labelled:
    if not settings.path:
        return from_grammar(settings.sentences, seed)
    columns = settings.text_column, settings.label_column
    return from_table(settings.path, *columns, settings.delimiter, settings.longest)


def _origin(settings: SentimentSettings) -> str:
    if settings.path:
        return Path(settings.path).name
    return "Sentences of a grammar with negation, contrast and degrees"
