"""The latch problem: the first number decides the class, noise follows on the same line."""

from math import log, sqrt
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Real, TaskSettings
from workbench.tasks.support.drawn import LONGEST, Drawn, length_field, tested_length_field
from workbench.tasks.support.metrics import accuracy, cross_entropy, most_likely

CLASSES = ("-1", "+1")
VARIANCE = 0.2
SHOWN = 10


class LatchSettings(TaskSettings):
    """For how long one bit is kept among noise."""

    title: ClassVar[str] = "Latch"
    about: ClassVar[str] = "Keep the sign of the first number while noise goes by."
    use = "Memory"

    name: Literal["latch"] = "latch"
    length: int = length_field(50, "Steps of a training sequence, noise and all; the paper has 100 and more.", fewest=2)
    signal: int = Field(
        1,
        title="Signal",
        description="How many steps at the start show the class; the paper has 1 and 3.",
        json_schema_extra={"unit": "steps"},
        ge=1,
        le=LONGEST - 1,
    )
    test_length: int = tested_length_field(0)

    def build(self, seed: int) -> "Latch":
        """Return the task drawn from ``seed``; raises TaskError where no noise fits behind the signal."""
        return Latch(self, seed)


class Latch(Drawn):
    """One line of numbers, +1 or -1 at first, then noise: a state must not let go of the sign."""

    loss = "cross-entropy"
    reads = "last"
    metric = "accuracy"
    better = "higher"
    version = 1
    held_out = 256
    source = "Bengio, Simard & Frasconi 1994; as the 2-sequence problem of Hochreiter & Schmidhuber 1997, experiment 3a"
    solved_below = 0.01 * log(2)
    solved = "Cross-entropy on held-out sequences below a hundredth of ln 2."

    def __init__(self, settings: LatchSettings, seed: int) -> None:
        super().__init__(settings, seed, settings.length, settings.test_length, fewest=settings.signal + 1)
        self._signal = settings.signal
        self.inputs = Real(1, ("number",))
        self.outputs = len(CLASSES)
        self.output_names = CLASSES
        signal = "The first number is" if settings.signal == 1 else f"The first {settings.signal} numbers are"
        self.protocol = (
            f"{signal} +1 or -1, which is the class, each as often; up to step {settings.length} follow numbers from a "
            f"Gaussian with mean 0 and variance {VARIANCE}. The class is read at the last step. All sequences have one "
            f"length, where the paper adds up to a tenth. Each training batch is new; {self.held_out} sequences drawn "
            "apart are held out."
        )

    def draw(self, random: np.random.Generator, batch: int, length: int) -> Batch:
        """Return a sign each and the noise behind it."""
        classes = random.integers(0, 2, batch)
        inputs = random.standard_normal((length, batch, 1))
        inputs *= sqrt(VARIANCE)
        inputs[: self._signal, :, 0] = 2.0 * classes - 1.0
        return Batch(inputs, classes)

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the score of an even guess, all there is once the start is forgotten."""
        return (Baseline("even guess", log(2), 1 / 2, "ln 2; accuracy 50 %", "two classes, equally likely"),)

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return accuracy and cross-entropy."""
        return {
            "accuracy": accuracy(outputs, batch.targets),
            "cross-entropy": cross_entropy(outputs, batch.targets),
        }

    def describe(self, batch: Batch, own: int) -> Example:
        """Return the signal in brackets, the first numbers of the noise, the class, and how long the noise is."""
        numbers = batch.inputs[:, own, 0]
        signal = " ".join(f"{number:+.0f}" for number in numbers[: self._signal][:SHOWN])
        noise = numbers[self._signal :]
        words = [f"[{signal}]", *(f"{number:+.2f}" for number in noise[:SHOWN])]
        if len(noise) > SHOWN:
            words.append("...")
        return Example(" ".join(words), CLASSES[batch.targets[own]], f"{signal}, then {len(noise)} steps of noise")

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the likelier class and its probability."""
        own, chance = most_likely(outputs)
        return f"{CLASSES[own]}, {chance:.2f}"
