"""The network: encoded inputs, layers of one cell, a linear read-out; all parameters in one flat array."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from workbench.backends import Backend, Gradients, Program, Trace
from workbench.training.arrays import Array, NamedArrays
from workbench.training.errors import TrainingError
from workbench.training.initialization import (
    EMBEDDING,
    READOUT_BIAS,
    READOUT_WEIGHT,
    Architecture,
    initial_parameters,
)
from workbench.training.inputs import EmbeddedInputs, Encoded, create_encoding


@dataclass(frozen=True)
class Carried:
    """What a stream of inputs leaves behind for the steps that follow.

    ``states``: for each layer every state (B, H); ``recent``: the last inputs of a window, (k - 1, B, ...);
    ``step``: how many steps have gone by.
    """

    states: tuple[dict[str, Array], ...]
    recent: Array | None
    step: int


Later = Sequence[Mapping[str, Array]]
"""For each layer the gradients of its states after a pass's last step, (B, H), that the steps behind it give."""


@dataclass(frozen=True)
class Pass:
    """One forward pass: the encoded inputs, a trace for each layer, and what is carried on."""

    encoded: Encoded
    traces: tuple[Trace, ...]
    carried: Carried


class Network:
    """A stack of layers between inputs and read-out, its parameters drawn from a seed.

    ``trained`` and ``fixed`` hold the parameters, each in one flat array; ``parameters`` names all of them
    ("1.W_fh", "embedding.E", "readout.W"). Raises CellError where the cell does not fit the sizes,
    TrainingError for sizes no network can have.
    """

    def __init__(
        self, backend: Backend, architecture: Architecture, *, seed: int = 0, length: int | None = None
    ) -> None:
        self.backend, self.architecture = backend, architecture
        self.programs = compile_layers(backend, architecture)
        shapes, fixed, dtype = architecture.shapes(), architecture.fixed(), architecture.dtype
        self.trained_shapes = {name: shape for name, shape in shapes.items() if name not in fixed}
        self.trained = NamedArrays(backend.xp, self.trained_shapes, dtype)
        self.fixed = NamedArrays(backend.xp, {name: shapes[name] for name in shapes if name in fixed}, dtype)
        self.parameters: dict[str, Array] = self.trained.views | self.fixed.views
        self.assign(initial_parameters(architecture, seed=seed, length=length))
        self._layers = [self._of_layer(layer) for layer in range(1, architecture.layers + 1)]
        self.encoding = create_encoding(
            backend,
            architecture.inputs,
            window=architecture.window,
            table=self.parameters.get(EMBEDDING),
            dtype=dtype,
        )

    def assign(self, values: Mapping[str, NDArray[Any]]) -> None:
        """Set parameters by name; raises TrainingError for a name that is missing or a shape that differs."""
        for name, view in self.parameters.items():
            if name not in values or values[name].shape != view.shape:
                found = f"has shape {values[name].shape}" if name in values else "is missing"
                raise TrainingError(f"Parameter {name} {found}; this network needs {view.shape}.")
            view[...] = self.backend.asarray(values[name], self.architecture.dtype)

    def forward(self, inputs: Array, carried: Carried | None = None, reuse: Sequence[Trace] | None = None) -> Pass:
        """Run inputs (T, B) or (T, B, D) through all layers, from zero states or those ``carried``.

        ``reuse`` gives back the traces of an earlier pass, which must not be read again.
        """
        encoded = self.encoding.encode(inputs, carried.recent if carried else None)
        first_step = carried.step if carried else 0
        traces: list[Trace] = []
        x = encoded.x
        for layer, program in enumerate(self.programs):
            trace = program.forward(
                self._layers[layer],
                x,
                start=carried.states[layer] if carried else None,
                first_step=first_step,
                reuse=reuse[layer] if reuse else None,
            )
            traces.append(trace)
            x = trace[program.state_names[0]]
        states = tuple(trace.final for trace in traces)
        ahead = Carried(states, self.encoding.recent(encoded), first_step + len(inputs))
        return Pass(encoded, tuple(traces), ahead)

    def top(self, passed: Pass) -> Array:
        """Return the last layer's output at every step, (T, B, H)."""
        return passed.traces[-1][self.programs[-1].state_names[0]]

    def backward(
        self, passed: Pass, gradient: Array, later: Later | None = None, consume: bool = False
    ) -> list[Gradients]:
        """Return every layer's gradients, given that of the last layer's output (T, B, H), which may be overwritten.

        ``later`` comes on top at the last step. ``consume`` lets the traces be overwritten; they must not be read
        afterwards.
        """
        found: list[Gradients] = []
        for layer in reversed(range(len(self.programs))):
            program = self.programs[layer]
            outside = {program.state_names[0]: gradient}
            if later is not None:
                self._add_at_the_end(outside, later[layer], gradient.shape)
            wants_inputs = layer > 0 or isinstance(self.encoding, EmbeddedInputs)
            gradients = program.backward(
                self._layers[layer], passed.traces[layer], outside, consume=consume, wants_inputs=wants_inputs
            )
            found.insert(0, gradients)
            if layer:
                gradient = gradients.inputs
        return found

    def add_gradients(self, passed: Pass, gradients: Sequence[Gradients], into: MutableMapping[str, Array]) -> None:
        """Add the gradients of layers and embedding to the arrays of the same names."""
        for layer, own in enumerate(gradients, start=1):
            for name, gradient in own.parameters.items():
                into[f"{layer}.{name}"] += gradient
        if isinstance(self.encoding, EmbeddedInputs):
            self.encoding.add_gradient(passed.encoded, gradients[0].inputs, into[EMBEDDING])

    def read(self, rows: Array, out: Array | None = None) -> Array:
        """Return the outputs (N, K) for states (N, H) of the last layer, written into ``out`` if given."""
        outputs = self.backend.xp.matmul(rows, self.parameters[READOUT_WEIGHT].T, out=out)
        outputs += self.parameters[READOUT_BIAS]
        return outputs

    def step(self, inputs: Array, carried: Carried | None = None) -> tuple[NDArray[Any], Carried]:
        """Take one step of a stream: inputs (B,) or (B, D) give host outputs (B, K) and what to carry on.

        Outputs are logits where the loss is cross-entropy.
        """
        passed = self.forward(inputs[None], carried)
        return self.backend.to_host(self.read(self.top(passed)[0])), passed.carried

    def _add_at_the_end(self, outside: dict[str, Array], later: Mapping[str, Array], shape: tuple[int, ...]) -> None:
        """Add gradients (B, H) to those from outside (T, B, H), at the last step."""
        for state, gradient in later.items():
            if state not in outside:
                outside[state] = self.backend.xp.zeros(shape, dtype=self.architecture.dtype)
            outside[state][-1] += gradient

    def _of_layer(self, layer: int) -> dict[str, Array]:
        prefix = f"{layer}."
        return {name.removeprefix(prefix): view for name, view in self.parameters.items() if name.startswith(prefix)}


def add_readout_gradients(rows: Array, gradient: Array, into: MutableMapping[str, Array]) -> None:
    """Add the read-out's gradients, given the states it read (N, H) and its outputs' gradient (N, K)."""
    into[READOUT_WEIGHT] += gradient.T @ rows
    into[READOUT_BIAS] += gradient.sum(axis=0)


def compile_layers(backend: Backend, architecture: Architecture) -> tuple[Program, ...]:
    """Return a program for each layer; those of equal input size share one."""
    programs: dict[int, Program] = {}
    for layer in range(1, architecture.layers + 1):
        inputs = architecture.layer_inputs(layer)
        if inputs not in programs:
            programs[inputs] = backend.compile(
                architecture.cell, inputs=inputs, hidden=architecture.hidden, dtype=architecture.dtype
            )
    return tuple(programs[architecture.layer_inputs(layer)] for layer in range(1, architecture.layers + 1))
