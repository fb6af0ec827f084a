"""Translation: read a sentence, write it in another language."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Reading, Symbols, TaskSettings
from workbench.tasks.support.answers.alignment import fit_words, length_nats
from workbench.tasks.support.answers.bleu import bleu
from workbench.tasks.support.answers.copying import copied, fit_copying
from workbench.tasks.support.answers.dates import draw_dates
from workbench.tasks.support.answers.pairs import PairsTask
from workbench.tasks.support.answers.task import END_NAME, before_end, exact, valid_of
from workbench.tasks.support.answers.translations import (
    Split,
    Translations,
    drawn,
    from_table,
    join_translated,
    split_translated,
)
from workbench.tasks.support.files.delimited import Delimiter
from workbench.tasks.support.files.reading import Encoding, FileHash, UserPath
from workbench.tasks.support.french.phrases import draw_phrases
from workbench.tasks.support.randomness import generator
from workbench.tasks.support.text.words import UNKNOWN

UNKNOWN_CLASS = 1
"""What stands for all words that no training answer has, or only rare ones."""
SPACE = "␣"


class TranslateSettings(TaskSettings):
    """Which pairs, and what is a symbol."""

    title: ClassVar[str] = "Translation"
    about: ClassVar[str] = "Read an English phrase and write it in French, dates in figures, or pairs of your own."
    use = "Sequence to sequence"

    name: Literal["translate"] = "translate"
    pairs: Literal["phrases", "dates"] = Field(
        "phrases",
        title="Built-in pairs",
        description="Phrases: English to French, from a grammar. Dates: as people write them to 2001-03-03, by "
        "character. Not used with a table.",
    )
    examples: int = Field(
        20_000,
        title="Pairs",
        description="Built-in pairs, all different, those held out among them; not used with a table.",
        json_schema_extra={"unit": "pairs"},
        ge=100,
        le=100_000,
    )
    path: UserPath = Field(
        "",
        title="Table",
        description="Your own CSV, TSV or Parquet file with a header, of up to 10 million rows or 1 GiB; empty for the "
        "built-in pairs.",
        json_schema_extra={"format": "file-path"},
    )
    source_column: str = Field("source", title="Source column", description="The table's column that is read.")
    target_column: str = Field("target", title="Target column", description="The table's column that is written.")
    delimiter: Delimiter = Field(
        "auto", title="Delimiter", description="What separates the columns; auto: the first rows tell."
    )
    encoding: Encoding = Field("utf-8", title="Encoding", description="How the table's characters are written.")
    sha256: FileHash = Field(
        "",
        title="File's hash",
        description="The SHA-256 that the table must have; empty: the one it has when a run starts.",
    )
    level: Literal["word", "character"] = Field(
        "word", title="Symbols", description="What is read and written at each step; dates go by character."
    )
    held_out: float = Field(
        0.1,
        title="Held out",
        description="About this share of the pairs is held out, chosen by a hash of each source; up to 500 of them are "
        "looked at.",
        ge=0.01,
        le=0.5,
    )
    vocabulary: int = Field(
        5000,
        title="Vocabulary",
        description="At most this many symbols on either side; those beyond the most frequent become one.",
        json_schema_extra={"unit": "symbols"},
        ge=3,
        le=50_000,
    )
    longest: int = Field(
        50,
        title="Longest",
        description="A table's pairs with more symbols on either side are left out.",
        json_schema_extra={"unit": "symbols"},
        ge=1,
        le=1000,
    )

    def build(self, seed: int) -> "Translate":
        """Return the task; raises TaskError where the table is unfit."""
        return Translate(self, seed)


class Translate(PairsTask):
    """Inputs are words or characters, 0 for unknown ones; classes are END, the unknown and those that are known."""

    settings: TranslateSettings
    version = 1
    source = (
        "Encoder and decoder: Sutskever, Vinyals & Le 2014; Cho et al. 2014. BLEU: Papineni et al. 2002. "
        "The phrases are those of a grammar of this workbench"
    )
    solved = "At least 95 % of the held-out phrases, or dates, right as a whole; a table has its own limit."

    def __init__(self, settings: TranslateSettings, seed: int) -> None:
        self.settings = settings
        self._by_word = settings.level == "word" and (bool(settings.path) or settings.pairs == "phrases")
        found = self._load(settings, seed)
        self._hashes = found.hashes
        self._read, self._written = found.read.names, (END_NAME, *found.written.names)
        self.inputs = Symbols(len(self._read), _visible(self._read))
        self.output_names = _visible(self._written)
        self.outputs = len(self._written)
        self.hold(found.pairs, seed)
        self.protocol = self._describe(found)

    def _load(self, settings: TranslateSettings, seed: int) -> Translations:
        split: Split = split_translated if self._by_word else list
        if settings.path:
            return from_table(
                settings.path,
                (settings.source_column, settings.target_column),
                split,
                delimiter=settings.delimiter,
                encoding=settings.encoding,
                longest=settings.longest,
                vocabulary=settings.vocabulary,
                share=settings.held_out,
                sha256=settings.sha256,
            )
        draw = draw_phrases if settings.pairs == "phrases" else draw_dates
        texts = draw(generator(seed, f"translate/{settings.pairs}"))
        return drawn(texts, split, settings.examples, settings.held_out, settings.vocabulary)

    def _describe(self, found: Translations) -> str:
        unit = "words" if self._by_word else "characters"
        left_out = f" Left out for their length: {found.left_out:,}." if found.left_out else ""
        return (
            f"{_origin(self.settings)}: {len(self.pairs.training):,} pairs train, each once an epoch in a new order; "
            f"{len(self.pairs.held_out)} others are held out, of the {self.settings.held_out:.0%} that a hash of the "
            f"source (BLAKE2b) chooses, whatever the seed.{left_out} Sources have up to {self.pairs.sources.longest} "
            f"{unit} of {self.inputs.size - 1:,} known from training, answers up to "
            f"{self.pairs.answers.longest - 1} of {self.outputs - 2:,}; {END_NAME} ends an answer and counts in the "
            "loss."
        )

    def judge_written(self, written: NDArray[np.int64], batch: Batch) -> dict[str, float]:
        """Return the share of flawless answers and the BLEU of all of them; an unknown word is never right."""
        unknown = (batch.targets == UNKNOWN_CLASS).any(axis=0)
        right = exact(written, batch.targets) & ~unknown
        answers = [self._words_of(column, "written") for column in written.T]
        due = [[self._words_of(column, "due")] for column in batch.targets.T]
        return {"exact match": float(right.mean()), "BLEU": bleu(answers, due)}

    def is_correct(self, outputs: NDArray[np.float64], target: NDArray[np.int64]) -> bool:
        """Return whether each symbol up to END is the most likely one after the true ones, and none is unknown."""
        return super().is_correct(outputs, target) and UNKNOWN_CLASS not in target

    def reading_written(self, example: Example, written: NDArray[np.int64], target: NDArray[np.int64]) -> Reading:
        """Return what a decoder wrote beside the target."""
        reading = super().reading_written(example, written, target)
        return replace(reading, correct=bool(reading.correct) and UNKNOWN_CLASS not in target)

    def _words_of(self, symbols: NDArray[np.int64], whose: str) -> Sequence[str]:
        """Return the words of an answer; those unknown get a name of their own, so that they match none."""
        names = [
            f"{UNKNOWN}{whose}" if symbol == UNKNOWN_CLASS else self._written[symbol] for symbol in before_end(symbols)
        ]
        return names if self._by_word else split_translated("".join(names))

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what is had without a network: by frequencies, by copying, and word by word."""
        return self._baselines

    @cached_property
    def _baselines(self) -> tuple[Baseline, ...]:
        return (*self.simple_baselines(), self._one_by_one())

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return the guess by frequencies, and the source copied."""
        return (self.unigram("symbol"), self._copy())

    def _copy(self) -> Baseline:
        batch, classes = self._held_out, self._classes_of_sources()
        share, nats = fit_copying(self.pairs, classes, self.shares())
        scores = self.judge_written(copied(batch, classes), batch)
        return Baseline(
            "copy the source",
            float(nats.sum() / valid_of(batch).sum()),
            scores["exact match"],
            f"-mean ln p, p = w [the source's symbol at the same place] + (1 - w) unigram, w = {share:.3f} by maximum "
            f"likelihood; written out: BLEU {scores['BLEU']:.3f}",
            "fitted to the training pairs, measured on the held-out pairs",
        )

    def _one_by_one(self) -> Baseline:
        unit = "word" if self._by_word else "character"
        batch, places = self._held_out, self.pairs.held_out
        table = fit_words(self.pairs, self.inputs.size, self.shares())
        nats = table.nats(self.pairs, places) + length_nats(self.pairs, places)
        scores = self.judge_written(copied(batch, table.likeliest()), batch)
        return Baseline(
            f"{unit} by {unit}",
            float(nats.sum() / valid_of(batch).sum()),
            scores["exact match"],
            "IBM model 1: p(answer | source) = p(its length | the source's) prod_j mean_i t(answer_j | source_i), t by "
            f"EM on {table.counted:,} pairs; each {unit} replaced by its likeliest: BLEU {scores['BLEU']:.3f}",
            "Brown, Della Pietra, Della Pietra & Mercer 1993; measured on the held-out pairs",
        )

    def _classes_of_sources(self) -> NDArray[np.int64]:
        """Return (sources,): the class that is written as each source symbol is."""
        classes = {name: number for number, name in enumerate(self._written)}
        found = np.array([classes.get(name, UNKNOWN_CLASS) for name in self._read])
        found[0] = UNKNOWN_CLASS
        return found

    def print_source(self, symbols: NDArray[np.int64]) -> str:
        """Return a source as a text."""
        return self.join_answer(tuple(self._read[symbol] for symbol in symbols))

    def join_answer(self, names: tuple[str, ...]) -> str:
        """Return the text that words or characters make."""
        if self._by_word:
            return join_translated(names)
        return "".join(" " if name == SPACE else name for name in names)

    def data_hashes(self) -> dict[str, str]:
        """Return the hash of the table, if there is one."""
        return self._hashes


def _visible(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(SPACE if name == " " else name for name in names)


def _origin(settings: TranslateSettings) -> str:
    if settings.path:
        return Path(settings.path).name
    if settings.pairs == "dates":
        return "Dates from 1950 to 2049 in twelve forms, the day before the month where that is a number"
    return "English phrases and their French, from a grammar with agreement, elision, negation and changes of order"
