"""A batch as the training step reads it: inputs in the network's type, and what is read out of each span of steps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from workbench.tasks import Batch
from workbench.training.arrays import Array
from workbench.training.initialization import Architecture
from workbench.training.reading import Move, Rows, read_batch
from workbench.training.segments import Span


@dataclass(frozen=True)
class Prepared:
    """Inputs (T, B) or (T, B, D), and the rows of every span that is worked on by itself."""

    inputs: Array
    rows: Mapping[Span, Rows | None]
    continues: bool

    def moved(self, move: Move) -> Self:
        """Return the same batch with each array moved, always in one order."""
        rows = {span: found and found.moved(move) for span, found in self.rows.items()}
        return type(self)(move(self.inputs), rows, self.continues)


def prepare(architecture: Architecture, batch: Batch, spans: Iterable[Span]) -> Prepared:
    """Return a batch ready to learn from, still on the host. Raises TrainingError where none of its targets counts."""
    reading = read_batch(architecture.reads, batch, architecture.dtype)
    inputs = batch.inputs
    if inputs.dtype.kind == "f":
        inputs = np.asarray(inputs, architecture.dtype)
    return Prepared(inputs, {span: reading.select(*span) for span in spans}, batch.continues)
