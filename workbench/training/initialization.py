"""Which parameters a network has, and where they start; drawn on the host, so alike on every backend."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.cells import Cell
from workbench.tasks import Loss, Reads, Real, Symbols, Task
from workbench.training.arrays import Shapes
from workbench.training.errors import TrainingError

MOST_LAYERS = 8
EMBEDDING = "embedding.E"
READOUT_WEIGHT = "readout.W"
READOUT_BIAS = "readout.b"


@dataclass(frozen=True)
class Architecture:
    """The sizes of a network: what it reads, how wide and how deep it is, what it puts out."""

    cell: Cell
    inputs: Real | Symbols
    outputs: int
    reads: Reads
    loss: Loss
    hidden: int
    layers: int = 1
    window: int = 1
    embedding: int = 0
    dtype: str = "float32"

    def __post_init__(self) -> None:
        """Refuse sizes that no network can have."""
        if not 1 <= self.layers <= MOST_LAYERS:
            raise TrainingError(f"layers is {self.layers}. A network has 1 to {MOST_LAYERS} layers.")
        for name in ("hidden", "window", "outputs"):
            if getattr(self, name) < 1:
                raise TrainingError(f"{name} is {getattr(self, name)}. It must be 1 at least.")
        if self.embedding and isinstance(self.inputs, Real):
            raise TrainingError("The task's inputs are numbers, which have no embedding. Set embedding = 0.")

    @classmethod
    def of(
        cls,
        task: Task,
        cell: Cell,
        *,
        hidden: int,
        layers: int = 1,
        window: int = 1,
        embedding: int = 0,
        dtype: str = "float32",
    ) -> "Architecture":
        """Return the architecture that follows a task: its inputs, its outputs, its loss."""
        return cls(cell, task.inputs, task.outputs, task.reads, task.loss, hidden, layers, window, embedding, dtype)

    @property
    def width(self) -> int:
        """Columns of the first layer's input matrices."""
        return self.window * (self.embedding or self.inputs.size)

    def layer_inputs(self, layer: int) -> int:
        """Return the input size of a layer, which count from 1."""
        return self.width if layer == 1 else self.hidden

    def shapes(self) -> Shapes:
        """Return the shape of every parameter; raises CellError where cell and sizes do not fit."""
        shapes: dict[str, tuple[int, ...]] = {}
        if self.embedding:
            shapes[EMBEDDING] = (self.inputs.size, self.embedding)
        for layer in range(1, self.layers + 1):
            own = self.cell.shapes(inputs=self.layer_inputs(layer), hidden=self.hidden)
            shapes |= {f"{layer}.{name}": shape for name, shape in own.items()}
        shapes[READOUT_WEIGHT] = (self.outputs, self.hidden)
        shapes[READOUT_BIAS] = (self.outputs,)
        return shapes

    def fixed(self) -> frozenset[str]:
        """Return the names of parameters that are not trained."""
        return frozenset(f"{layer}.{name}" for layer in range(1, self.layers + 1) for name in self.cell.fixed)


def initial_parameters(architecture: Architecture, *, seed: int, length: int | None) -> dict[str, NDArray[Any]]:
    """Return every parameter's first value.

    A layer starts as its cell says. The read-out's matrix is Glorot & Bengio's (2010), its bias zero; the
    embedding is drawn from N(0, 1).
    """
    shapes = architecture.shapes()
    values: dict[str, NDArray[Any]] = {}
    if architecture.embedding:
        values[EMBEDDING] = _generator(seed, EMBEDDING).normal(size=shapes[EMBEDDING])
    for layer in range(1, architecture.layers + 1):
        own = architecture.cell.initial_parameters(
            inputs=architecture.layer_inputs(layer),
            hidden=architecture.hidden,
            seed=int(_generator(seed, f"layer {layer}").integers(2**31)),
            length=length,
            dtype=architecture.dtype,
        )
        values |= {f"{layer}.{name}": value for name, value in own.items()}
    bound = sqrt(6.0 / (architecture.outputs + architecture.hidden))
    values[READOUT_WEIGHT] = _generator(seed, READOUT_WEIGHT).uniform(-bound, bound, shapes[READOUT_WEIGHT])
    values[READOUT_BIAS] = np.zeros(shapes[READOUT_BIAS])
    return values


def _generator(seed: int, purpose: str) -> np.random.Generator:
    return np.random.default_rng([seed, *purpose.encode()])
