"""The probe: a few held-out sequences looked at all through a run; one look is a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends.quiet import quiet
from workbench.tasks import Task, TaskError
from workbench.training.answer_look import AnswerLooker
from workbench.training.arrays import Array, euclidean_norm, norm_array, split
from workbench.training.encoder_decoder import EncoderDecoder
from workbench.training.errors import TrainingError
from workbench.training.evaluation import sequences_of
from workbench.training.look import Arrays, Looker
from workbench.training.network import Carried, Network
from workbench.training.pool import TracePool
from workbench.training.transport import bring_home
from workbench.training.words import describer_of


@dataclass(frozen=True)
class Snapshot:
    """What the probe showed after ``step`` steps, as named host arrays.

    Of the chosen sequence (T its own length): "sequence", a single whole number, which one of the probe it is, from
    0 (older workbooks lack it: it is their experiment's); "values/1.f" (T, H), every named value of every layer;
    "gradient/1.h" (T, H), dL/ds_t of every state; "inputs", "targets", "outputs", "valid" if some targets do
    not count, "length". Of the whole probe: "gradient-norm/1.h" (T,); "vanished/1.h", a single whole number, how many
    steps before its loss no sequence has any gradient left, -1 if one always has (older workbooks lack it). In float32
    a norm up to 1e-30 is nothing, for training flushes it; in float64 only 0 is. Of the parameters: "norm/1.W_fh",
    "update-ratio/1.W_fh" (none before a first step), "eigenvalues/1.W_fh" (H, 2), real and imaginary parts.
    Where a decoder writes, T joins the steps of source and answer: "switch" is the step at which it begins, "attention"
    (U, S) what it looked at, for each step of the answer over those of the source. "words": all of it that a person
    reads, as ``Words.from_array`` gives it. Snapshots of older workbooks have none.
    """

    step: int
    arrays: Arrays


class Probe:
    """Looks at the first ``size`` held-out sequences of a task, at one of them (from 0) closely.

    ``checkpoint_every`` saves memory as it does in training: so many steps are kept at a time; 0: all.
    Raises TrainingError where the chosen sequence is not among them.
    """

    sequence: int
    """The one that is looked at closely."""

    def __init__(
        self,
        network: Network | EncoderDecoder,
        task: Task,
        *,
        size: int = 16,
        sequence: int = 0,
        checkpoint_every: int = 0,
        beam: int = 1,
    ) -> None:
        self.network, self.task = network, task
        self.batch = sequences_of(task.validation(), slice(size), network.architecture.reads)
        self._looker: Looker | AnswerLooker
        if isinstance(network, EncoderDecoder):
            self._looker = AnswerLooker(network, self.batch, beam)
        else:
            self._pool = TracePool(network)
            self._looker = Looker(self._pool, self.batch, checkpoint_every)
        self.show(sequence)

    def show(self, sequence: int) -> None:
        """Look closely at another sequence from now on; one that is not there is refused and changes nothing.

        Raises TrainingError.
        """
        count = self.batch.inputs.shape[1]
        if not 0 <= sequence < count:
            raise TrainingError(f"The probe has sequences 0 to {count - 1}; sequence {sequence} is not among them.")
        self.sequence, self.length = sequence, self._looker.length(sequence)
        self._describer = describer_of(self.task, self.batch, sequence, self.length)

    def snapshot(self, step: int, update: Array | None = None) -> Snapshot:
        """Look once: forward and backward over the whole sequences, whatever training truncates.

        ``update`` (P,) is what the last step subtracted from the trained parameters.
        """
        with quiet(self.network.backend.xp):
            look = self._looker.look(self.sequence)
            chosen = {"sequence": np.array(self.sequence), "length": np.array(self.length)}
            arrays = chosen | self._looker.describe(self.sequence) | look.arrays | {"outputs": look.outputs}
            arrays |= self._parameters(update) | self._eigenvalues()
            arrays["words"] = self._describer.describe(look.read, look.outputs, self._write(step)).to_array()
        return Snapshot(step, arrays)

    def _write(self, step: int) -> str | None:
        """Return what the network writes, where it is a language model; one that has diverged writes nothing."""
        if not self.task.writes:
            return None
        try:
            return self.task.write(self._predict, step)
        except TaskError:
            return None

    def _predict(self, symbols: NDArray[Any], carried: Carried | None) -> tuple[NDArray[Any], Carried]:
        """Return the outputs (N, K) that follow one step of symbols (N,), and what to carry on."""
        passed = self._pool.forward(symbols[None], carried)
        return self.network.backend.to_host(self.network.read(passed.top[0])), passed.carried

    def _parameters(self, update: Array | None) -> Arrays:
        """Return the norm of each parameter, and how long its last update was beside it."""
        norms = self._norms(self.network.parameters)
        arrays: Arrays = {f"norm/{name}": np.array(norm) for name, norm in norms.items()}
        if update is not None:
            for name, moved in self._norms(split(update, self.network.trained_shapes)).items():
                arrays[f"update-ratio/{name}"] = np.array(moved / norms[name] if norms[name] else np.nan)
        return arrays

    def _norms(self, arrays: Mapping[str, Array]) -> dict[str, float]:
        """Return the Euclidean norm of each array; those whose squares overflow are looked at by themselves."""
        backend = self.network.backend
        found = bring_home(backend, {name: norm_array(backend.xp, own.reshape(-1)) for name, own in arrays.items()})
        return {
            name: float(norm) if norm < np.inf else euclidean_norm(backend.xp, arrays[name].reshape(-1))
            for name, norm in found.items()
        }

    def _eigenvalues(self) -> Arrays:
        """Return the eigenvalues of recurrent matrices; on the host, general matrices being hard on a GPU."""
        network = self.network
        names = [
            f"{layer.name}.{name}" for layer in network.layers for name in network.architecture.cell.recurrent_matrices
        ]
        arrays: Arrays = {}
        for name, matrix in bring_home(network.backend, {name: network.parameters[name] for name in names}).items():
            values = _eigenvalues_of(matrix.astype(np.float64))
            arrays[f"eigenvalues/{name}"] = np.stack([values.real, values.imag], axis=1)
        return arrays


def _eigenvalues_of(matrix: NDArray[np.float64]) -> NDArray[Any]:
    """Return the eigenvalues (H,); NaN where the matrix is not finite, for the picture shows that as well."""
    if not np.isfinite(matrix).all():
        return np.full(len(matrix), complex(np.nan, np.nan))
    values: NDArray[Any] = np.linalg.eigvals(matrix)
    return values
