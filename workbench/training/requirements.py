"""What a training needs, known from the plan before anything is allocated: parameters and memory."""

from dataclasses import dataclass

from workbench.backends import Backend, Program
from workbench.tasks import Real, Task
from workbench.training.arrays import count_entries
from workbench.training.errors import TrainingError
from workbench.training.evaluation import sequences_at_once
from workbench.training.initialization import Architecture
from workbench.training.network import compile_layers
from workbench.training.optimizers import optimizer_type
from workbench.training.reading import pieces

ITEM_BYTES = {"float32": 4, "float64": 8}
INDEX_BYTES = 8


@dataclass(frozen=True)
class Requirements:
    """Numbers learnt, and bytes: of parameters, their gradients, copies and optimiser; and of batches in flight."""

    parameters: int
    parameter_memory: int
    batch_memory: int

    @property
    def memory(self) -> int:
        """All bytes together."""
        return self.parameter_memory + self.batch_memory

    def refuse_beyond(self, available: int) -> None:
        """Raise TrainingError, with the numbers and what to lower, where ``available`` bytes are too few."""
        if self.memory <= available:
            return
        if self.parameter_memory > self.batch_memory:
            largest, remedy = "the parameters", "Lower hidden, layers or embedding"
        else:
            largest, remedy = (
                "the values kept for the gradient",
                "Lower batch or hidden, shorten the task, or set truncate",
            )
        raise TrainingError(
            f"This training needs {_readable(self.memory)} ({self.parameters:,} parameters), "
            f"but {_readable(available)} are free. Most goes to {largest}. {remedy}."
        )


def requirements(
    backend: Backend,
    architecture: Architecture,
    task: Task,
    *,
    batch: int,
    optimizer: str = "adam",
    truncate: int = 0,
    probe: int = 0,
) -> Requirements:
    """Return what training needs with batches of ``batch`` sequences and a probe of ``probe``.

    Raises CellError where cell and sizes do not fit, TrainingError for sizes no network can have.
    """
    item = ITEM_BYTES[architecture.dtype]
    shapes, fixed = architecture.shapes(), architecture.fixed()
    total = count_entries(shapes)
    trained = count_entries({name: shape for name, shape in shapes.items() if name not in fixed})
    # Beside each trained parameter lie its gradient, its last update and what the optimiser remembers.
    beside = 2 + len(optimizer_type(optimizer).memory_names)
    programs = compile_layers(backend, architecture)
    lengths = {stop - start for start, stop in pieces(task.length, truncate)}
    passes = {(steps, sequences) for steps in lengths for sequences in (batch, sequences_at_once(batch))}
    if probe:
        passes |= {(task.length, probe)} | ({(1, task.writes)} if task.writes else set())
    in_flight = sum(program.memory(*shape) for program in programs for shape in passes)
    # A pass holds copies of the parameters, however few its steps and sequences are.
    copies = len(passes) * sum(program.memory(1, 1) for program in programs)
    in_flight += _around_layers(architecture, max(lengths), batch) + _held_out(architecture, task)
    if probe:
        in_flight += _around_layers(architecture, task.length, probe)
        in_flight += _looked_at(architecture, programs, task.length * probe)
    return Requirements(trained, (total + beside * trained) * item + copies, in_flight - copies)


def _around_layers(architecture: Architecture, steps: int, batch: int) -> int:
    """Return the bytes of inputs, outputs and the gradients that pass between layers."""
    item, rows = ITEM_BYTES[architecture.dtype], steps * batch
    dense = isinstance(architecture.inputs, Real) or architecture.embedding > 0
    inputs = rows * (architecture.width * item if dense else architecture.window * INDEX_BYTES)
    # The outputs, and one temporary of their size in the loss.
    outputs = 2 * architecture.outputs * item * (rows if architecture.reads == "every" else batch)
    return inputs + outputs + rows * architecture.hidden * item * architecture.layers


def _held_out(architecture: Architecture, task: Task) -> int:
    """Return the bytes of the read-outs of all held-out sequences: as read, in the loss, in the metrics."""
    steps, sequences = map(int, task.validation().inputs.shape[:2])
    entries = architecture.outputs * sequences * (steps if architecture.reads == "every" else 1)
    return 3 * entries * ITEM_BYTES[architecture.dtype]


def _looked_at(architecture: Architecture, programs: tuple[Program, ...], rows: int) -> int:
    """Return the bytes of named values that a snapshot computes again, and of one gradient in float64."""
    values = sum(len(program.value_names) for program in programs) * ITEM_BYTES[architecture.dtype]
    return (values + ITEM_BYTES["float64"]) * rows * architecture.hidden


def _readable(count: int) -> str:
    """Return a number of bytes as a person reads it."""
    size = float(count)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if size < 1024:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:,.1f} TiB"
