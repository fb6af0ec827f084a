"""What a training needs, known from the plan before anything is allocated: parameters and memory."""

from dataclasses import dataclass
from math import isqrt, prod

from workbench.backends import Backend, Program
from workbench.sizes import readable_bytes
from workbench.tasks import Real, Task
from workbench.training.arrays import count_entries
from workbench.training.errors import TrainingError
from workbench.training.evaluation import sequences_at_once
from workbench.training.extent import Extent
from workbench.training.initialization import Architecture
from workbench.training.optimizers import optimizer_type
from workbench.training.parametric import compile_layers
from workbench.training.pool import KEPT_SHAPES
from workbench.training.segments import longest, pieces, segments
from workbench.training.staging import STAGED

ITEM_BYTES = {"float32": 4, "float64": 8}
INDEX_BYTES = 8


@dataclass(frozen=True)
class Sparing:
    """What would save memory: a value of ``checkpoint_every``, and the bytes that training needs with it."""

    checkpoint_every: int
    memory: int


@dataclass(frozen=True)
class Requirements:
    """Numbers learnt, and bytes: of parameters, their gradients, copies and optimiser; and of batches in flight."""

    parameters: int
    parameter_memory: int
    batch_memory: int
    sparing: Sparing | None = None
    can_be_cut: bool = True
    """Whether sequences may be worked through in pieces."""

    @property
    def memory(self) -> int:
        """All bytes together."""
        return self.parameter_memory + self.batch_memory

    def refuse_beyond(self, available: int, whose: str = "are free") -> None:
        """Raise TrainingError, with the numbers and what to change, where ``available`` bytes are too few.

        ``whose``: what these bytes are.
        """
        if self.memory <= available:
            return
        if self.parameter_memory > self.batch_memory:
            largest, remedy = "the parameters", "Lower hidden, layers or embedding"
        else:
            largest, remedy = "the values kept for the gradient", self._remedy(available)
        raise TrainingError(
            f"This training needs {readable_bytes(self.memory)} ({self.parameters:,} parameters), "
            f"but {readable_bytes(available)} {whose}. Most goes to {largest}. {remedy}."
        )

    def _remedy(self, available: int) -> str:
        """Return what makes batches in flight smaller."""
        if not self.can_be_cut:
            return "Lower batch or hidden, or shorten the task"
        if self.sparing is None:
            return "Lower batch or hidden, shorten the task, or set truncate"
        if self.sparing.memory > available:
            return "Lower batch or hidden, shorten the task, or set truncate or checkpoint_every"
        return (
            f"Set checkpoint_every to {self.sparing.checkpoint_every}, which needs "
            f"{readable_bytes(self.sparing.memory)} and takes somewhat longer; or lower batch or hidden, shorten the "
            "task, or set truncate"
        )


@dataclass(frozen=True)
class _Flight:
    """How batches and probe go through the network."""

    batch: int
    truncate: int = 0
    checkpoint_every: int = 0
    probe: int = 0

    def passes(self, task: Task) -> set[tuple[int, int]]:
        """Return the steps and sequences of all passes whose arrays are kept by layers that read."""
        together, extent = sequences_at_once(self.batch), Extent.of_training(task, self.batch)
        cut = segments(extent.source, self.truncate, self.checkpoint_every)
        found = {(stop - start, self.batch) for piece in cut for start, stop in piece}
        for held_out in Extent.of_held_out(task):
            at_once = longest(held_out.source, self.truncate, self.checkpoint_every)
            found |= {(stop - start, together) for start, stop in pieces(held_out.source, at_once)}
        # A pool keeps few shapes, and makes one more before it lets go of another.
        found = set(sorted(found, key=prod)[-KEPT_SHAPES - 1 :])
        if self.probe:
            found |= {(stop - start, self.probe) for start, stop in pieces(extent.source, self.checkpoint_every)}
            found |= {(1, task.writes)} if task.writes else set()
        return found

    def written(self, task: Task, *, attention: bool) -> list[tuple[int, int]]:
        """Return those of layers that write: as taught, all steps at once or each by itself, and symbol by symbol."""
        together = sequences_at_once(self.batch)
        answers = {Extent.of_training(task, self.batch).answer} | {own.answer for own in Extent.of_held_out(task)}
        sizes = {self.batch, together, self.probe} - {0}
        if attention:
            return [(1, size) for size in sizes for _ in range(max(answers))]
        return [(steps, size) for steps in {*answers, 1} for size in sizes]

    def steps_at_once(self, task: Task) -> int:
        """Return how many steps of a batch are worked on together."""
        return longest(task.length, self.truncate, self.checkpoint_every)

    def probed_at_once(self, task: Task) -> int:
        """Return how many steps of the probe are."""
        return longest(task.length, 0, self.checkpoint_every)


