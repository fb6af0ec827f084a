"""The copy problem: ten symbols, a long wait, a marker, then the ten symbols from memory."""

from dataclasses import replace
from math import log
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Reading, Symbols, TaskSettings
from workbench.tasks.support.drawn import Drawn
from workbench.tasks.support.metrics import accuracy, cross_entropy

LETTERS = "abcdefghijklmnopqrstuvwxyz"
BLANK, MARKER = "·", "!"


class CopySettings(TaskSettings):
    """How much to remember, and for how long."""

    title: ClassVar[str] = "Copy problem"
    about: ClassVar[str] = "Repeat a row of symbols after a long wait."
    use = "Memory"

    name: Literal["copy"] = "copy"
    delay: int = Field(
        50,
        title="Delay",
        description="T of the papers: steps from the last symbol to the marker that asks for the copy.",
        json_schema_extra={"unit": "steps"},
        ge=1,
        le=10_000,
    )
    test_delay: int = Field(
        0,
        title="Test delay",
        description="The longest delay of held-out sequences; results are kept by length. 0: the same as trained.",
        json_schema_extra={"unit": "steps"},
        ge=0,
        le=10_000,
    )
    count: int = Field(
        10,
        title="Symbols to remember",
        description="How many symbols stand at the start; the papers use 10.",
        json_schema_extra={"unit": "symbols"},
        ge=1,
        le=100,
    )
    alphabet: int = Field(
        8,
        title="Alphabet",
        description="How many different symbols there are; the papers use 8.",
        json_schema_extra={"unit": "symbols"},
        ge=2,
        le=len(LETTERS),
    )

    def build(self, seed: int) -> "Copy":
        """Return the task drawn from ``seed``."""
        return Copy(self, seed)


class Copy(Drawn):
    """Marker-then-blanks variant: the output is blank until the marker, then the symbols in order.

    Classes 0 .. alphabet-1 are the symbols, class ``alphabet`` is blank; the marker is an input alone.
    """

    inputs: Symbols
    loss = "cross-entropy"
    reads = "every"
    metric = "accuracy"
    better = "higher"
    version = 1
    held_out = 256
    source = "Hochreiter & Schmidhuber 1997; this variant: Arjovsky, Shah & Bengio 2016, section 5.1"

    def __init__(self, settings: CopySettings, seed: int) -> None:
        self._count, self._alphabet, self._delay = settings.count, settings.alphabet, settings.delay
        longest = (settings.test_delay or settings.delay) + 2 * settings.count
        super().__init__(settings, seed, settings.delay + 2 * settings.count, longest)
        letters = tuple(LETTERS[: settings.alphabet])
        self.inputs = Symbols(settings.alphabet + 2, (*letters, BLANK, MARKER))
        self.outputs = settings.alphabet + 1
        self.output_names = self.inputs.names[: self.outputs]
        self.solved_below = 0.01 * self._memoryless
        self.solved = "Cross-entropy below a hundredth of what the best predictor without memory reaches."
        self.protocol = (
            f"Marker then blanks: {self._count} symbols drawn evenly from {self._alphabet}, "
            f"{self._delay - 1} blanks, a marker, {self._count} blanks. The target is blank for "
            f"{self._delay + self._count} steps, then the {self._count} symbols in order; every step counts "
            f"in the loss. Each training batch is new; {self.held_out} sequences drawn apart are held out."
        )

    @property
    def _memoryless(self) -> float:
        return self._count * log(self._alphabet) / self.length

    def draw(self, random: np.random.Generator, batch: int, length: int) -> Batch:
        """Return rows of symbols, each with the marker and the blanks behind it, and their copies at the end."""
        count, blank = self._count, self._alphabet
        symbols = random.integers(0, self._alphabet, (count, batch))
        inputs = np.full((length, batch), blank, dtype=np.int64)
        targets = inputs.copy()
        inputs[:count] = symbols
        inputs[length - count - 1] = blank + 1
        targets[length - count :] = symbols
        return Batch(inputs, targets)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the score of blanks where blanks are due and an even guess for each symbol."""
        return (
            Baseline(
                "without memory",
                self._memoryless,
                1 / self._alphabet,
                f"{self._count} ln {self._alphabet} / (T + {2 * self._count}), T = {self._delay}",
                "Arjovsky, Shah & Bengio 2016, section 5.1",
            ),
        )

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return accuracy over the symbols to recall, share of flawless copies, cross-entropy a step."""
        recalled, due = outputs[-self._count :], batch.targets[-self._count :]
        return {
            "accuracy": accuracy(recalled, due),
            "exact match": float(np.mean((recalled.argmax(axis=-1) == due).all(axis=0))),
            "cross-entropy": cross_entropy(outputs.reshape(-1, self.outputs), batch.targets.reshape(-1)),
        }

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a sequence with · for a blank and ! for the marker."""
        return Example(self._print(batch.inputs[:, own]), self._print(batch.targets[:, own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the symbols written after the marker."""
        return self._print(outputs[-self._count :].argmax(axis=-1))

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> bool:
        """Return whether every symbol was recalled."""
        return self._recalled(outputs, target) == self._count

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the symbols to recall beside those written after the marker."""
        note = f"{self._recalled(outputs, target)} of {self._count} symbols right"
        due = example.target[-self._count :]
        return replace(super().reading(example, outputs, target), target=due, note=note)

    def _recalled(self, outputs: NDArray[Any], target: NDArray[Any]) -> int:
        """Return how many symbols of one sequence, (T, K) beside (T,), are right after the marker."""
        return int((outputs[-self._count :].argmax(axis=-1) == target[-self._count :]).sum())

    def _print(self, symbols: NDArray[Any]) -> str:
        return "".join(self.inputs.names[symbol] for symbol in symbols)
