"""Layers of one cell above each other, over one sequence: forward in time, or in both directions."""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.backends import Backend, Gradients, Program, Trace
from workbench.training.arrays import Array

Later = Sequence[Mapping[str, Array]]
"""For each layer the gradients of its states after a pass's last step, (B, H), that the steps behind it give."""


@dataclass(frozen=True)
class Layer:
    """A layer's name before its parameters ("1", "encoder.2r"), how many inputs it has, and whether it reads backward.

    ``reads_symbols``: its inputs are indices of active units, so that its product only gathers rows.
    """

    name: str
    inputs: int
    backward: bool = False
    reads_symbols: bool = False

    @property
    def is_first(self) -> bool:
        """Whether it reads what the network reads, no other layer's output."""
        return self.name.rpartition(".")[2].rstrip("r") == "1"


@dataclass(frozen=True)
class Turn:
    """How sequences (T, B) of unlike lengths read from their ends: ``steps`` (T, B), the step that stands at each.

    Padding stays where it is. Turned twice, a sequence is as it was.
    """

    steps: Array
    columns: Array

    @classmethod
    def of(cls, backend: Backend, steps: Array) -> "Turn":
        """Return the turn for steps (T, B)."""
        return cls(steps, backend.xp.arange(steps.shape[1])[None, :])

    def __call__(self, array: Array) -> Array:
        """Return an array (T, B, ...) turned, as a copy."""
        return array[self.steps, self.columns]


@dataclass(frozen=True)
class StackPass:
    """One forward pass: a trace for each layer, the outputs of the last, (T, B, H) or both directions' (T, B, 2H)."""

    traces: tuple[Trace, ...]
    top: Array
    turn: Turn | None


class Stack:
    """Programs of layers, in pairs where they read both ways; ``parameters`` hold each layer's under its name."""

    def __init__(self, backend: Backend, layers: Sequence[Layer], programs: Sequence[Program], parameters: Any) -> None:
        self.backend, self.layers, self.programs = backend, tuple(layers), tuple(programs)
        self._own = [_of_layer(layer.name, parameters) for layer in layers]
        self._together = 2 if any(layer.backward for layer in layers) else 1

    @property
    def output(self) -> str:
        """The state that layers above and read-out see."""
        return self.programs[0].state_names[0]

    def forward(
        self,
        x: Array,
        start: Sequence[Mapping[str, Array]] | None = None,
        first_step: int = 0,
        reuse: Sequence[Trace] | None = None,
        turn: Turn | None = None,
    ) -> StackPass:
        """Run over x (T, B, D), or (T, B[, k]) indices, from zero states or those of ``start``.

        ``turn`` is needed where layers read backward. ``reuse`` gives back traces that must not be read again.
        """
        traces: list[Trace] = []
        for place, program in enumerate(self.programs):
            backward = self.layers[place].backward
            seen = turn(x) if backward and turn is not None else x
            traces.append(
                program.forward(
                    self._own[place],
                    seen,
                    start=start[place] if start else None,
                    first_step=first_step,
                    reuse=reuse[place] if reuse else None,
                )
            )
            if backward or self._together == 1:
                x = self._outputs(traces[-self._together :], turn)
        return StackPass(tuple(traces), x, turn)

    def backward(
        self,
        passed: StackPass,
        gradient: Array,
        later: Later | None = None,
        *,
        last: Array | None = None,
        consume: bool = False,
        wants_inputs: bool = False,
    ) -> list[Gradients]:
        """Return every layer's gradients, given that of the outputs (T, B, H or 2H), which may be overwritten.

        ``later`` comes on top at the last step, or at the step ``last`` (B,) of each sequence as its layer reads it.
        ``wants_inputs``: ``inputs`` will be asked for the gradient of x. ``consume`` lets the traces be overwritten;
        they must not be read afterwards.
        """
        found: list[Gradients] = []
        for first in reversed(range(0, len(self.programs), self._together)):
            places = range(first, first + self._together)
            outside = self._outside(passed, places, gradient, later, last)
            wanted = first > 0 or wants_inputs
            own = [
                self.programs[place].backward(
                    self._own[place], passed.traces[place], outside[place], consume=consume, wants_inputs=wanted
                )
                for place in places
            ]
            found = own + found
            if first:
                gradient = self.inputs(own, passed.turn)
        return found

    def add_gradients(self, gradients: Sequence[Gradients], into: MutableMapping[str, Array]) -> None:
        """Add the gradients of all layers' parameters to the arrays of the same names."""
        for layer, own in zip(self.layers, gradients, strict=True):
            for name, gradient in own.parameters.items():
                into[f"{layer.name}.{name}"] += gradient

    def inputs(self, gradients: Sequence[Gradients], turn: Turn | None) -> Array:
        """Return the gradient (T, B, D) of what the first of these layers read."""
        if self._together == 1:
            return gradients[0].inputs
        assert turn is not None
        onward, back = gradients[:2]
        return onward.inputs + turn(back.inputs)

    def in_time(self, place: int, array: Array, turn: Turn | None) -> Array:
        """Return values (T, B, ...) of a layer at the steps of the inputs, however it reads."""
        return turn(array) if self.layers[place].backward and turn is not None else array

    def _outputs(self, traces: Sequence[Trace], turn: Turn | None) -> Array:
        if self._together == 1:
            return traces[0][self.output]
        assert turn is not None, "layers that read backward need a turn"
        onward, back = (trace[self.output] for trace in traces)
        return self.backend.xp.concatenate([onward, turn(back)], axis=2)

    def _outside(
        self, passed: StackPass, places: range, gradient: Array, later: Later | None, last: Array | None
    ) -> dict[int, dict[str, Array]]:
        """Return the gradient of each state from outside its layer."""
        if self._together == 1:
            parts = [gradient]
        else:
            assert passed.turn is not None
            hidden = self.programs[0].hidden
            parts = [gradient[:, :, :hidden].copy(), passed.turn(gradient[:, :, hidden:])]
        outside = {place: {self.output: part} for place, part in zip(places, parts, strict=True)}
        if later is not None:
            for place in places:
                self._add_at_the_end(outside[place], later[place], parts[0].shape, last)
        return outside

    def _add_at_the_end(
        self, outside: dict[str, Array], later: Mapping[str, Array], shape: tuple[int, ...], last: Array | None
    ) -> None:
        """Add gradients (B, H) to those from outside (T, B, H), at the last step of each sequence."""
        xp = self.backend.xp
        for state, gradient in later.items():
            if state not in outside:
                outside[state] = xp.zeros(shape, dtype=gradient.dtype)
            if last is None:
                outside[state][-1] += gradient
            else:
                columns = xp.arange(shape[1])
                outside[state][last, columns] += gradient


def _of_layer(name: str, parameters: Mapping[str, Array]) -> dict[str, Array]:
    prefix = f"{name}."
    return {full.removeprefix(prefix): view for full, view in parameters.items() if full.startswith(prefix)}
