"""The sequence that a snapshot shows closely: what the network reads, should answer and answers, step by step."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from workbench.gui.format import number
from workbench.gui.plots.lanes import Bars, Lane, Picture, Texts
from workbench.gui.session.film import Snapshot
from workbench.lab.running import experiment_of
from workbench.lab.workbook import RunRecord
from workbench.training.words import Words

Arrays = NDArray[Any]
_ROWS = 4  # channels drawn as rows of their own; more of them are a picture
_THIN = 12  # pixels, of one channel's bars among several


@dataclass(frozen=True, eq=False)
class ProbeSequence:
    """One validation sequence, the one with this ``number``, in a snapshot."""

    snapshot: Snapshot
    number: int

    @classmethod
    def of(cls, snapshot: Snapshot, record: RunRecord) -> Self:
        """Return the sequence that a snapshot of a run shows. Raises ExperimentError for a damaged run."""
        own = snapshot.sequence
        return cls(snapshot, experiment_of(record).probe_sequence if own is None else own)

    @property
    def length(self) -> int:
        """Steps of the sequence."""
        return self.snapshot.length

    @cached_property
    def words(self) -> Words | None:
        """The snapshot in words; None in snapshots of older workbooks."""
        array = self.snapshot.arrays.get("words")
        return None if array is None else Words.from_array(array)

    @cached_property
    def answers_each_step(self) -> bool:
        """Whether there is a target at each step, rather than one at the end."""
        outputs = self.snapshot.arrays.get("outputs")
        return outputs is not None and outputs.ndim == 2

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """What is drawn above the states."""
        return (*self._input_lanes(), *self._answer_lanes())

    def input_at(self, t: int) -> tuple[str, str]:
        """Return what a step's input is called, and the input."""
        inputs, words = self.snapshot.arrays.get("inputs"), self.words
        if inputs is None:
            return "input", "–"
        if inputs.ndim == 1:
            return "input", words.inputs[t] if words and words.inputs else f"symbol {inputs[t]}"
        values = inputs[t]
        if len(values) > _ROWS:
            return f"mean of {len(values)} inputs", number(float(values.mean()))
        names = words.channels if words and words.channels else ()
        return f"input {', '.join(names)}".rstrip(), ", ".join(number(float(value)) for value in values)

    def answer_at(self, t: int) -> tuple[tuple[str, str], ...]:
        """Return target and output with what each is called: of a step, or of the sequence as a whole."""
        if not self.answers_each_step:
            return self._answer_to_all()
        target = self._spell("targets", t) if self._valid[t] else "–"
        return ("target", target), ("output", self._spell("outputs", t))

    @cached_property
    def _valid(self) -> NDArray[np.bool_]:
        valid = self.snapshot.arrays.get("valid")
        return np.ones(self.length, bool) if valid is None else valid.astype(bool)

    @cached_property
    def _has_classes(self) -> bool:
        targets = self.snapshot.arrays.get("targets")
        return targets is not None and targets.dtype.kind in "iu"

    def _answer_to_all(self) -> tuple[tuple[str, str], ...]:
        words, arrays = self.words, self.snapshot.arrays
        labels = "target at the end", "output at the end"
        if words and self.number < len(words.readings):
            reading = words.readings[self.number]
            return (labels[0], reading.target), (labels[1], reading.answer)
        if "targets" not in arrays or "outputs" not in arrays:
            return ()
        target, output = arrays["targets"], arrays["outputs"]
        if self._has_classes:
            return (labels[0], f"class {int(target)}"), (labels[1], f"class {int(output.argmax())}")
        return (labels[0], _numbers(target)), (labels[1], _numbers(output))

    def _spell(self, name: str, t: int) -> str:
        """Return a target or an output of a step as text."""
        texts = self.words and (self.words.targets if name == "targets" else self.words.outputs)
        if texts:
            return texts[t]
        array = self.snapshot.arrays[name]
        if not self._has_classes:
            return _numbers(array[t])
        return f"class {int(array[t] if name == 'targets' else array[t].argmax())}"

    def _input_lanes(self) -> tuple[Lane, ...]:
        inputs = self.snapshot.arrays.get("inputs")
        if inputs is None:
            return ()
        if inputs.ndim == 1:
            texts = self.words.inputs if self.words and self.words.inputs else tuple(map(str, inputs))
            return (Texts("input", texts, np.zeros(self.length, bool)),)
        channels = np.nan_to_num(np.asarray(inputs, np.float64).T)
        binary = [bool(np.isin(channel, (0, 1)).all()) for channel in channels]
        if len(channels) == 1:
            return (Bars("input", channels[0], np.zeros(self.length, bool)),)
        if binary == [False, True]:
            return (Bars("input", channels[0], channels[1] == 1),)
        if len(channels) > _ROWS:
            return (Picture("input", _shades(channels)),)
        names = self.words.channels if self.words and self.words.channels else ()
        return tuple(
            Bars(
                names[index] if index < len(names) else f"input {index}",
                channel,
                (channel == 1) & binary[index],
                size=_THIN,
            )
            for index, channel in enumerate(channels)
        )

    def _answer_lanes(self) -> tuple[Lane, ...]:
        arrays = self.snapshot.arrays
        if not self.answers_each_step or "targets" not in arrays:
            return ()
        if not self._has_classes:
            return self._number_lanes(arrays["targets"], arrays["outputs"])
        targets, outputs = arrays["targets"], arrays["outputs"].argmax(axis=1)
        wrong = (targets != outputs) & self._valid
        words = self.words
        target_texts = words.targets if words and words.targets else tuple(map(str, targets))
        output_texts = words.outputs if words and words.outputs else tuple(map(str, outputs))
        due = tuple(text if valid else "" for text, valid in zip(target_texts, self._valid, strict=True))
        return (
            Texts("target", due, np.zeros(self.length, bool), quiet=True),
            Texts("output", output_texts, wrong, quiet=True),
        )

    def _number_lanes(self, targets: Arrays, outputs: Arrays) -> tuple[Lane, ...]:
        """Return targets and outputs that are numbers: the first of several."""
        none = np.zeros(self.length, bool)
        lanes = []
        for label, values in (("target", targets), ("output", outputs)):
            first = np.nan_to_num(np.asarray(values, np.float64).reshape(self.length, -1)[:, 0])
            lanes.append(Bars(label, np.where(self._valid, first, 0.0), none, size=_THIN))
        return tuple(lanes)


def _shades(channels: NDArray[np.float64]) -> NDArray[np.uint8]:
    low, high = float(channels.min()), float(channels.max())
    return np.ascontiguousarray(((channels - low) * (255 / ((high - low) or 1.0))).astype(np.uint8))


def _numbers(values: Arrays) -> str:
    return ", ".join(number(float(value)) for value in np.ravel(values)[:_ROWS])
