"""Which parameters a network has, and where they start; drawn on the host, so alike on every backend."""

from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.cells import Cell
from workbench.tasks import Loss, Reads, Real, Symbols, Task
from workbench.training.arrays import Shapes
from workbench.training.errors import TrainingError
from workbench.training.stack import Layer

MOST_LAYERS = 8
EMBEDDING = "embedding.E"
DECODER_EMBEDDING = "decoder.E"
READOUT_WEIGHT = "readout.W"
READOUT_BIAS = "readout.b"
ATTENTION_STATE, ATTENTION_SOURCE, ATTENTION_SCORE = "attention.W", "attention.U", "attention.v"
ENCODER = "encoder."
"""Before the names of an encoder's layers."""
Representation = Literal["last", "mean", "max"]


@dataclass(frozen=True)
class Architecture:
    """The sizes of a network: what it reads, how wide and how deep it is, what it puts out.

    ``bidirectional``: each layer reads in both directions, and shows the layer above both; of an encoder and
    decoder, the encoder's. ``representation``: what is read out of a task read at the end. ``attention``: a decoder
    looks back at the source.
    """

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
    bidirectional: bool = False
    representation: Representation = "last"
    attention: bool = False

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
    def of(cls, task: Task, cell: Cell, **sizes: Any) -> "Architecture":
        """Return the architecture that follows a task, its inputs, its outputs, its loss; ``sizes`` are the others."""
        return cls(cell, task.inputs, task.outputs, task.reads, task.loss, **sizes)

    @property
    def width(self) -> int:
        """Columns of the first layer's input matrices."""
        return self.window * (self.embedding or self.inputs.size)

    @property
    def top(self) -> int:
        """Numbers that the last layer shows at a step, both directions together; of an encoder and decoder, the
        encoder's.
        """
        return self.hidden * (2 if self.bidirectional else 1)

    @property
    def decodes(self) -> bool:
        """Whether a decoder writes the answer."""
        return self.reads == "decoder"

    @property
    def needs_whole(self) -> bool:
        """Whether sequences must be worked through in one piece."""
        return self.decodes or self.bidirectional or (self.reads == "last" and self.representation != "last")

    @property
    def shown(self) -> int:
        """Numbers that the read-out sees."""
        if not self.decodes:
            return self.top
        return self.hidden + (self.top if self.attention else 0)

    @property
    def reading_layers(self) -> tuple[Layer, ...]:
        """The layers that read the task's inputs: an encoder's, or all there are."""
        symbols = isinstance(self.inputs, Symbols) and self.embedding == 0
        return tuple(
            Layer(
                f"{ENCODER if self.decodes else ''}{number}{'r' if back else ''}", inputs, back, number == 1 and symbols
            )
            for number, inputs in enumerate([self.width] + [self.top] * (self.layers - 1), start=1)
            for back in ((False, True) if self.bidirectional else (False,))
        )

    @property
    def writing_layers(self) -> tuple[Layer, ...]:
        """The decoder's layers; none where there is no decoder."""
        if not self.decodes:
            return ()
        # Its first layer sees one symbol more than it writes: START; with attention, what it looks at too.
        first = self.window * (self.embedding or self.outputs + 1) + (self.top if self.attention else 0)
        symbols = self.embedding == 0 and not self.attention
        widths = [first] + [self.hidden] * (self.layers - 1)
        return tuple(
            Layer(str(number), inputs, reads_symbols=number == 1 and symbols)
            for number, inputs in enumerate(widths, start=1)
        )

    @property
    def stack(self) -> tuple[Layer, ...]:
        """All layers: those that read, then those that write."""
        return self.reading_layers + self.writing_layers

    def shapes(self) -> Shapes:
        """Return the shape of every parameter; raises CellError where cell and sizes do not fit."""
        shapes: dict[str, tuple[int, ...]] = {}
        if self.embedding:
            shapes[EMBEDDING] = (self.inputs.size, self.embedding)
        if self.embedding and self.decodes:
            shapes[DECODER_EMBEDDING] = (self.outputs + 1, self.embedding)
        for layer in self.stack:
            own = self.cell.shapes(inputs=layer.inputs, hidden=self.hidden)
            shapes |= {f"{layer.name}.{name}": shape for name, shape in own.items()}
        if self.decodes and self.attention:
            shapes |= {
                ATTENTION_STATE: (self.hidden, self.hidden),
                ATTENTION_SOURCE: (self.hidden, self.top),
                ATTENTION_SCORE: (self.hidden,),
            }
        shapes[READOUT_WEIGHT] = (self.outputs, self.shown)
        shapes[READOUT_BIAS] = (self.outputs,)
        return shapes

    def fixed(self) -> frozenset[str]:
        """Return the names of parameters that are not trained."""
        return frozenset(f"{layer.name}.{name}" for layer in self.stack for name in self.cell.fixed)


def initial_parameters(architecture: Architecture, *, seed: int, length: int | None) -> dict[str, NDArray[Any]]:
    """Return every parameter's first value.

    A layer starts as its cell says. Matrices of read-out and attention are Glorot & Bengio's (2010), the read-out's
    bias is zero; embeddings are drawn from N(0, 1).
    """
    shapes = architecture.shapes()
    values: dict[str, NDArray[Any]] = {}
    for name in (EMBEDDING, DECODER_EMBEDDING):
        if name in shapes:
            values[name] = _generator(seed, name).normal(size=shapes[name])
    for layer in architecture.stack:
        own = architecture.cell.initial_parameters(
            inputs=layer.inputs,
            hidden=architecture.hidden,
            seed=int(_generator(seed, _purpose(layer)).integers(2**31)),
            length=length,
            dtype=architecture.dtype,
        )
        values |= {f"{layer.name}.{name}": value for name, value in own.items()}
    for name in (ATTENTION_STATE, ATTENTION_SOURCE, ATTENTION_SCORE, READOUT_WEIGHT):
        if name in shapes:
            values[name] = _glorot(_generator(seed, name), shapes[name])
    values[READOUT_BIAS] = np.zeros(shapes[READOUT_BIAS])
    return values


def _purpose(layer: Layer) -> str:
    """Return what a layer's numbers are drawn for."""
    part, dot, number = layer.name.rpartition(".")
    return f"{part}{' ' if dot else ''}layer {number}"


def _glorot(random: np.random.Generator, shape: tuple[int, ...]) -> NDArray[Any]:
    rows, columns = (1, *shape)[-2:]
    bound = sqrt(6.0 / (rows + columns))
    return random.uniform(-bound, bound, shape)


def _generator(seed: int, purpose: str) -> np.random.Generator:
    return np.random.default_rng([seed, *purpose.encode()])
