"""The adding problem: two marked numbers far apart, one sum at the end."""

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.tasks.base import Baseline, Batch, Example, Real, TaskSettings
from workbench.tasks.support.drawn import Drawn, length_field, tested_length_field
from workbench.tasks.support.metrics import squared_error

CORRECT_WITHIN = 0.04
FEWEST = 2


class AddingSettings(TaskSettings):
    """How far apart the marked numbers may lie."""

    title: ClassVar[str] = "Adding problem"
    about: ClassVar[str] = "Add the two marked numbers of a long random sequence."
    use = "Memory"

    name: Literal["adding"] = "adding"
    length: int = length_field(100, "Steps of a sequence; one number in each half is marked.", FEWEST)
    test_length: int = tested_length_field(0)

    def build(self, seed: int) -> "Adding":
        """Return the task drawn from ``seed``."""
        return Adding(self, seed)


class Adding(Drawn):
    """Inputs (u, marker), read at the last step: the sum of the two marked u."""

    loss = "squared-error"
    reads = "last"
    metric = "mse"
    better = "lower"
    version = 1
    held_out = 500
    source = (
        "Hochreiter & Schmidhuber 1997, experiment 4; numbers in [0, 1]: Le, Jaitly & Hinton 2015; "
        "one mark in each half: Arjovsky, Shah & Bengio 2016"
    )
    solved_below = 1e-3
    solved = "Mean squared error on held-out sequences below 0.001."

    def __init__(self, settings: AddingSettings, seed: int) -> None:
        super().__init__(settings, seed, settings.length, settings.test_length, FEWEST)
        self.inputs = Real(2, ("number", "marker"))
        self.outputs = 1
        self.protocol = (
            f"Each of {settings.length} steps shows a number drawn evenly from [0, 1] and a marker. The "
            "marker is 1 at one random step of the first half and at one of the second half, 0 elsewhere. "
            "The target, read at the last step, is the sum of the two marked numbers. Each training batch is "
            f"new; {self.held_out} sequences drawn apart are held out."
        )

    def draw(self, random: np.random.Generator, batch: int, length: int) -> Batch:
        """Return random numbers, one of them marked in each half, and the sum of these two."""
        half = length // 2
        inputs = np.zeros((length, batch, 2))
        inputs[:, :, 0] = random.random((length, batch))
        columns = np.arange(batch)
        first = random.integers(0, half, batch)
        second = random.integers(half, length, batch)
        inputs[first, columns, 1] = 1.0
        inputs[second, columns, 1] = 1.0
        total = inputs[first, columns, 0] + inputs[second, columns, 0]
        return Batch(inputs, total[:, None])

    def baselines(self) -> tuple[Baseline, ...]:
        """Return the score of the constant that ignores the input."""
        variance = 1 / 6
        return (
            Baseline(
                "always 1",
                variance,
                variance,
                "Var(u1 + u2) = 2 * 1/12 = 1/6",
                "variance of two independent numbers, even on [0, 1]",
            ),
        )

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return the squared error and the share within 0.04, which the 1997 paper counts as right."""
        right = _is_near(outputs, batch.targets)
        return {"mse": squared_error(outputs, batch.targets), "within 0.04": float(right.mean())}

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a sequence with its marked numbers in brackets, and their sum."""
        sequence = batch.inputs[:, own]
        return Example(_in_words(sequence), f"{batch.targets[own, 0]:.2f}", _sum_in_words(sequence))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the predicted sum."""
        return f"{float(outputs[0]):.3f}"

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> bool:
        """Return whether the sum is met within 0.04."""
        return bool(_is_near(outputs, target).all())


def _is_near(outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[np.bool_]:
    near: NDArray[np.bool_] = np.abs(outputs - targets) < CORRECT_WITHIN
    return near


def _in_words(sequence: NDArray[Any]) -> str:
    """Return the numbers with marked ones in brackets, unmarked stretches cut to a few."""
    words: list[str] = []
    unmarked = 0
    for number, marker in sequence:
        unmarked = 0 if marker else unmarked + 1
        if marker:
            words.append(f"[{number:.2f}]")
        elif unmarked <= 3:
            words.append(f"{number:.2f}")
        elif unmarked == 4:
            words.append("...")
    return " ".join(words)


def _sum_in_words(sequence: NDArray[Any]) -> str:
    first, second = np.flatnonzero(sequence[:, 1])
    return f"{sequence[first, 0]:.2f} at step {first} + {sequence[second, 0]:.2f} at step {second}"
