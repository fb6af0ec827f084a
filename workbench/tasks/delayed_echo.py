"""Delayed echo: at every step, the bit that was read some steps ago."""

from math import log
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, TaskSettings
from workbench.tasks.support.bits import Bits, delayed
from workbench.tasks.support.drawn import LONGEST, length_field, tested_length_field


class DelayedEchoSettings(TaskSettings):
    """How many steps later a bit is repeated."""

    title: ClassVar[str] = "Delayed echo"
    about: ClassVar[str] = "Repeat each bit some steps later."
    use = "Memory"

    name: Literal["delayed-echo"] = "delayed-echo"
    delay: int = Field(
        3,
        title="Delay",
        description="Steps from a bit to its echo: as many bits are remembered at once.",
        json_schema_extra={"unit": "steps"},
        ge=1,
        le=LONGEST - 1,
    )
    length: int = length_field(50, "Bits of a training sequence; it must be longer than the delay.", fewest=2)
    test_length: int = tested_length_field(0)

    def build(self, seed: int) -> "DelayedEcho":
        """Return the task drawn from ``seed``; raises TaskError where no echo fits into a sequence."""
        return DelayedEcho(self, seed)


class DelayedEcho(Bits):
    """A shift register: y_t = x_(t-k), with nothing due before the first bit comes back."""

    metric = "accuracy"
    better = "higher"
    version = 1
    source = "The echo task of recurrent-network tutorials; its limit in the delay: memory capacity, Jaeger 2001"
    solved_below = 0.01 * log(2)
    solved = "Cross-entropy on held-out sequences below a hundredth of ln 2."

    def __init__(self, settings: DelayedEchoSettings, seed: int) -> None:
        self._delay = settings.delay
        super().__init__(settings, seed, settings.length, settings.test_length, uncounted=settings.delay)
        self.protocol = (
            f"{settings.length} fair bits; the target at each step is the bit read {settings.delay} steps before. The "
            f"first {settings.delay} steps do not count. Each training batch is new; {self.held_out} sequences drawn "
            "apart are held out."
        )

    def answers(self, bits: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.int64]:
        """Return bits (T, B), each so many steps later; 0 where nothing is due."""
        return delayed(bits, self._delay)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the score of an even guess, all there is with a memory shorter than the delay."""
        source = f"fair bits, independent: the last {self._delay} tell nothing of the one before"
        return (Baseline("even guess", log(2), 1 / 2, "ln 2; accuracy 50 %", source),)
