"""The probe: a few held-out sequences looked at all through a run; one look is a snapshot."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends import Gradients
from workbench.tasks import Batch, Task, TaskError
from workbench.training.arrays import Array, euclidean_norm, split
from workbench.training.errors import TrainingError
from workbench.training.initialization import READOUT_WEIGHT
from workbench.training.losses import LOSSES
from workbench.training.network import Carried, Network, Pass
from workbench.training.pool import TracePool
from workbench.training.reading import last_steps, read_sequences
from workbench.training.words import READINGS, Describer

Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Snapshot:
    """What the probe showed after ``step`` steps, as named host arrays.

    Of the chosen sequence (T its own length): "sequence", a single whole number, which one of the probe it is, from
    0 (older workbooks lack it: it is their experiment's); "values/1.f" (T, H), every named value of every layer;
    "gradient/1.h" (T, H), dL/ds_t of every state; "inputs", "targets", "outputs", "valid" if some targets do
    not count, "length". Of the whole probe: "gradient-norm/1.h" (T,). Of the parameters: "norm/1.W_fh",
    "update-ratio/1.W_fh" (none before a first step), "eigenvalues/1.W_fh" (H, 2), real and imaginary parts.
    "words": all of it that a person reads, as ``Words.from_array`` gives it. Snapshots of older workbooks have none.
    """

    step: int
    arrays: Arrays


class Probe:
    """Looks at the first ``size`` held-out sequences of a task, at one of them (from 0) closely.

    Raises TrainingError where the chosen sequence is not among them.
    """

    sequence: int
    """The one that is looked at closely."""

    def __init__(self, network: Network, task: Task, *, size: int = 16, sequence: int = 0) -> None:
        self.network, self.task = network, task
        self._pool = TracePool(network)
        self.batch = first_sequences(task.validation(), size, network.architecture.reads == "last")
        self.show(sequence)

    def show(self, sequence: int) -> None:
        """Look closely at another sequence from now on; one that is not there is refused and changes nothing.

        Raises TrainingError.
        """
        count = self.batch.inputs.shape[1]
        if not 0 <= sequence < count:
            raise TrainingError(f"The probe has sequences 0 to {count - 1}; sequence {sequence} is not among them.")
        self.sequence, self.length = sequence, last_steps(self.batch)[sequence] + 1
        self._describer = Describer(self.task, self.batch, sequence, self.length)

    def snapshot(self, step: int, update: Array | None = None) -> Snapshot:
        """Look once: forward and backward over the whole sequences, whatever training truncates.

        ``update`` (P,) is what the last step subtracted from the trained parameters.
        """
        with self.network.backend.xp.errstate(all="ignore"):
            passed = self._pool.forward(self.batch.inputs)
            arrays = self._describe_sequence() | self._values(passed)
            read, arrays["outputs"], gradients = self._differentiate(passed)
            arrays |= self._gradients(gradients) | self._parameters(update) | self._eigenvalues()
            arrays["words"] = self._describer.describe(read, arrays["outputs"], self._write(step)).to_array()
        return Snapshot(step, arrays)

    def _describe_sequence(self) -> Arrays:
        """Return what the chosen sequence shows and asks for."""
        batch, own, length = self.batch, self.sequence, self.length
        arrays: Arrays = {"sequence": np.array(own), "length": np.array(length), "inputs": batch.inputs[:length, own]}
        if self.network.architecture.reads == "last":
            return arrays | {"targets": batch.targets[own]}
        arrays["targets"] = batch.targets[:length, own]
        if batch.valid is not None:
            arrays["valid"] = batch.valid[:length, own]
        return arrays

    def _values(self, passed: Pass) -> Arrays:
        """Return every named value of every layer, for the chosen sequence."""
        return {
            f"values/{layer}.{name}": self._of_sequence(trace[name])
            for layer, (program, trace) in enumerate(zip(self.network.programs, passed.traces, strict=True), 1)
            for name in program.value_names
        }

    def _differentiate(self, passed: Pass) -> tuple[NDArray[Any], NDArray[Any], list[Gradients]]:
        """Return the outputs of the first and of the chosen sequence, and each one's gradients of its own loss."""
        network, sizes = self.network, self.network.architecture
        backend, top = network.backend, network.top(passed)
        rows = read_sequences(backend, sizes.reads, self.batch, sizes.dtype).select(0, len(top))
        assert rows is not None, "every sequence ends within all steps"
        read = network.read(rows.gather(top))
        if sizes.reads == "last":
            first, outputs = read[:READINGS], backend.to_host(read[self.sequence]).copy()
        else:
            by_step = read.reshape(*top.shape[:2], -1)
            first, outputs = by_step[:, :READINGS], self._of_sequence(by_step)
        first = backend.to_host(first).copy()
        LOSSES[sizes.loss](backend.xp, read, rows.targets, rows.weights)
        gradient = backend.xp.empty_like(top)
        rows.spread(backend.xp, read, network.parameters[READOUT_WEIGHT], gradient)
        return first, outputs, network.backward(passed, gradient, consume=True)

    def _write(self, step: int) -> str | None:
        """Return what the network writes, where it is a language model; one that has diverged writes nothing."""
        try:
            return self.task.write(self._predict, step)
        except TaskError:
            return None

    def _predict(self, symbols: NDArray[Any], carried: Carried | None) -> tuple[NDArray[Any], Carried]:
        """Return the outputs (N, K) that follow one step of symbols (N,), and what to carry on."""
        passed = self._pool.forward(symbols[None], carried)
        return self.network.backend.to_host(self.network.read(self.network.top(passed)[0])), passed.carried

    def _gradients(self, gradients: list[Gradients]) -> Arrays:
        """Return dL/ds_t of every state: for the chosen sequence, and its norm, the mean over the probe."""
        arrays: Arrays = {}
        for layer, own in enumerate(gradients, start=1):
            for name in self.network.programs[layer - 1].state_names:
                arrays[f"gradient/{layer}.{name}"] = self._of_sequence(own.states[name])
                arrays[f"gradient-norm/{layer}.{name}"] = self._mean_norm(own.states[name])
        return arrays

    def _mean_norm(self, gradient: Array) -> NDArray[Any]:
        """Return the norm over units, mean over the sequences that last to each step: (T, B, H) to (T,).

        Squares are taken in float64: those of a vanishing gradient are no float32 numbers.
        """
        xp = self.network.backend.xp
        wide = gradient.astype("float64")
        norms = self.network.backend.to_host(xp.sqrt(xp.einsum("tbh,tbh->tb", wide, wide)))
        lasting = np.array([[last >= t for last in last_steps(self.batch)] for t in range(len(norms))])
        return np.asarray(norms.sum(axis=1) / np.maximum(lasting.sum(axis=1), 1))

    def _parameters(self, update: Array | None) -> Arrays:
        """Return the norm of each parameter, and how long its last update was beside it."""
        network, xp = self.network, self.network.backend.xp
        norms = {name: euclidean_norm(xp, view.reshape(-1)) for name, view in network.parameters.items()}
        arrays: Arrays = {f"norm/{name}": np.array(norm) for name, norm in norms.items()}
        if update is not None:
            for name, moved in split(update, network.trained_shapes).items():
                ratio = euclidean_norm(xp, moved.reshape(-1)) / norms[name] if norms[name] else np.nan
                arrays[f"update-ratio/{name}"] = np.array(ratio)
        return arrays

    def _eigenvalues(self) -> Arrays:
        """Return the eigenvalues of recurrent matrices; on the host, general matrices being hard on a GPU."""
        network = self.network
        arrays: Arrays = {}
        for layer in range(1, len(network.programs) + 1):
            for name in network.architecture.cell.recurrent_matrices:
                matrix = network.backend.to_host(network.parameters[f"{layer}.{name}"])
                values = np.linalg.eigvals(matrix.astype(np.float64))
                arrays[f"eigenvalues/{layer}.{name}"] = np.stack([values.real, values.imag], axis=1)
        return arrays

    def _of_sequence(self, values: Array) -> NDArray[Any]:
        """Return the chosen sequence's part of (T, B, ...), on the host."""
        return self.network.backend.to_host(values[: self.length, self.sequence]).copy()


def first_sequences(batch: Batch, count: int, read_last: bool) -> Batch:
    """Return the first ``count`` sequences of a batch."""
    return replace(
        batch,
        inputs=batch.inputs[:, :count],
        targets=batch.targets[:count] if read_last else batch.targets[:, :count],
        lengths=None if batch.lengths is None else batch.lengths[:count],
        valid=None if batch.valid is None else batch.valid[:, :count],
    )
