"""The network of a sequence: encoded inputs, layers of one cell, a linear read-out."""

from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from numpy.typing import NDArray

from workbench.backends import Backend, Gradients, Trace
from workbench.training.arrays import Array
from workbench.training.initialization import EMBEDDING, READOUT_BIAS, READOUT_WEIGHT, Architecture
from workbench.training.inputs import EmbeddedInputs, Encoded, create_encoding
from workbench.training.parametric import Parametric
from workbench.training.stack import Later, StackPass, Turn


@dataclass(frozen=True)
class Carried:
    """What a stream of inputs leaves behind for the steps that follow.

    ``states``: for each layer every state (B, H); ``recent``: the last inputs of a window, (k - 1, B, ...);
    ``step``: how many steps have gone by.
    """

    states: tuple[dict[str, Array], ...]
    recent: Array | None
    step: int

    def of_columns(self, columns: Array) -> Self:
        """Return what some sequences (N,) leave behind, each as often as it is named."""
        states = tuple({name: array[columns] for name, array in own.items()} for own in self.states)
        return replace(self, states=states, recent=None if self.recent is None else self.recent[:, columns])


@dataclass(frozen=True)
class Pass:
    """One forward pass: the encoded inputs, what the layers made of them, and what is carried on."""

    encoded: Encoded
    stacked: StackPass
    carried: Carried

    @property
    def traces(self) -> tuple[Trace, ...]:
        """A trace for each layer, as it reads."""
        return self.stacked.traces

    @property
    def top(self) -> Array:
        """The last layer's output at every step, (T, B, H), both directions' side by side."""
        return self.stacked.top


class Network(Parametric):
    """A stack of layers between inputs and read-out."""

    def __init__(
        self, backend: Backend, architecture: Architecture, *, seed: int = 0, length: int | None = None
    ) -> None:
        super().__init__(backend, architecture, seed=seed, length=length)
        self._stack = self.stack_of(0, len(self.layers))
        self.encoding = create_encoding(
            backend,
            architecture.inputs,
            window=architecture.window,
            table=self.parameters.get(EMBEDDING),
            dtype=architecture.dtype,
        )

    def forward(
        self,
        inputs: Array,
        carried: Carried | None = None,
        reuse: Sequence[Trace] | None = None,
        turn: Turn | None = None,
    ) -> Pass:
        """Run inputs (T, B) or (T, B, D) through all layers, from zero states or those ``carried``.

        ``reuse`` gives back the traces of an earlier pass, which must not be read again. ``turn`` is needed by a
        bidirectional network.
        """
        encoded = self.encoding.encode(inputs, carried.recent if carried else None)
        first_step = carried.step if carried else 0
        stacked = self._stack.forward(encoded.x, carried.states if carried else None, first_step, reuse, turn)
        states = tuple(trace.final for trace in stacked.traces)
        ahead = Carried(states, self.encoding.recent(encoded), first_step + len(inputs))
        return Pass(encoded, stacked, ahead)

    def backward(
        self, passed: Pass, gradient: Array, later: Later | None = None, consume: bool = False
    ) -> list[Gradients]:
        """Return every layer's gradients, given that of the last layer's output (T, B, H), which may be overwritten.

        ``later`` comes on top at the last step. ``consume`` lets the traces be overwritten; they must not be read
        afterwards.
        """
        return self._stack.backward(
            passed.stacked, gradient, later, consume=consume, wants_inputs=self.encoding.has_parameters
        )

    def add_gradients(self, passed: Pass, gradients: Sequence[Gradients], into: MutableMapping[str, Array]) -> None:
        """Add the gradients of layers and embedding to the arrays of the same names."""
        self._stack.add_gradients(gradients, into)
        if isinstance(self.encoding, EmbeddedInputs):
            self.encoding.add_gradient(
                passed.encoded, self._stack.inputs(gradients, passed.stacked.turn), into[EMBEDDING]
            )

    def in_time(self, place: int, array: Array, passed: Pass) -> Array:
        """Return values (T, B, ...) of the layer at a place of the stack at the steps of the inputs."""
        return self._stack.in_time(place, array, passed.stacked.turn)

    def step(self, inputs: Array, carried: Carried | None = None) -> tuple[NDArray[Any], Carried]:
        """Take one step of a stream: inputs (B,) or (B, D) give host outputs (B, K) and what to carry on.

        Outputs are logits where the loss is cross-entropy.
        """
        passed = self.forward(inputs[None], carried)
        return self.backend.to_host(self.read(passed.top[0])), passed.carried


def add_readout_gradients(rows: Array, gradient: Array, into: MutableMapping[str, Array]) -> None:
    """Add the read-out's gradients, given the states it read (N, H) and its outputs' gradient (N, K)."""
    into[READOUT_WEIGHT] += gradient.T @ rows
    into[READOUT_BIAS] += gradient.sum(axis=0)
