"""What a task is: its settings, its batches, how it is judged and what a trivial predictor scores."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from workbench.errors import WorkbenchError

Loss = Literal["squared-error", "cross-entropy"]
Reads = Literal["last", "every", "decoder"]
"""What is read out: the last step, every step, or what a second network, the decoder, writes after the source."""
Use = Literal["Memory", "Grammars and counting", "Text", "Sequence to sequence", "Series", "Images"]
END = 0
"""The symbol with which a decoder ends what it writes."""


class TaskError(WorkbenchError):
    """A task cannot be made from what was asked: a file that is missing or unfit, a text too short."""


@dataclass(frozen=True)
class Real:
    """Inputs are vectors of ``size`` real numbers: arrays (T, B, size); ``names`` says what each number is."""

    size: int
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Symbols:
    """Inputs are one symbol a step out of ``size``: integer arrays (T, B); ``names`` prints them."""

    size: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class Batch:
    """B sequences of T steps, time first; shorter ones are padded at the end with symbol 0."""

    inputs: NDArray[Any]
    """(T, B, D) float64, or (T, B) int64 symbols."""
    targets: NDArray[Any]
    """Read at the last step (B,) int64 or (B, K) float64; at every step (T, B) int64 or (T, B, K) float64.

    For a decoder (U, B) int64, what it is to write: each column ends with END and is padded with it.
    """
    lengths: NDArray[np.int64] | None = None
    """(B,) steps of each sequence; None when all have T."""
    valid: NDArray[np.bool_] | None = None
    """(T, B), for a decoder (U, B): which targets count, its END among them; None when all do."""
    forced: NDArray[np.bool_] | None = None
    """(U, B), at which steps a decoder is shown the true symbol before rather than its own; None at all."""
    continues: bool = False
    """Column b goes on where column b of the batch before ended: states carry over."""


@dataclass(frozen=True)
class Baseline:
    """What a trivial or an optimal predictor scores on the held-out data.

    ``value`` is in the unit of the loss (nats, or squared error); ``metric`` is the same predictor's
    score in the task's main metric.
    """

    name: str
    value: float
    metric: float
    formula: str
    source: str


@dataclass(frozen=True)
class Example:
    """One sequence as a person reads it."""

    inputs: str
    target: str
    note: str = ""


@dataclass(frozen=True)
class Reading:
    """One sequence and what a network made of it, as a person reads it; ``correct`` is None where no answer is."""

    inputs: str
    target: str
    answer: str
    correct: bool | None
    note: str = ""


Predict = Callable[[NDArray[Any], Any], tuple[NDArray[Any], Any]]
"""From one step of inputs, symbols (N,) or numbers (N, D), and a state, None at the start, to outputs (N, K), logits
where they are classes, and the new state."""


class TaskSettings(BaseModel, ABC):
    """What a person chooses about a task; every field carries title, description, unit and bounds.

    A subclass sets ``name: Literal["..."] = "..."``, ``title`` and ``about``, and stands in a module of
    ``workbench/tasks``: it is found there, no list needs to know it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    title: ClassVar[str]
    about: ClassVar[str]
    use: ClassVar[Use]
    """Where a list of tasks shows it."""

    name: str

    @abstractmethod
    def build(self, seed: int) -> "Task":
        """Return the task drawn from ``seed``; raises TaskError where its data cannot be used."""


