"""What every library computes in a training step: the same sizes, numbers and loss. Needs NumPy alone.

The loss has a gradient at every step: the sum over steps and units of states times fixed random weights, mean over
the batch. The learning rate is so small that all rounds compute about the same.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import prod
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

LEARNING_RATE = 1e-6
CLIP_NORM = 1.0
CELLS = ("elman", "gated", "gru", "lstm")
SUMS = {"elman": 1, "gated": 2, "gru": 3, "lstm": 4}
"""How many sums of H units a cell takes from the state and as many from the input."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Case:
    """A cell and its sizes: B sequences of T steps, D inputs, H units."""

    cell: str
    batch: int
    steps: int
    inputs: int
    hidden: int

    @classmethod
    def from_json(cls, text: str) -> "Case":
        """Return the case that ``to_json`` wrote."""
        return cls(**json.loads(text))

    def to_json(self) -> str:
        """Return the case as text."""
        return json.dumps(asdict(self))

    @property
    def sizes(self) -> str:
        """The sizes in the order B, T, D, H."""
        return f"{self.batch}, {self.steps}, {self.inputs}, {self.hidden}"

    def x(self) -> Floats:
        """Return the inputs (T, B, D)."""
        shape = (self.steps, self.batch, self.inputs)
        return np.random.default_rng(1).standard_normal(shape, dtype=np.float32)

    def loss_weights(self) -> Floats:
        """Return the loss's gradient by the states, (T, B, H)."""
        shape = (self.steps, self.batch, self.hidden)
        return np.random.default_rng(2).standard_normal(shape, dtype=np.float32) / np.float32(self.batch)

    def parameter(self, name: str, shape: tuple[int, ...]) -> Floats:
        """Return a parameter's first value, the same for the same name in every library."""
        uniform = np.random.default_rng(crc32(name.encode())).random(prod(shape), dtype=np.float32)
        return ((2 * uniform - 1) / np.float32(self.hidden**0.5)).reshape(shape)

    def recurrent(self, names: Iterable[str]) -> Floats:
        """Return matrices (H, H) one below the other."""
        return np.concatenate([self.parameter(name, (self.hidden, self.hidden)) for name in names])

    def incoming(self, names: Iterable[str]) -> Floats:
        """Return matrices (H, D) one below the other."""
        return np.concatenate([self.parameter(name, (self.hidden, self.inputs)) for name in names])

    def vectors(self, names: Iterable[str]) -> Floats:
        """Return vectors (H,) one after the other."""
        return np.concatenate([self.parameter(name, (self.hidden,)) for name in names])

    @property
    def operations(self) -> float:
        """Additions and multiplications in the matrix products of one training step.

        Three products with the state's matrices (forward, by the state, by the matrix), two with the input's.
        """
        sums = self.batch * self.steps * SUMS[self.cell] * self.hidden
        return 2.0 * sums * (3 * self.hidden + 2 * self.inputs)
