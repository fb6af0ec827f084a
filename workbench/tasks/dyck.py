"""Dyck words of bounded depth: predict the next of nested brackets; what closes must match what was opened."""

from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from workbench.tasks.base import Baseline, Batch, Example, Reading, Symbols, TaskSettings
from workbench.tasks.support.drawn import Drawn, length_field, tested_length_field
from workbench.tasks.support.grammars.brackets import Brackets
from workbench.tasks.support.metrics import cross_entropy
from workbench.tasks.support.pools import Pool, pool_size

OPENING, CLOSING = "([{<«⟨⌈⌊", ")]}>»⟩⌉⌋"
ACCURACY = "closing accuracy"


class DyckSettings(TaskSettings):
    """How many kinds of brackets, and how deeply they are nested."""

    title: ClassVar[str] = "Dyck words"
    about: ClassVar[str] = "Predict nested brackets: each closes what was opened last."
    use = "Grammars and counting"

    name: Literal["dyck"] = "dyck"
    kinds: int = Field(
        2,
        title="Kinds",
        description="How many kinds of brackets there are.",
        json_schema_extra={"unit": "kinds"},
        ge=2,
        le=len(OPENING),
    )
    depth: int = Field(
        4,
        title="Depth",
        description="At most this many brackets are open at a time.",
        json_schema_extra={"unit": "brackets"},
        ge=1,
        le=100,
    )
    length: int = length_field(50, "Brackets of a training sequence.", fewest=2)
    test_length: int = tested_length_field(150)

    def build(self, seed: int) -> "Dyck":
        """Return the task drawn from ``seed``."""
        return Dyck(self, seed)


class Dyck(Drawn):
    """Symbols 0 .. k-1 open, k .. 2k-1 close; a sequence is the beginning of an endless row of Dyck words."""

    inputs: Symbols
    loss = "cross-entropy"
    reads = "every"
    metric = ACCURACY
    better = "higher"
    version = 1
    predicts_next = True
    held_out = 256
    source = (
        "Dyck-(k, m) as a language model, judged on closing brackets: Hewitt, Hahn, Ganguli, Liang & Manning 2020, "
        "where the right one must have 80 % of the closing ones' probability; here it must have more than any other"
    )

    def __init__(self, settings: DyckSettings, seed: int) -> None:
        super().__init__(settings, seed, settings.length, settings.test_length)
        self._brackets = Brackets(settings.kinds, settings.depth)
        self._kinds = settings.kinds
        names = (*OPENING[: settings.kinds], *CLOSING[: settings.kinds])
        self.inputs = Symbols(len(names), names)
        self.outputs = len(names)
        self.output_names = names
        self._pool = Pool(self._draw_trained, seed, "dyck/training", pool_size(self.length))
        self.solved_below = 1.02 * self._brackets.scores(self.length).stack.nats
        self.solved = "Cross-entropy on held-out sequences within 2 % of what a predictor with a stack reaches."
        self.protocol = (
            f"Brackets of {settings.kinds} kinds, at most {settings.depth} open at a time: where none is open one "
            f"opens, where {settings.depth} are one closes, else both are as likely; each kind opens as often. A "
            f"sequence begins with nothing open and is cut after {self.length} brackets. At each step the target is "
            "the next bracket; the first one is never predicted, every other one counts in the loss. The closing "
            "accuracy looks at those steps where a bracket closes: its kind must have more than any other closing "
            "kind. Each training batch is new; "
            f"{self.held_out} sequences drawn apart are held out, and 64 of each tested length."
        )

    def training_batch(self, step: int, batch: int) -> Batch:
        """Return new sequences, a function of seed, step and size alone."""
        return self._pool.batch(step, batch)

    def _draw_trained(self, random: np.random.Generator, count: int) -> Batch:
        return self.draw(random, count, self.length)

    def draw(self, random: np.random.Generator, batch: int, length: int) -> Batch:
        """Return ``batch`` sequences of ``length`` brackets, and the brackets that come next."""
        brackets = self._brackets.draw(random, batch, length + 1)
        return Batch(brackets[:-1], brackets[1:])

    def baselines(self) -> tuple[Baseline, ...]:
        """Return what one reaches with a stack, with the depth and the present bracket, with the latter alone."""
        return self._baselines

    @cached_property
    def _baselines(self) -> tuple[Baseline, ...]:
        scores = self._brackets.scores(self.length)
        chain = "chances of each depth at each step, from nothing open"
        return (
            Baseline(
                "with a stack",
                scores.stack.nats,
                scores.stack.closing,
                f"mean over steps of ln 2 + (ln {self._kinds})/2; ln {self._kinds} where none is open, 0 at full depth",
                chain,
            ),
            Baseline(
                "without a stack",
                scores.depth.nats,
                scores.depth.closing,
                f"the same with the depth and the present bracket known: and ln {self._kinds} for what closes after "
                "a closing bracket",
                chain,
            ),
            Baseline(
                "without memory",
                scores.present.nats,
                scores.present.closing,
                "-sum p(a b) ln p(b | a) over pairs of brackets",
                chain,
            ),
        )

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return the accuracy on closing brackets, on those not right after their opening, and the cross-entropy."""
        closes = batch.targets >= self._kinds
        right = self._is_right(outputs, batch.targets)
        return {
            ACCURACY: _share(right[closes]),
            "accuracy of closing after closing": _share(right[closes & (batch.inputs >= self._kinds)]),
            "cross-entropy": cross_entropy(outputs.reshape(-1, self.outputs), batch.targets.reshape(-1)),
        }

    def _is_right(self, outputs: NDArray[Any], targets: NDArray[Any]) -> NDArray[np.bool_]:
        """Return (...), whether the likeliest closing bracket is the one that is due."""
        right: NDArray[np.bool_] = outputs[..., self._kinds :].argmax(axis=-1) + self._kinds == targets
        return right

    def describe(self, batch: Batch, own: int) -> Example:
        """Return a sequence of brackets, and the same one bracket later."""
        return Example(self._print(batch.inputs[:, own]), self._print(batch.targets[:, own]))

    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return the likeliest bracket at each step."""
        return self._print(outputs.argmax(axis=-1))

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> bool | None:
        """Return whether each closing bracket is of the likeliest closing kind; None where none closes."""
        right = self._right_closings(outputs, target)
        return bool(right.all()) if len(right) else None

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return the brackets beside the likeliest ones, and how many closing ones are right."""
        right = self._right_closings(outputs, target)
        note = f"{int(right.sum())} of {len(right)} closing brackets right"
        return replace(super().reading(example, outputs, target), note=note)

    def _right_closings(self, outputs: NDArray[Any], target: NDArray[Any]) -> NDArray[np.bool_]:
        return self._is_right(outputs, target)[target >= self._kinds]

    def _print(self, symbols: NDArray[Any]) -> str:
        return "".join(self.inputs.names[symbol] for symbol in symbols)


def _share(right: NDArray[np.bool_]) -> float:
    """Return the share that is right; all, where nothing was asked."""
    return float(right.mean()) if right.size else 1.0
