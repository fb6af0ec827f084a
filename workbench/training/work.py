"""How much a training step and a look at held-out data compute, counted from the plan before anything is allocated."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from workbench.cells.operations import operations
from workbench.cells.plan import Pass
from workbench.cells.schedule import Stage
from workbench.tasks import Task
from workbench.training.arrays import count_entries
from workbench.training.extent import Extent
from workbench.training.initialization import Architecture
from workbench.training.segments import segments
from workbench.training.stack import Layer

OUTPUT_PASSES = 8
"""Elementwise operations on outputs: probabilities, loss, its gradient."""


@dataclass(frozen=True)
class Work:
    """What is computed: multiplications of matrix products, elements of all other operations, calls of either kind.

    ``parameters``: numbers that the optimiser passes over.
    """

    products: float = 0.0
    elements: float = 0.0
    calls: float = 0.0
    parameters: float = 0.0

    def __add__(self, other: "Work") -> Self:
        return type(self)(
            self.products + other.products,
            self.elements + other.elements,
            self.calls + other.calls,
            self.parameters + other.parameters,
        )

    def times(self, factor: float) -> Self:
        """Return so many times the work."""
        return type(self)(factor * self.products, factor * self.elements, factor * self.calls, factor * self.parameters)


def training_work(
    architecture: Architecture, task: Task, *, batch: int, truncate: int = 0, checkpoint_every: int = 0
) -> Work:
    """Return the work of one training step."""
    work = Work(parameters=count_entries(architecture.shapes()))
    extent = Extent.of_training(task, batch)
    # Of each piece, all segments but the last run forward twice.
    again = sum(piece[-1][0] - piece[0][0] for piece in segments(extent.source, truncate, checkpoint_every))
    for layer, steps in _layers(architecture, extent):
        work += _forward(architecture, layer, steps + again, batch)
        work += _backward(architecture, layer, steps, batch)
    # The read-out's product, its gradients by weights and by states.
    return work + _readout(architecture, extent, products=3)


def validation_work(architecture: Architecture, task: Task, *, together: int) -> Work:
    """Return the work of one look at all held-out data, ``together`` sequences at once."""
    work = Work()
    for extent in Extent.of_held_out(task):
        once = Work()
        for layer, steps in _layers(architecture, extent):
            once += _forward(architecture, layer, steps, min(together, extent.sequences))
        parts = -(-extent.sequences // together)
        work += once.times(parts) + _readout(architecture, extent, products=1)
    return work


def _layers(architecture: Architecture, extent: Extent) -> list[tuple[Layer, int]]:
    """Return each layer with the steps it runs."""
    reading = [(layer, extent.source) for layer in architecture.reading_layers]
    return reading + [(layer, extent.answer) for layer in architecture.writing_layers]


def _forward(architecture: Architecture, layer: Layer, steps: int, batch: int) -> Work:
    return _pass(architecture.cell.plan.forward, architecture, layer, steps, batch)


def _backward(architecture: Architecture, layer: Layer, steps: int, batch: int) -> Work:
    plan, hidden = architecture.cell.plan, architecture.hidden
    rows = steps * batch
    work = _pass(plan.backward, architecture, layer, steps, batch)
    for gradient in plan.matrix_gradients:
        results = len(gradient.products) * hidden
        if gradient.operand.op != "x":
            work += Work(products=rows * hidden * results, calls=1)
        elif layer.reads_symbols:
            work += Work(elements=2 * rows * results * architecture.window, calls=6)
        else:
            # Its matrix too, and the gradient of x for the layer below or the embedding.
            passes_on = not layer.is_first or architecture.embedding > 0
            work += Work(products=rows * layer.inputs * results * (1 + passes_on), calls=1 + passes_on)
    return work


def _pass(pass_: Pass, architecture: Architecture, layer: Layer, steps: int, batch: int) -> Work:
    """Count one direction: its loop over time, and what is computed for many steps at once."""
    schedule = pass_.schedule
    loop = _stages(schedule.loop, pass_, architecture, layer, batch).times(steps)
    return loop + _stages((*schedule.before, *schedule.after), pass_, architecture, layer, steps * batch)


def _stages(stages: Iterable[Stage], pass_: Pass, architecture: Architecture, layer: Layer, rows: int) -> Work:
    """Count stages on so many rows."""
    hidden, work = architecture.hidden, Work()
    for stage in stages:
        for group in stage.groups:
            columns = rows * hidden * len(group.results)
            for operand in group.operands:
                if operand.op != "x":
                    work += Work(products=columns * hidden, calls=1)
                elif layer.reads_symbols:
                    work += Work(elements=columns * architecture.window, calls=1)
                else:
                    work += Work(products=columns * layer.inputs, calls=1)
        for operation in operations(stage.block, pass_.layout):
            # A sigmoid is a tanh with a few passes before and after it.
            passes = 4 if operation.op == "sigmoid" else 1
            work += Work(elements=passes * rows * hidden * operation.width, calls=passes)
    return work


def _readout(architecture: Architecture, extent: Extent, *, products: int) -> Work:
    rows = extent.sequences * (1 if architecture.reads == "last" else extent.read_out)
    outputs = rows * architecture.outputs
    return Work(products * outputs * architecture.shown, OUTPUT_PASSES * outputs, OUTPUT_PASSES)