def requirements(
    backend: Backend,
    architecture: Architecture,
    task: Task,
    *,
    batch: int,
    optimizer: str = "adam",
    truncate: int = 0,
    checkpoint_every: int = 0,
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
    staged = 0
    if backend.works_ahead:
        # Copies of parameters, update and memories are kept while a chunk of steps is unread: as much once more.
        beside, staged = 2 * beside, STAGED
    programs = compile_layers(backend, architecture)
    parameters = (total + beside * trained) * item

    def memory(every: int) -> tuple[int, int]:
        flight = _Flight(batch, truncate, every, probe)
        # A pass holds copies of the parameters, however few its steps and sequences are.
        copies = sum(program.memory(1, 1) for program, _ in _kept(architecture, programs, task, flight))
        return parameters + copies, _in_flight(architecture, programs, task, flight) - copies + staged

    # With as many segments as steps in each, states and passes take about the same.
    fewest = isqrt(longest(task.length, truncate, 0) - 1) + 1
    sparing = Sparing(fewest, sum(memory(fewest)))
    own = memory(checkpoint_every)
    if architecture.needs_whole:
        return Requirements(trained, *own, can_be_cut=False)
    return Requirements(trained, *own, sparing if sparing.memory < sum(own) else None)


def _kept(
    architecture: Architecture, programs: tuple[Program, ...], task: Task, flight: _Flight
) -> list[tuple[Program, tuple[int, int]]]:
    """Return the steps and sequences of every pass whose arrays are kept, with the program that makes it."""
    reading = len(architecture.reading_layers)
    found = [(program, shape) for program in programs[:reading] for shape in flight.passes(task)]
    return found + [
        (program, shape)
        for program in programs[reading:]
        for shape in flight.written(task, attention=architecture.attention)
    ]


def _in_flight(architecture: Architecture, programs: tuple[Program, ...], task: Task, flight: _Flight) -> int:
    """Return the bytes of all that grows with steps and sequences."""
    found = sum(program.memory(*shape) for program, shape in _kept(architecture, programs, task, flight))
    found += _around_layers(architecture, flight.steps_at_once(task), flight.batch) + _held_out(architecture, task)
    found += _looked_back(architecture, Extent.of_training(task, sequences_at_once(flight.batch)))
    pieces_of_states = max(map(len, segments(task.length, flight.truncate, flight.checkpoint_every)))
    found += _at_starts(architecture, pieces_of_states, flight.steps_at_once(task), flight.batch)
    if flight.probe:
        steps = flight.probed_at_once(task)
        found += _around_layers(architecture, steps, flight.probe)
        found += _at_starts(architecture, -(-task.length // steps), steps, flight.probe)
        found += _looked_at(architecture, programs, steps * flight.probe, task.length)
    return found


def _at_starts(architecture: Architecture, count: int, steps: int, batch: int) -> int:
    """Return the bytes of states kept at ``count`` segments' starts, and of gradients handed to segments of steps."""
    if count == 1:
        return 0
    states = len(architecture.cell.states)
    row = batch * architecture.hidden * ITEM_BYTES[architecture.dtype]
    return row * (states * architecture.layers * count + (states - 1) * steps)


def _around_layers(architecture: Architecture, steps: int, batch: int) -> int:
    """Return the bytes of inputs, outputs and the gradients that pass between layers."""
    item, rows = ITEM_BYTES[architecture.dtype], steps * batch
    dense = isinstance(architecture.inputs, Real) or architecture.embedding > 0
    inputs = rows * (architecture.width * item if dense else architecture.window * INDEX_BYTES)
    # The outputs, and one temporary of their size in the loss.
    outputs = 2 * architecture.outputs * item * (batch if architecture.reads == "last" else rows)
    return inputs + outputs + rows * architecture.top * item * architecture.layers


def _looked_back(architecture: Architecture, extent: Extent) -> int:
    """Return the bytes of what attention keeps: of sources, their projection and both gradients; of each look."""
    if not (architecture.decodes and architecture.attention):
        return 0
    sources = extent.source * (3 * architecture.top + 5 * architecture.hidden)
    looks = extent.answer * (extent.source + 3 * architecture.shown)
    return extent.sequences * (sources + looks) * ITEM_BYTES[architecture.dtype]


def _held_out(architecture: Architecture, task: Task) -> int:
    """Return the bytes of the read-outs of all held-out sequences: as read, in the loss, in the metrics."""
    read = (
        held_out.sequences * (1 if architecture.reads == "last" else held_out.read_out)
        for held_out in Extent.of_held_out(task)
    )
    entries = architecture.outputs * max(read)
    return 3 * entries * ITEM_BYTES[architecture.dtype]


def _looked_at(architecture: Architecture, programs: tuple[Program, ...], rows: int, length: int) -> int:
    """Return the bytes of a snapshot.

    Named values computed again and one gradient in float64 take ``rows`` at once; and there is all that is shown of
    one sequence of ``length`` steps.
    """
    names = sum(len(program.value_names) for program in programs)
    states = sum(len(program.state_names) for program in programs)
    item = ITEM_BYTES[architecture.dtype]
    return ((names * item + ITEM_BYTES["float64"]) * rows + (names + states) * item * length) * architecture.hidden
