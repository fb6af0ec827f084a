"""A batch as the training step reads it: inputs in the network's type, and what is read out of each span of steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from workbench.tasks import Batch
from workbench.training.arrays import Array
from workbench.training.initialization import Architecture
from workbench.training.reading import Move, Rows, last_steps, read_batch
from workbench.training.segments import Span


class PreparedBatch(Protocol):
    """What a learner made of a batch: arrays, and whether states carry over from the batch before."""

    @property
    def continues(self) -> bool:
        """Whether column b goes on where column b of the batch before ended."""

    def moved(self, move: Move) -> Self:
        """Return the same batch with each array moved, always in one order."""


@dataclass(frozen=True)
class Prepared:
    """Inputs (T, B) or (T, B, D), the spans of each piece of them, and the rows of every span.

    ``turned``: the step that stands at each where sequences are read from their ends, (T, B); None where none is.
    """

    inputs: Array
    pieces: Sequence[Sequence[Span]]
    rows: Mapping[Span, Rows | None]
    continues: bool
    turned: Array | None = None

    def moved(self, move: Move) -> Self:
        """Return the same batch with each array moved, always in one order."""
        rows = {span: found and found.moved(move) for span, found in self.rows.items()}
        inputs = move(self.inputs)
        return type(self)(inputs, self.pieces, rows, self.continues, None if self.turned is None else move(self.turned))


def prepare(architecture: Architecture, batch: Batch, pieces: Sequence[Sequence[Span]]) -> Prepared:
    """Return a batch ready to learn from, still on the host. Raises TrainingError where none of its targets counts."""
    reading = read_batch(architecture, batch)
    inputs = batch.inputs
    if inputs.dtype.kind == "f":
        inputs = np.asarray(inputs, architecture.dtype)
    rows = {span: reading.select(*span) for piece in pieces for span in piece}
    return Prepared(inputs, pieces, rows, batch.continues, turned_steps(batch) if architecture.bidirectional else None)


def turned_steps(batch: Batch) -> NDArray[np.int64]:
    """Return the step that stands at each where sequences are read from their ends, (T, B); padding stays in place."""
    steps, last = np.arange(len(batch.inputs))[:, None], np.array(last_steps(batch))
    return np.where(steps <= last, last - steps, steps)
