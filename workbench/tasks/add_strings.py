"""Adding strings: read "535+61" character by character, write "596"."""

from math import log
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import END, Baseline, Symbols, TaskSettings
from workbench.tasks.support.answers.pairs import HELD_OUT, Pairs, PairsTask, Rows
from workbench.tasks.support.answers.task import END_NAME, valid_of
from workbench.tasks.support.randomness import generator

CHARACTERS = "0123456789+"
HELD_OUT_SHARE = 0.2
"""Held out of the questions where there are few."""


class AddStringsSettings(TaskSettings):
    """How long the numbers are, and how many questions train."""

    title: ClassVar[str] = "Adding strings"
    about: ClassVar[str] = "Read a sum as text, such as 535+61, and write its result."
    use = "Sequence to sequence"

    name: Literal["add-strings"] = "add-strings"
    digits: int = Field(
        3,
        title="Digits",
        description="Digits of the longest number; both numbers have 1 to so many.",
        json_schema_extra={"unit": "digits"},
        ge=1,
        le=9,
    )
    examples: int = Field(
        50_000,
        title="Questions",
        description="Different questions that train; fewer where numbers are so short that there are no more.",
        json_schema_extra={"unit": "questions"},
        ge=10,
        le=200_000,
    )
    reverse_source: bool = Field(
        True,
        title="Reversed source",
        description="Whether a question is read from its end: units first, as one adds by hand.",
    )

    def build(self, seed: int) -> "AddStrings":
        """Return the task drawn from ``seed``."""
        return AddStrings(self, seed)


class AddStrings(PairsTask):
    """Inputs are digits and the plus sign; classes 1 .. 10 are the digits written, class 0 is END."""

    settings: AddStringsSettings
    version = 1
    source = (
        "Zaremba & Sutskever 2014; protocol: the example addition_rnn of Keras, which reports 99 % of symbols "
        "right with 3 digits, reversed, 50,000 questions and one LSTM layer of 128 units"
    )
    solved = "At least 97 % of the held-out results right as a whole, with 3 digits."

    def __init__(self, settings: AddStringsSettings, seed: int) -> None:
        self.settings = settings
        self.inputs = Symbols(len(CHARACTERS), tuple(CHARACTERS))
        self.output_names = (END_NAME, *CHARACTERS[:10])
        self.outputs = len(self.output_names)
        numbers, training = _questions(settings, generator(seed, "add-strings/questions"))
        self.hold(_pairs(numbers, training, settings.reverse_source), seed)
        self.protocol = (
            f"Both numbers have {_up_to(settings.digits)}, each digit drawn evenly, zeros in front dropped. "
            f"{training:,} different questions train, each once an epoch in a new order; {len(numbers) - training} "
            f"others are held out, and a+b counts as b+a. A question is read "
            f"{'from its end' if settings.reverse_source else 'as it stands'}; its result is written from the "
            f"highest digit, ended by {END_NAME}, which counts in the loss."
        )

    def print_source(self, symbols: NDArray[np.int64]) -> str:
        """Return a question as it stands, however it is read."""
        return super().print_source(symbols[::-1] if self.settings.reverse_source else symbols)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return an even guess, and a guess by how often each symbol is written."""
        return (self._even_guess(), self.unigram("symbol"))

    def _even_guess(self) -> Baseline:
        written = valid_of(self._held_out).sum(axis=0)
        return Baseline(
            "even guess",
            log(self.outputs),
            float(np.mean(float(self.outputs) ** -written)),
            f"ln {self.outputs}",
            f"ten digits and {END_NAME}, each as likely; the metric is the chance that such a guess is right",
        )


def _up_to(digits: int) -> str:
    return "1 digit" if digits == 1 else f"1 to {digits} digits, each count as likely"


def _questions(settings: AddStringsSettings, random: np.random.Generator) -> tuple[NDArray[np.int64], int]:
    """Return numbers (N, 2), no two rows the same sum of the same numbers, and how many of them train."""
    numbers = 10**settings.digits
    possible = numbers * (numbers + 1) // 2
    held_out = min(HELD_OUT, max(1, int(possible * HELD_OUT_SHARE)))
    training = min(settings.examples, possible - held_out)
    if training + held_out == possible:
        codes = np.flatnonzero(np.triu(np.ones((numbers, numbers), dtype=np.bool_)))
    else:
        codes = _different(random, settings.digits, training + held_out)
    taken = random.permutation(codes)
    first, second = np.divmod(taken, numbers)
    swapped = random.random(len(taken)) < 0.5
    return np.stack([np.where(swapped, second, first), np.where(swapped, first, second)], axis=1), training


def _different(random: np.random.Generator, digits: int, count: int) -> NDArray[np.int64]:
    """Return the first ``count`` different questions drawn, each as smaller * 10**digits + larger."""
    codes = np.zeros(0, dtype=np.int64)
    while True:
        drawn = random.integers(0, 10 ** random.integers(1, digits + 1, (2, 2 * count)))
        codes = np.concatenate([codes, drawn.min(axis=0) * 10**digits + drawn.max(axis=0)])
        places = np.sort(np.unique(codes, return_index=True)[1])
        codes = codes[places[:count]]
        if len(codes) == count:
            return codes


def _pairs(numbers: NDArray[np.int64], training: int, reverse_source: bool) -> Pairs:
    step = -1 if reverse_source else 1
    rows = numbers.tolist()
    sources = _rows([f"{one}+{other}"[::step] for one, other in rows])
    answers = _rows([f"{one + other}+" for one, other in rows])
    written = answers.symbols + 1
    written[answers.lengths.cumsum() - 1] = END
    places = np.arange(len(numbers))
    return Pairs(sources, Rows(written, answers.lengths), places[:training], places[training:])


def _rows(texts: list[str]) -> Rows:
    codes = np.frombuffer("".join(texts).encode(), dtype=np.uint8).astype(np.int64)
    symbols = np.where(codes == ord("+"), CHARACTERS.index("+"), codes - ord("0"))
    return Rows(symbols, np.array([len(text) for text in texts]))
