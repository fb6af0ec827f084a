"""How many steps a task's sequences have: to read, and to write where a decoder does."""

from dataclasses import dataclass
from typing import Self

from workbench.tasks import Batch, Task


@dataclass(frozen=True)
class Extent:
    """Steps and sequences of a batch; ``answer`` is 0 where no decoder writes."""

    source: int
    answer: int
    sequences: int

    @classmethod
    def of_training(cls, task: Task, batch: int) -> Self:
        """Return the extent of a task's training batches of ``batch`` sequences."""
        if task.reads != "decoder":
            return cls(task.length, 0, batch)
        held_out = cls.of_batch(task, task.validation())
        return cls(held_out.source, held_out.answer, batch)

    @classmethod
    def of_batch(cls, task: Task, batch: Batch) -> Self:
        """Return the extent of a batch of a task."""
        steps, sequences = map(int, batch.inputs.shape[:2])
        return cls(steps, len(batch.targets) if task.reads == "decoder" else 0, sequences)

    @classmethod
    def of_held_out(cls, task: Task) -> tuple[Self, ...]:
        """Return the extents of all held-out batches: that of validation, then those of other lengths."""
        batches = (task.validation(), *task.by_length().values())
        return tuple(cls.of_batch(task, batch) for batch in batches)

    @property
    def steps(self) -> int:
        """All steps."""
        return self.source + self.answer

    @property
    def read_out(self) -> int:
        """Steps of which outputs are read, where more than the last are."""
        return self.answer or self.source
