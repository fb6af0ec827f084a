"""Temporal order: two or three signals far apart among other symbols; their order is the class."""

from collections.abc import Sequence
from itertools import product
from math import log
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Symbols, TaskSettings
from workbench.tasks.support.drawn import Drawn, length_field, tested_length_field
from workbench.tasks.support.metrics import accuracy, cross_entropy, most_likely

NAMES = ("E", "B", "a", "b", "c", "d", "X", "Y")
START, TRIGGER, DISTRACTOR, SIGNAL = 0, 1, 2, 6
DISTRACTORS = SIGNAL - DISTRACTOR
PUBLISHED = 110
"""Steps of the paper's longest sequences; all places below are those in sequences of that length."""
SHORTEST = 100
PLACES = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}
FEWEST = 11


class TemporalOrderSettings(TaskSettings):
    """How many signals there are, and how far apart."""

    title: ClassVar[str] = "Temporal order"
    about: ClassVar[str] = "Tell in which order two or three signals came, long ago and among other symbols."
    use = "Memory"

    name: Literal["temporal-order"] = "temporal-order"
    signals: int = Field(
        2,
        title="Signals",
        description="How many signals there are: 2 make four classes, 3 make eight.",
        json_schema_extra={"unit": "signals"},
        ge=2,
        le=3,
    )
    length: int = length_field(
        PUBLISHED, "Steps of the longest sequence; the shortest has a tenth less. The paper has 100 to 110.", FEWEST
    )
    test_length: int = tested_length_field(0)

    def build(self, seed: int) -> "TemporalOrder":
        """Return the task drawn from ``seed``; raises TaskError for a test length too short for the signals."""
        return TemporalOrder(self, seed)


class TemporalOrder(Drawn):
    """Symbols, read at the trigger: class 0 is X, X, class 1 is X, Y, and so on."""

    output_names: tuple[str, ...]
    loss = "cross-entropy"
    reads = "last"
    metric = "accuracy"
    better = "higher"
    version = 1
    held_out = 256
    source = "Hochreiter & Schmidhuber 1997, experiments 6a (two signals) and 6b (three)"

    def __init__(self, settings: TemporalOrderSettings, seed: int) -> None:
        super().__init__(settings, seed, settings.length, settings.test_length, fewest=FEWEST)
        self._signals = settings.signals
        self.inputs = Symbols(len(NAMES), NAMES)
        self.output_names = tuple("".join(order) for order in product(NAMES[SIGNAL:], repeat=self._signals))
        self.outputs = len(self.output_names)
        self.solved_below = 0.01 * log(self.outputs)
        self.solved = f"Cross-entropy on held-out sequences below a hundredth of ln {self.outputs}."
        self.protocol = (
            f"E, then symbols drawn evenly from a, b, c, d, then the trigger B: {shortest(self.length)} to "
            f"{self.length} steps. Among them {self._signals} signals, each X or Y, at random steps of "
            f"{_in_words(places(self._signals, self.length))} (E is step 0); {self._scaling()} The order of the "
            f"signals, read at the trigger, is one of {self.outputs} classes. Each training batch is new; "
            f"{self.held_out} sequences drawn apart are held out."
        )

    def _scaling(self) -> str:
        if self.length == PUBLISHED:
            return "these are the paper's steps."
        paper = _in_words(PLACES[self._signals])
        return f"the paper's are {paper} of {SHORTEST} to {PUBLISHED}, here in proportion."

    def draw(self, random: np.random.Generator, batch: int, length: int) -> Batch:
        """Return sequences of up to ``length`` steps, padded with E."""
        lengths = random.integers(shortest(length), length + 1, batch)
        inputs = random.integers(DISTRACTOR, DISTRACTOR + DISTRACTORS, (length, batch))
        signals = random.integers(0, 2, (self._signals, batch))
        columns = np.arange(batch)
        classes = np.zeros(batch, dtype=np.int64)
        for (first, last), own in zip(places(self._signals, length), signals, strict=True):
            inputs[random.integers(first, last + 1, batch), columns] = SIGNAL + own
            classes = 2 * classes + own
        inputs[0] = START
        inputs[lengths - 1, columns] = TRIGGER
        inputs[np.arange(length)[:, None] >= lengths] = START
        return Batch(inputs, classes, lengths)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the score of an even guess, all there is once the signals are forgotten."""
        formula = f"ln {self.outputs}; accuracy 1/{self.outputs}"
        source = f"{self.outputs} classes, equally likely"
        return (Baseline("even guess", log(self.outputs), 1 / self.outputs, formula, source),)

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return accuracy and cross-entropy."""
        return {
            "accuracy": accuracy(outputs, batch.targets),
            "cross-entropy": cross_entropy(outputs, batch.targets),
        }

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a sequence in letters, the order of its signals, and where they stand."""
        assert batch.lengths is not None  # draw gives them
        sequence = batch.inputs[: batch.lengths[own], own]
        steps = np.flatnonzero(sequence >= SIGNAL)
        note = ", ".join(f"{NAMES[sequence[step]]} at step {step}" for step in steps)
        return Example("".join(NAMES[symbol] for symbol in sequence), self.output_names[batch.targets[own]], note)

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the most likely order and its probability."""
        own, chance = most_likely(outputs)
        return f"{self.output_names[own]}, {chance:.2f}"


def shortest(length: int) -> int:
    """Return the steps of the shortest sequence where the longest has ``length``."""
    return SHORTEST * length // PUBLISHED


def places(signals: int, length: int) -> tuple[tuple[int, int], ...]:
    """Return the first and the last step at which each signal may stand, E being step 0."""
    return tuple((first * length // PUBLISHED, last * length // PUBLISHED) for first, last in PLACES[signals])


def _in_words(steps: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{first} to {last}" for first, last in steps)
