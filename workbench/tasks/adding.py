"""The adding problem: two marked numbers far apart, one sum at the end."""

from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Real, Task, TaskSettings
from workbench.tasks.support.metrics import squared_error
from workbench.tasks.support.randomness import generator

HELD_OUT = 500
CORRECT_WITHIN = 0.04


class AddingSettings(TaskSettings):
    """How far apart the marked numbers may lie."""

    title: ClassVar[str] = "Adding problem"
    about: ClassVar[str] = "Add the two marked numbers of a long random sequence."
    use = "Memory"

    name: Literal["adding"] = "adding"
    length: int = Field(
        100,
        title="Length",
        description="Steps of a sequence; one number in each half is marked.",
        json_schema_extra={"unit": "steps"},
        ge=2,
        le=10_000,
    )

    def build(self, seed: int) -> "Adding":
        """Return the task drawn from ``seed``."""
        return Adding(self, seed)


class Adding(Task):
    """Inputs (u, marker), read at the last step: the sum of the two marked u."""

    loss = "squared-error"
    reads = "last"
    metric = "mse"
    better = "lower"
    version = 1
    source = (
        "Hochreiter & Schmidhuber 1997, experiment 4; numbers in [0, 1]: Le, Jaitly & Hinton 2015; "
        "one mark in each half: Arjovsky, Shah & Bengio 2016"
    )
    solved_below = 1e-3
    solved = "Mean squared error on held-out sequences below 0.001."

    def __init__(self, settings: AddingSettings, seed: int) -> None:
        self.settings = settings
        self.inputs = Real(2, ("number", "marker"))
        self.outputs = 1
        self.length = settings.length
        self.protocol = (
            f"Each of {settings.length} steps shows a number drawn evenly from [0, 1] and a marker. The "
            "marker is 1 at one random step of the first half and at one of the second half, 0 elsewhere. "
            "The target, read at the last step, is the sum of the two marked numbers. Each training batch is "
            f"new; {HELD_OUT} sequences drawn apart are held out."
        )
        self._seed = seed

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return new sequences, a function of seed, step and size alone."""
        return self._draw(generator(self._seed, "adding/training", step), batch)

    def validation(self) -> Batch:
        """Return the 500 held-out sequences."""
        return self._held_out

    @cached_property
    def _held_out(self) -> Batch:
        return self._draw(generator(self._seed, "adding/held-out"), HELD_OUT)

    def _draw(self, random: np.random.Generator, batch: int) -> Batch:
        half = self.length // 2
        inputs = np.zeros((self.length, batch, 2))
        inputs[:, :, 0] = random.random((self.length, batch))
        columns = np.arange(batch)
        first = random.integers(0, half, batch)
        second = random.integers(half, self.length, batch)
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
