"""Parity: at every step, whether the ones read so far are odd in number."""

from math import log
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Baseline, TaskSettings
from workbench.tasks.support.bits import Bits
from workbench.tasks.support.drawn import length_field, tested_length_field


class ParitySettings(TaskSettings):
    """How many bits are counted."""

    title: ClassVar[str] = "Parity"
    about: ClassVar[str] = "Say at every step whether the ones so far are odd in number."
    use = "Memory"

    name: Literal["parity"] = "parity"
    length: int = length_field(20, "Bits of a training sequence.", fewest=2)
    test_length: int = tested_length_field(100)

    def build(self, seed: int) -> "Parity":
        """Return the task drawn from ``seed``."""
        return Parity(self, seed)


class Parity(Bits):
    """One bit of memory, turned over by each 1: a rule that holds at any length, if it was found."""

    metric = "accuracy"
    better = "higher"
    version = 1
    source = "Bengio, Simard & Frasconi 1994, who ask for the parity at the end alone; here it is due at every step"
    solved_below = 0.01 * log(2)
    solved = (
        "Cross-entropy on held-out sequences of the training length below a hundredth of ln 2. The rule itself was "
        "found where the accuracy stays near 100 % at the longest tested length."
    )

    def __init__(self, settings: ParitySettings, seed: int) -> None:
        super().__init__(settings, seed, settings.length, settings.test_length)
        self.protocol = (
            f"{settings.length} fair bits; at every step the target is 1 where the number of ones up to and with this "
            f"step is odd. Each training batch is new; {self.held_out} sequences drawn apart are held out, and 64 of "
            "each tested length."
        )

    def answers(self, bits: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
        """Return the running parity of bits (T, B)."""
        running: NDArray[np.int64] = np.bitwise_xor.accumulate(bits, axis=0)
        return running

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the score of an even guess, all there is without knowing every bit so far."""
        source = "the parity of fair bits is fair, given all but one of them"
        return (Baseline("even guess", log(2), 1 / 2, "ln 2; accuracy 50 %", source),)
