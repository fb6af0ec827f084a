"""Tasks that read a bit and put one out at every step."""

from abc import abstractmethod
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Batch, Example, Reading, Symbols, TaskSettings
from workbench.tasks.support.drawn import Drawn
from workbench.tasks.support.metrics import accuracy, cross_entropy

NAMES = ("0", "1")
UNCOUNTED = "·"


class Bits(Drawn):
    """Inputs are fair bits; the targets of the first ``uncounted`` steps of a sequence do not count."""

    inputs: Symbols
    loss = "cross-entropy"
    reads = "every"
    held_out = 256

    def __init__(self, settings: TaskSettings, seed: int, length: int, longest: int, uncounted: int = 0) -> None:
        super().__init__(settings, seed, length, longest, fewest=uncounted + 1)
        self.inputs = Symbols(len(NAMES), NAMES)
        self.outputs = len(NAMES)
        self.output_names = NAMES
        self.uncounted = uncounted

    @abstractmethod
    def answers(self, bits: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
        """Return the targets (T, B) of bits (T, B)."""

    def draw(self, random: np.random.Generator, batch: int, length: int) -> Batch:
        """Return fair bits and what is to be answered at each step."""
        bits = random.integers(0, 2, (length, batch))
        return Batch(bits, self.answers(bits, random), valid=self._valid(length, batch))

    def _valid(self, length: int, batch: int) -> NDArray[np.bool_] | None:
        if not self.uncounted:
            return None
        valid = np.ones((length, batch), dtype=np.bool_)
        valid[: self.uncounted] = False
        return valid

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return accuracy over the bits that count, share of flawless sequences, cross-entropy a bit."""
        return {
            "accuracy": accuracy(*self._counted(outputs, batch.targets)),
            "exact match": float(self._right(outputs, batch.targets).all(axis=0).mean()),
            "cross-entropy": self.cross_entropy(outputs, batch.targets),
        }

    def cross_entropy(self, outputs: NDArray[Any], targets: NDArray[Any]) -> float:
        """Return the mean of -ln p(target) over the bits that count, of outputs (T, B, 2) and targets (T, B)."""
        logits, due = self._counted(outputs, targets)
        return cross_entropy(logits.reshape(-1, self.outputs), due.reshape(-1))

    def describe(self, batch: Batch, own: int) -> Example:
        """Return the bits read and the bits due, with · where none counts."""
        return Example("".join(NAMES[bit] for bit in batch.inputs[:, own]), self._print(batch.targets[:, own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the more likely bit at each step that counts."""
        return self._print(outputs.argmax(axis=-1))

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> bool | None:
        """Return whether every bit that counts is right."""
        return bool(self._right(outputs, target).all())

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the bits due beside the more likely ones, and how many of them are right."""
        right = self._right(outputs, target)
        note = f"{int(right.sum())} of {len(right)} bits right"
        return replace(super().reading(example, outputs, target), note=note)

    def _counted(self, outputs: NDArray[Any], targets: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        return outputs[self.uncounted :], targets[self.uncounted :]

    def _right(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[np.bool_]:
        """Return which bits that count are right, for one sequence or many, time first."""
        logits, due = self._counted(outputs, targets)
        right: NDArray[np.bool_] = logits.argmax(axis=-1) == due
        return right

    def _print(self, bits: NDArray[Any]) -> str:
        return UNCOUNTED * self.uncounted + "".join(NAMES[bit] for bit in bits[self.uncounted :])


def delayed(bits: NDArray[np.int64], steps: int) -> NDArray[np.int64]:
    """Return bits (T, B) as many steps later, after zeros."""
    later = np.zeros_like(bits)
    later[steps:] = bits[:-steps]
    return later
