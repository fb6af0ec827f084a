"""What a window shows of a task that was built: examples of it, how it is made and judged, its sizes."""

from dataclasses import dataclass

from workbench.tasks import Example, Loss, Reads, Real, Symbols, Task


@dataclass(frozen=True)
class Description:
    """Examples of a task, and paragraphs on what solving it means, how it is made and who published it."""

    examples: tuple[Example, ...]
    about: tuple[str, ...]


@dataclass(frozen=True)
class TaskShape:
    """As much of a task as decides the sizes of a network: ``symbols`` tells whether ``size`` counts those."""

    symbols: bool
    size: int
    outputs: int
    reads: Reads
    loss: Loss

    @property
    def inputs(self) -> Real | Symbols:
        """What the network reads."""
        return Symbols(self.size, ()) if self.symbols else Real(self.size)


def describe(task: Task, count: int) -> Description:
    """Return ``count`` examples of a task and what there is to say about it."""
    about = f"Solved: {task.solved}", task.protocol, f"Source: {task.source}."
    return Description(task.preview(count), about)


def shape_of(task: Task) -> TaskShape:
    """Return what decides the sizes of a network."""
    return TaskShape(isinstance(task.inputs, Symbols), task.inputs.size, task.outputs, task.reads, task.loss)
