"""A snapshot in words: what the network reads, should answer and answers; kept as text, so no reader needs the task."""

import json
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from workbench.tasks import Batch, Reading, Real, Symbols, Task
from workbench.training.errors import TrainingError

READINGS = 8
"""Sequences of the probe that are put in words."""
LONGEST = 400
"""Characters of a reading; the middle of a longer text is left out."""
BEGIN = "▷"
"""What a decoder is shown before its first symbol."""

__all__ = ["LONGEST", "READINGS", "Describer", "Reading", "Words"]

Names = tuple[str, ...]


@dataclass(frozen=True)
class Words:
    """What a snapshot says in words. T is the length of the sequence that is shown closely.

    ``inputs``, ``targets``, ``outputs``: what that sequence reads, should put out and most likely puts out at each
    step, (T,) short texts each, a space as "␣", a line's end as "⏎"; None where these are numbers, or where there is
    a target at the end alone. ``channels``: the columns of inputs that are numbers, None where they are symbols.
    ``sample``: text that a language model wrote, some 200 characters in lines, None for other tasks.
    """

    readings: tuple[Reading, ...]
    inputs: Names | None = None
    targets: Names | None = None
    outputs: Names | None = None
    channels: Names | None = None
    sample: str | None = None

    def to_array(self) -> NDArray[np.uint8]:
        """Return the words as an array of bytes, JSON in UTF-8."""
        text = json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))
        return np.frombuffer(text.encode("utf-8", "replace"), dtype=np.uint8)

    @classmethod
    def from_array(cls, array: NDArray[np.uint8]) -> Self:
        """Return the words that ``to_array`` wrote. Raises TrainingError for an array that is no words."""
        try:
            values: dict[str, Any] = json.loads(array.astype(np.uint8).tobytes())
            names = {key: _names(values[key]) for key in ("inputs", "targets", "outputs", "channels")}
            readings = tuple(Reading(**reading) for reading in values["readings"])
            return cls(readings, sample=values["sample"], **names)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise TrainingError(f"The words of a snapshot cannot be read: {error}.") from error


def _names(values: list[str] | None) -> Names | None:
    return None if values is None else tuple(values)


class Describer:
    """Puts the snapshots of one probe in words; what never changes is put in words once.

    ``sequence`` of ``batch`` is the one shown closely, ``length`` its own steps.
    """

    def __init__(self, task: Task, batch: Batch, sequence: int, length: int) -> None:
        self._task, self._batch = task, batch
        self._examples = tuple(task.describe(batch, own) for own in range(min(READINGS, batch.inputs.shape[1])))
        self._inputs = self._channels = None
        if isinstance(task.inputs, Symbols):
            self._inputs = _spell(batch.inputs[:length, sequence], task.inputs.names)
        elif isinstance(task.inputs, Real):
            self._channels = task.inputs.names or None
        # Names for outputs stand at every step only where every step is read.
        self._names = task.output_names if task.reads == "every" else None
        self._targets = _spell(batch.targets[:length, sequence], self._names) if self._names else None

    def describe(self, read: NDArray[Any], outputs: NDArray[Any], sample: str | None) -> Words:
        """Return what the outputs say.

        ``read``: of the first sequences, (N, K) or (T, N, K), N at least ``READINGS`` or all there are; ``outputs``:
        of the one shown, (K,) or (T, K).
        """
        readings = tuple(self._read(own, read) for own in range(len(self._examples)))
        spelled = _spell(outputs.argmax(axis=-1), self._names) if self._names else None
        return Words(readings, self._inputs, self._targets, spelled, self._channels, sample)

    def _read(self, own: int, read: NDArray[Any]) -> Reading:
        batch, example = self._batch, self._examples[own]
        if self._task.reads == "last":
            reading = self._task.reading(example, read[own], batch.targets[own])
        else:
            length = len(batch.inputs) if batch.lengths is None else int(batch.lengths[own])
            reading = self._task.reading(example, read[:length, own], batch.targets[:length, own])
        return _shortened(reading)


class AnswerDescriber:
    """Puts the snapshots of a decoder in words: the source's symbols, then those that it is shown and writes."""

    def __init__(self, task: Task, batch: Batch, sequence: int, length: int) -> None:
        assert isinstance(task.inputs, Symbols)
        assert task.output_names is not None
        self._task, self._batch, self._names = task, batch, task.output_names
        self._examples = tuple(task.describe(batch, own) for own in range(min(READINGS, batch.inputs.shape[1])))
        self._source = len(batch.inputs) if batch.lengths is None else int(batch.lengths[sequence])
        due = _spell(batch.targets[: length - self._source, sequence], self._names)
        self._inputs = (*_spell(batch.inputs[: self._source, sequence], task.inputs.names), BEGIN, *due[:-1])
        self._targets = ("",) * self._source + due

    def describe(self, read: NDArray[Any], outputs: NDArray[Any], sample: str | None) -> Words:
        """Return what was written without help, symbols (W, N), and what is likeliest by the logits (T, K)."""
        readings = tuple(
            _shortened(self._task.reading_written(example, read[:, own], self._batch.targets[:, own]))
            for own, example in enumerate(self._examples)
        )
        likeliest = _spell(outputs[self._source :].argmax(axis=-1), self._names)
        return Words(readings, self._inputs, self._targets, ("",) * self._source + likeliest, None, sample)


def describer_of(task: Task, batch: Batch, sequence: int, length: int) -> Describer | AnswerDescriber:
    """Return what puts a task's snapshots in words."""
    kind = AnswerDescriber if task.reads == "decoder" else Describer
    return kind(task, batch, sequence, length)


def _spell(symbols: NDArray[Any], names: Names) -> Names:
    return tuple(names[symbol] for symbol in symbols)


def _shortened(reading: Reading) -> Reading:
    inputs, target, answer = map(_shorten, (reading.inputs, reading.target, reading.answer))
    return Reading(inputs, target, answer, reading.correct, reading.note)


def _shorten(text: str) -> str:
    """Leave the middle of a long text out."""
    if len(text) <= LONGEST:
        return text
    half = LONGEST // 2
    return f"{text[:half]} … {text[-half:]}"
