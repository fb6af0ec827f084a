"""Sentiment: read a sentence of any length, say at its end what mood it is in."""

from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Symbols, Task, TaskSettings
from workbench.tasks.support.files.delimited import Delimiter
from workbench.tasks.support.files.reading import Encoding, FileHash, UserPath
from workbench.tasks.support.logistic import Counts, fit_logistic
from workbench.tasks.support.metrics import accuracy, cross_entropy, most_likely
from workbench.tasks.support.randomness import Shuffled
from workbench.tasks.support.text.labelled import Labelled, from_grammar, from_table

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
        description="Training sentences the grammar makes, all different; not used with a table.",
        json_schema_extra={"unit": "sentences"},
        ge=100,
        le=50_000,
    )
    path: UserPath = Field(
        "",
        title="Table",
        description="Your own CSV, TSV or Parquet file with a header, of up to 10 million rows or 1 GiB; empty for the "
        "grammar's sentences.",
        json_schema_extra={"format": "file-path"},
    )
    text_column: str = Field("text", title="Text column", description="The table's column of sentences.")
    label_column: str = Field("label", title="Label column", description="The table's column of labels.")
    delimiter: Delimiter = Field(
        "auto", title="Delimiter", description="What separates the columns; auto: the first rows tell."
    )
    encoding: Encoding = Field("utf-8", title="Encoding", description="How the table's characters are written.")
    held_out: float = Field(
        0.2,
        title="Held out",
        description="About this share of a table's sentences is held out, chosen by a hash of each; up to 500 of them "
        "are looked at.",
        ge=0.01,
        le=0.5,
    )
    sha256: FileHash = Field(
        "",
        title="File's hash",
        description="The SHA-256 that the table must have; empty: the one it has when a run starts.",
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
        """Return the task; raises TaskError where the table is unfit."""
        return Sentiment(self, seed)


class Sentiment(Task):
    """Inputs are words, read at the last of each sentence: one class for each label."""

    inputs: Symbols
    loss = "cross-entropy"
    reads = "last"
    metric = "accuracy"
    better = "higher"
    version = 2
    source = "A grammar of this workbench; negation and contrast as tests: Socher et al. 2013, section 5"
    solved = "At least 99 % of the held-out sentences of the grammar right; a table has its own limit."

    def __init__(self, settings: SentimentSettings, seed: int) -> None:
        self.settings = settings
        data = self._data = _load(settings, seed)
        self.inputs = Symbols(data.words.size, data.words.names)
        self.outputs = len(data.names)
        self.output_names = data.names
        used = np.concatenate([data.training, data.held_out])
        self.length = int(data.lengths[used].max())
        self._order = Shuffled(seed, "sentiment/training", len(data.training))
        self.protocol = (
            f"{_origin(settings)}: {len(data.training):,} sentences train, each once an epoch in a new order; "
            f"{len(data.held_out):,} others are {_chosen(settings)}, and no sentence is in both. They have up to "
            f"{self.length} words, of {len(data.words.known):,} known from training, padded at the end."
        )

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return the sentences of this step in the epochs' shuffled order."""
        return self._take(self._data.training[self._order.indices(step, batch)])

    def validation(self) -> Batch:
        """Return the held-out sentences."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return self._take(self._data.held_out)

    def _take(self, places: NDArray[np.int64]) -> Batch:
        data = self._data
        lengths = data.lengths[places]
        step = np.arange(self.length)[:, None]
        symbols = data.symbols.take(data.starts[places] + step, mode="clip")
        return Batch(np.where(step < lengths, symbols, 0).astype(np.int64), data.labels[places], lengths)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what the labels alone, and the words without their order, can tell."""
        return self._baselines

    @cached_property
    def _baselines(self) -> tuple[Baseline, ...]:
        return (*self.simple_baselines(), self._bag_of_words())

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return what the labels alone can tell."""
        truth = self._held_out.targets
        known = self._data.labels[self._data.training]
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
        data = self._data
        words = data.lengths[data.training].cumsum()
        counted = data.training[: int(np.searchsorted(words, COUNTED)) + 1]
        model = fit_logistic(self._counts(counted), data.labels[counted], self.outputs)
        logits = model.logits(self._counts(data.held_out))
        return Baseline(
            "bag of words",
            cross_entropy(logits, self._held_out.targets),
            accuracy(logits, self._held_out.targets),
            f"softmax(W n + b), n the count of each word, penalty |W|^2 / 2, fitted to {len(counted):,} sentences",
            "multinomial logistic regression, measured on the held-out sentences",
        )

    def _counts(self, places: NDArray[np.int64]) -> Counts:
        """Return how often each word stands in each of these sentences."""
        rows = np.repeat(np.arange(len(places)), self._data.lengths[places])
        return Counts(rows, self._data.symbols_of(places), (len(places), self.inputs.size))

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return accuracy and cross-entropy."""
        return {
            "accuracy": accuracy(outputs, batch.targets),
            "cross-entropy": cross_entropy(outputs, batch.targets),
        }

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
        """Return the hash of the table, if there is one."""
        return self._data.hashes


def _load(settings: SentimentSettings, seed: int) -> Labelled:
    if not settings.path:
        return from_grammar(settings.sentences, seed, settings.vocabulary)
    return from_table(
        settings.path,
        settings.text_column,
        settings.label_column,
        delimiter=settings.delimiter,
        encoding=settings.encoding,
        longest=settings.longest,
        vocabulary=settings.vocabulary,
        share=settings.held_out,
        sha256=settings.sha256,
    )


def _origin(settings: SentimentSettings) -> str:
    if settings.path:
        return Path(settings.path).name
    return "Sentences of a grammar with negation, contrast and degrees"


def _chosen(settings: SentimentSettings) -> str:
    if settings.path:
        share = f"{settings.held_out:.0%}"
        return f"held out, of the {share} that a hash of the words (BLAKE2b) chooses, whatever the seed"
    return "held out"
