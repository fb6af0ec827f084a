"""Counting: predict the symbols of a^n b^n, or a^n b^n c^n, whose end can only be known by counting."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from math import log
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Reading, Symbols, Task, TaskSettings
from workbench.tasks.support.grammars.strings import counted, own_steps, predict_next, previous
from workbench.tasks.support.lengths import tested_lengths
from workbench.tasks.support.metrics import cross_entropy
from workbench.tasks.support.randomness import generator

NAMES = ("#", "a", "b", "c")
"""Symbol 0 begins and ends a string."""
FEWEST_HELD_OUT = 100
LARGEST = 1000


class CountingSettings(TaskSettings):
    """Which strings, and how far they are counted."""

    title: ClassVar[str] = "Counting"
    about: ClassVar[str] = "Predict strings of as many b, and c, as there were a."
    use = "Grammars and counting"

    name: Literal["counting"] = "counting"
    letters: int = Field(
        2,
        title="Letters",
        description="2: aaabbb, one counter is enough; 3: aaabbbccc, which no grammar without context writes.",
        json_schema_extra={"unit": "letters"},
        ge=2,
        le=3,
    )
    largest: int = Field(
        10,
        title="Largest n trained",
        description="Training strings have 1 to this many of each letter.",
        json_schema_extra={"unit": "of each"},
        ge=2,
        le=LARGEST,
    )
    test_length: int = Field(
        50,
        title="Largest n tested",
        description="Strings up to this n are tested; results are kept by n. 0: the same as trained.",
        json_schema_extra={"unit": "of each"},
        ge=0,
        le=LARGEST,
    )

    def build(self, seed: int) -> "Counting":
        """Return the task drawn from ``seed``."""
        return Counting(self, seed)


class Counting(Task):
    """#a^n b^n#: after the first b every symbol is determined, the end of the string among them.

    The main metric, the n up to which all strings are without error, is what the literature reports. At a tested
    length it looks at all strings up to that n, so over lengths it rises as they do and stays where counting ends.
    """

    inputs: Symbols
    loss = "cross-entropy"
    reads = "every"
    metric = "largest n"
    better = "higher"
    version = 1
    predicts_next = True
    source = "Gers & Schmidhuber 2001; here with a softmax and cross-entropy, and determined symbols alone are judged"

    def __init__(self, settings: CountingSettings, seed: int) -> None:
        self.settings = settings
        self._seed = seed
        self._letters, self._largest = settings.letters, settings.largest
        self._tested = settings.test_length or settings.largest
        names = NAMES[: settings.letters + 1]
        self.inputs = Symbols(len(names), names)
        self.outputs = len(names)
        self.output_names = names
        self.length = settings.letters * settings.largest + 1
        self.solved = f"Every string without error up to the largest n tested, {self._tested}."
        word = " ".join(f"{letter}^n" for letter in names[1:])
        self.protocol = (
            f"Strings # {word} #, n drawn evenly from 1 to {self._largest}; at each step the target is the next "
            "symbol, and every symbol but the first # counts in the loss. A string is without error where each symbol "
            "that is determined is the likeliest one: all those after the first b, the closing # among them. How many "
            "a there are is anyone's guess. There are but as many strings as n: the held-out ones are those trained, "
            "each as often. The largest n is the one up to which all are without error; by length it is looked for "
            "among all strings up to the tested n."
        )

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return new strings, a function of seed, step and size alone."""
        random = generator(self._seed, "counting/training", step)
        return self._strings(random.integers(1, self._largest + 1, batch), self._largest)

    def validation(self) -> Batch:
        """Return the trained strings, from the longest on, each as often, at least 100."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        n = np.arange(self._largest, 0, -1)
        return self._strings(np.tile(n, -(-FEWEST_HELD_OUT // self._largest)), self._largest)

    def by_length(self) -> Mapping[int, Batch]:
        """Return all strings up to each tested n; empty where no other than that of training is."""
        return self._by_length

    @cached_property
    def _by_length(self) -> Mapping[int, Batch]:
        lengths = tested_lengths(self._largest, self._tested)
        return {n: self._strings(np.arange(1, n + 1), n) for n in lengths if len(lengths) > 1}

    def _strings(self, n: NDArray[np.int64], largest: int) -> Batch:
        """Return a string for each of n (B,), in as many steps as the largest needs."""
        lengths = self._letters * n
        place = np.arange(self._letters * largest + 2)[:, None] - 1
        strings = np.where((place >= 0) & (place < lengths), place // n + 1, 0)
        return predict_next(strings, lengths + 2)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what one reaches that counts, and one that knows the present symbol alone."""
        largest, letters = self._largest, self._letters
        mean = (largest + 1) / 2
        turn = 1 / mean
        predictions = letters * mean + 1
        blind = -letters * mean * (turn * log(turn) + (1 - turn) * log(1 - turn))
        return (
            Baseline(
                "perfect counting",
                log(largest) / predictions,
                float(largest),
                f"ln N / (L (N + 1)/2 + 1), L = {letters} letters, N = {largest}",
                "n is drawn evenly, all else follows from it",
            ),
            Baseline(
                "without counting",
                blind / predictions,
                1.0 if turn > 1 / 2 else 0.0,
                "L m H(1/m) / (L m + 1), m = (N + 1)/2 of each letter, H(p) = -p ln p - (1 - p) ln(1 - p)",
                "expected counts of the strings' symbol pairs",
            ),
        )

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return the n up to which strings are without error, the share of these, and that of symbols right."""
        counts, determined = counted(batch), batch.inputs >= 2
        right = outputs.argmax(axis=-1) == batch.targets
        accepted = (right | ~determined).all(axis=0)
        n = (batch.inputs == 1).sum(axis=0)
        return {
            "largest n": float(_largest_without_error(n, accepted)),
            "strings without error": float(accepted.mean()),
            "accuracy": float(right[determined & counts].mean()),
            "cross-entropy": cross_entropy(outputs[counts], batch.targets[counts]),
        }

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a string without its last symbol, and the same string one symbol later."""
        steps = own_steps(batch, own)
        note = f"n = {int((batch.inputs[:, own] == 1).sum())}"
        return Example(self._print(batch.inputs[:steps, own]), self._print(batch.targets[:steps, own]), note)

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the likeliest symbol at each step."""
        return self._print(outputs.argmax(axis=-1))

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> bool:
        """Return whether each symbol after the first b is the likeliest one."""
        return bool(_right_where_determined(outputs, target).all())

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the string beside the likeliest symbols, and how many determined ones are right."""
        right = _right_where_determined(outputs, target)
        note = f"{example.note}, {int(right.sum())} of {len(right)} determined symbols right"
        return replace(super().reading(example, outputs, target), note=note)

    def _print(self, symbols: NDArray[Any]) -> str:
        return "".join(NAMES[symbol] for symbol in symbols)


def _right_where_determined(outputs: NDArray[Any], target: NDArray[Any]) -> NDArray[np.bool_]:
    right: NDArray[np.bool_] = (outputs.argmax(axis=-1) == target)[previous(target) >= 2]
    return right


def _largest_without_error(n: NDArray[np.int64], accepted: NDArray[np.bool_]) -> int:
    """Return the largest n of strings (B,) up to which all are accepted, 0 where the first is not."""
    first_wrong = min(n[~accepted], default=n.max() + 1)
    return int(max(n[n < first_wrong], default=0))