class Task(ABC):
    """A source of batches with one loss, its metrics and its baselines."""

    settings: TaskSettings
    inputs: Real | Symbols
    outputs: int
    """Classes for cross-entropy, size of the target for squared error."""
    length: int
    """Steps of the longest sequence in a training batch."""

    loss: ClassVar[Loss]
    reads: ClassVar[Reads]
    metric: ClassVar[str]
    better: ClassVar[Literal["lower", "higher"]]
    version: ClassVar[int]
    """Counts changes of the protocol that change numbers; it is kept with each run."""
    source: ClassVar[str]
    predicts_next: ClassVar[bool] = False
    """Whether the targets are inputs of later steps: a network that reads backward too would only copy them."""
    writes: ClassVar[int] = 0
    """How many texts a network writes at once when it is asked to; 0 where it predicts no text."""

    output_names: tuple[str, ...] | None = None
    """What each class is called; None where the outputs are no classes."""
    protocol: str
    solved: str
    solved_below: float | None = None

    @property
    def name(self) -> str:
        """The task's name in files and on the command line."""
        return self.settings.name

    @abstractmethod
    def training_batch(self, step: int, batch: int) -> Batch:
        """Return the ``batch`` sequences of training step ``step`` (from 0).

        A pure function of the seed and its arguments: a resumed run sees the very same data. Raises TaskError
        where the data are too few for such a batch.
        """

    @abstractmethod
    def validation(self) -> Batch:
        """Return the held-out sequences, the same ones each time."""

    @abstractmethod
    def baselines(self) -> tuple[Baseline, ...]:
        """Return the scores worth drawing beside the loss; those that depend on data take a moment."""

    def simple_baselines(self) -> tuple[Baseline, ...]:
        """Return those of ``baselines`` that come from a formula or a count, at once."""
        return self.baselines()

    @abstractmethod
    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        """Return the scores of read-outs (B, K) or (T, B, K): logits where it is classes.

        Those of a decoder, (U, B, K), were had with the true symbols before each one.
        """

    def by_length(self) -> Mapping[int, Batch]:
        """Return held-out sequences of several lengths, that of training among them; empty where none are tested.

        ``metrics`` takes each of them, and ``metric`` is kept as ``at_length`` calls it.
        """
        return {}

    def free_running(self, predict: Predict) -> dict[str, float]:
        """Return scores of a network that goes on from its own predictions; empty where the task asks for none."""
        return {}

    def preview(self, count: int = 3) -> tuple[Example, ...]:
        """Return the first training sequences in words."""
        batch = self.training_batch(0, count)
        return tuple(self.describe(batch, own) for own in range(count))

    @abstractmethod
    def describe(self, batch: Batch, own: int) -> Example:
        """Return sequence ``own`` of a batch in words."""

    @abstractmethod
    def describe_output(self, outputs: NDArray[Any]) -> str:
        """Return one sequence's read-out, (K,) or (T, K), in the task's own terms."""

    def is_correct(self, outputs: NDArray[Any], target: NDArray[Any]) -> bool | None:
        """Return whether one sequence's read-out is right, None where the task knows no right and wrong."""
        if self.loss == "cross-entropy" and self.reads == "last":
            return bool(outputs.argmax() == target)
        return None

    def reading(self, example: Example, outputs: NDArray[Any], target: NDArray[Any]) -> Reading:
        """Return what a network made of a sequence: its read-out (K,) or (T, K) beside the target."""
        answer, correct = self.describe_output(outputs), self.is_correct(outputs, target)
        return Reading(example.inputs, example.target, answer, correct, example.note)

    def judge_written(self, written: NDArray[np.int64], batch: Batch) -> dict[str, float]:
        """Return the scores of what a decoder wrote without help, (W, B), each column ended and padded with END."""
        return {}

    def reading_written(self, example: Example, written: NDArray[np.int64], target: NDArray[np.int64]) -> Reading:
        """Return what a decoder wrote, (W,) symbols up to its END, beside the target."""
        raise NotImplementedError(f"{self.name} has no decoder")

    def write(self, predict: Predict, step: int) -> str | None:
        """Return text that a network writes after ``step`` training steps, None where it predicts no text.

        A pure function of the seed, the step and the network. Raises TaskError for logits that are not finite.
        """
        return None

    def data_hashes(self) -> dict[str, str]:
        """Return the SHA-256 of each file or text the task is made of; empty where all is drawn."""
        return {}


def at_length(metric: str, length: int) -> str:
    """Return what a metric on sequences of one length is called."""
    return f"{metric} at length {length}"
