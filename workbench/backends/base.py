"""What a backend and its programs are to everybody else."""

from collections.abc import Mapping
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workbench.cells import Cell

Array = Any
"""A host array or the backend's own."""


class Trace(Protocol):
    """What a forward pass saved."""

    def __getitem__(self, name: str) -> Array:
        """Any assigned name over time: (T, B, H)."""

    @property
    def final(self) -> dict[str, Array]:
        """Every state after the last step, (B, H), as copies."""


class Gradients(Protocol):
    """What a backward pass gives."""

    @property
    def parameters(self) -> dict[str, Array]:
        """Of every learnt parameter, shaped as it."""

    @property
    def states(self) -> dict[str, Array]:
        """dL/ds_t of every state, all paths: (T, B, H)."""

    @property
    def start(self) -> dict[str, Array]:
        """Of every state before the first step: (B, H)."""

    @property
    def inputs(self) -> Array:
        """Of x: (T, B, D); computed when asked for."""


class Program(Protocol):
    """A plan compiled for sizes and a floating-point type."""

    cell: Cell
    inputs: int
    hidden: int
    dtype: str
    way: str
    """How a sequence is run and why so, in a sentence; "" where there is one way alone."""
    state_names: tuple[str, ...]
    value_names: tuple[str, ...]

    def forward(
        self,
        parameters: Mapping[str, Array],
        x: Array,
        start: Mapping[str, Array] | None = None,
        first_step: int = 0,
        reuse: Any = None,
    ) -> Any:
        """Run over x, (T, B, D), or (T, B[, k]) indices of active units; returns a Trace."""

    def backward(
        self,
        parameters: Mapping[str, Array],
        trace: Any,
        outside: Mapping[str, Array],
        consume: bool = False,
        wants_inputs: bool = False,
    ) -> Any:
        """Run back from the outside gradient of any state, (T, B, H) each; returns Gradients.

        ``wants_inputs``: the gradient of x will be asked for; said beforehand, it costs no second pass.
        """

    def jvp(self, trace: Any, states: Mapping[str, Array], inputs: Array | None = None) -> dict[str, Array]:
        """The Jacobian of every step times a direction: how the states after it move when those before it do.

        ``states``: the tangent of any state before a step, 0 where left out; ``inputs``: that of x at the step. Each is
        (B, H), the same at every step, or (T, B, H), or (..., T, B, H) with any axes for many directions at once, the
        same axes for all that have any; of x D for H. Returns the tangent of every state after the step,
        (..., T, B, H), on arrays of its own. The steps are apart from one another, each taken at the trace's own
        values; the product over steps is the caller's. Parameters are those of the forward pass.
        Raises BackendError where shapes or names do not fit, where x was given as indices and has a tangent, or where
        the trace was consumed or is another program's.
        Source: forward mode, Griewank & Walther 2008, Evaluating Derivatives, chapter 3.
        """

    def memory(self, steps: int, batch: int) -> int:
        """Bytes that a forward and a backward pass take, known before anything is allocated."""


class Backend(Protocol):
    """Compiles cells, and hands out the arrays its programs run on."""

    name: str
    works_ahead: bool
    """Whether calls return before their work is done: then many steps are begun before any number is read."""

    @property
    def xp(self) -> Any:
        """The array module."""

    def compile(self, cell: Cell, inputs: int, hidden: int, dtype: str = "float32") -> Any:
        """Compile a cell for sizes; returns a Program."""

    def is_compiled(self, cell: Cell, dtype: str = "float32") -> bool:
        """Whether programs of a cell can run at once on this machine; tells without loading a compiler."""

    def compile_ahead(self, cell: Cell, dtype: str = "float32") -> None:
        """Do now what the first run of a cell would wait for. Raises BackendError with a reason where it fails."""

    def asarray(self, array: Any, dtype: str | None = None) -> Array:
        """Bring an array to where the programs run."""

    def to_host(self, array: Array) -> NDArray[Any]:
        """Bring an array home."""

    def add_rows(self, table: Array, indices: Array, rows: Array) -> None:
        """Add each of ``rows`` (N, E) to the row of ``table`` (V, E) that ``indices`` (N,), from 0, names.

        The rows of one index are summed in one order, so that the sum is the same every time: no atomic addition.
        """

    def random(self, seed: int) -> np.random.Generator:
        """A source of random numbers with numpy's interface."""
