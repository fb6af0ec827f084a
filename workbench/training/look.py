"""A look at a few sequences: forward and backward over all of them, one of them closely."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends import Gradients
from workbench.tasks import Batch
from workbench.training.arrays import Array
from workbench.training.evaluation import turn_of
from workbench.training.half_life import SMALLEST
from workbench.training.initialization import READOUT_WEIGHT
from workbench.training.losses import LOSSES
from workbench.training.network import Pass
from workbench.training.pool import TracePool
from workbench.training.prepared import turned_steps
from workbench.training.reading import Rows, first_targets, last_steps, read_sequences, valid_targets
from workbench.training.segments import from_last_to_first, hand_back, pieces
from workbench.training.stack import Later
from workbench.training.transport import bring_home
from workbench.training.vanishing import vanishing_lag
from workbench.training.words import READINGS

Arrays = dict[str, NDArray[Any]]
ENDS = "ends"


@dataclass(frozen=True)
class Look:
    """What was seen, on the host.

    ``read``: the outputs of the first sequences, (N, K), or (T, N, K) where every step is read; where a decoder writes,
    the symbols that it wrote without help, (W, N). ``outputs``: of the
    one looked at closely, (K,) or (T, K), T its own length. ``arrays``: its values and gradients, and the norms of
    all sequences' gradients, as a snapshot names them.
    """

    read: NDArray[Any]
    outputs: NDArray[Any]
    arrays: Arrays


class Looker:
    """Looks at a batch in segments of ``checkpoint_every`` steps, or in one: the memory is that of a segment."""

    def __init__(self, pool: TracePool, batch: Batch, checkpoint_every: int = 0) -> None:
        self.network, self.batch = pool.network, batch
        self._pool = pool
        self._spans = pieces(len(batch.inputs), checkpoint_every)
        sizes = self.network.architecture
        self._reads_last = sizes.reads == "last"
        self._targets = first_targets(sizes.reads, batch)
        self._last = np.array(last_steps(batch))
        self._lasting = (np.arange(len(batch.inputs))[:, None] <= self._last).sum(axis=1)
        backend, reading = self.network.backend, read_sequences(sizes, batch)
        selected = {span: reading.select(*span) for span in self._spans}
        self._rows = {span: rows and rows.moved(backend.asarray) for span, rows in selected.items()}
        self._inputs = backend.asarray(batch.inputs)
        self._turn = turn_of(backend, batch) if sizes.bidirectional else None

    def length(self, sequence: int) -> int:
        """Return the steps of a sequence."""
        return int(self._last[sequence]) + 1

    def describe(self, sequence: int) -> Arrays:
        """Return what a sequence shows and asks for."""
        batch, length = self.batch, self.length(sequence)
        arrays: Arrays = {"inputs": batch.inputs[:length, sequence]}
        if self._reads_last:
            return arrays | {"targets": batch.targets[sequence]}
        arrays["targets"] = batch.targets[:length, sequence]
        if batch.valid is not None:
            arrays["valid"] = batch.valid[:length, sequence]
        return arrays

    def look(self, sequence: int) -> Look:
        """Look once, at one sequence closely: each one's gradients are those of its own loss."""
        network, sizes = self.network, self.network.architecture
        at_ends = np.zeros((len(self._last), sizes.outputs), sizes.dtype)
        later: Later | None = None
        parts: list[Arrays] = []
        for span, passed in from_last_to_first(self._pool, self._inputs, self._spans, None, self._turn):
            start, stop = span
            own = slice(0, max(int(self._last[sequence]) + 1 - start, 0)), sequence
            seen = self._values(passed, own)
            rows, top = self._rows[span], passed.top
            gradient = network.backend.xp.zeros_like(top)
            if rows is not None:
                read = network.read(rows.gather(network.backend.xp, top))
                seen |= {ENDS: read.copy()} if self._reads_last else self._at_every_step(read, top.shape, own)
                self._judge(read, rows, top, gradient)
            gradients = network.backward(passed, gradient, later, consume=True)
            part = bring_home(network.backend, seen | self._gradients(gradients, passed, own))
            if ENDS in part:
                at_ends[(start <= self._last) & (self._last < stop)] = part.pop(ENDS)
            parts.append(part)
            later = hand_back(gradients)
        arrays = {name: np.concatenate([part[name] for part in reversed(parts)]) for name in parts[0]}
        if self._reads_last:
            return Look(at_ends[:READINGS], at_ends[sequence], self._over_the_probe(arrays))
        return Look(arrays.pop("read"), arrays.pop("outputs"), self._over_the_probe(arrays))

    def _judge(self, read: Array, rows: Rows, top: Array, into: Array) -> None:
        """Write the gradient by the states (T, B, H); the outputs are overwritten."""
        network = self.network
        LOSSES[network.architecture.loss](network.backend.xp, read, rows.targets, rows.weights)
        rows.spread(network.backend.xp, read, network.parameters[READOUT_WEIGHT], top, into)

    def _at_every_step(self, read: Array, shape: tuple[int, ...], own: tuple[slice, int]) -> dict[str, Array]:
        """Return copies of outputs (T * B, K): of the first sequences, and of the chosen one."""
        outputs = read.reshape(*shape[:2], -1)
        return {"read": outputs[:, :READINGS].copy(), "outputs": outputs[own].copy()}

    def _values(self, passed: Pass, own: tuple[slice, int]) -> dict[str, Array]:
        """Return copies of every named value of every layer, for the chosen sequence."""
        network = self.network
        return {
            f"values/{layer.name}.{name}": network.in_time(place, trace[name], passed)[own].copy()
            for place, (layer, trace) in enumerate(zip(network.layers, passed.traces, strict=True))
            for name in network.programs[place].value_names
        }

    def _gradients(self, gradients: list[Gradients], passed: Pass, own: tuple[slice, int]) -> dict[str, Array]:
        """Return dL/ds_t of every state: for the chosen sequence, and its norm for all, (T, B)."""
        arrays: dict[str, Array] = {}
        for place, (layer, found) in enumerate(zip(self.network.layers, gradients, strict=True)):
            for name in self.network.programs[place].state_names:
                gradient = self.network.in_time(place, found.states[name], passed)
                arrays[f"gradient/{layer.name}.{name}"] = gradient[own]
                arrays[f"gradient-norm/{layer.name}.{name}"] = norms_over_units(self.network.backend.xp, gradient)
        return arrays

    def _over_the_probe(self, arrays: Arrays) -> Arrays:
        """Make of the norms of each sequence their mean over those that last to each step, and where they vanish."""
        found: Arrays = {}
        smallest = SMALLEST if self.network.architecture.dtype == "float32" else 0.0
        for name, array in arrays.items():
            prefix, _, state = name.partition("/")
            if prefix == "gradient-norm":
                found[name] = np.asarray(array.sum(axis=1) / np.maximum(self._lasting, 1))
                seen, targets = self._as_read(state.partition(".")[0], array)
                found[f"vanished/{state}"] = np.array(vanishing_lag(seen, targets, smallest))
            else:
                found[name] = array
        return found

    def _as_read(self, layer: str, norms: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
        """Return norms (T, B) in the order in which a layer reads, and the first step of each that counts, (B,)."""
        if not any(own.name == layer and own.backward for own in self.network.layers):
            return norms, self._targets
        steps, columns = turned_steps(self.batch), np.arange(norms.shape[1])
        counted = valid_targets(self.batch)
        turned = replace(self.batch, valid=None if counted is None else counted[steps, columns])
        return norms[steps, columns], first_targets(self.network.architecture.reads, turned)


def norms_over_units(xp: Any, gradient: Array) -> Array:
    """Return the norm over units: (T, B, H) to (T, B).

    Squares are taken in float64: those of a vanishing gradient are no float32 numbers.
    """
    wide = gradient.astype("float64")
    return xp.sqrt(xp.einsum("tbh,tbh->tb", wide, wide))
