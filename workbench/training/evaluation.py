"""The loss and the outputs of a network on a batch, without learning from it."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from workbench.tasks import Batch
from workbench.training.arrays import Array
from workbench.training.losses import LOSSES
from workbench.training.network import Carried, Network
from workbench.training.reading import last_steps, pieces, read_batch


@dataclass(frozen=True)
class Evaluation:
    """The mean loss over valid targets, and the outputs (B, K) or (T, B, K) on the host."""

    loss: float
    outputs: NDArray[Any]


def evaluate(network: Network, batch: Batch, *, together: int, steps: int) -> Evaluation:
    """Run a batch forward, ``together`` sequences and ``steps`` steps at once, so that memory is bounded."""
    backend, sizes = network.backend, network.architecture
    outputs = _outputs(network, batch, together, steps)
    rows = read_batch(backend, sizes.reads, batch, sizes.dtype).select(0, len(batch.inputs))
    assert rows is not None, "every sequence ends within all steps"
    losses = LOSSES[sizes.loss](
        backend.xp, outputs.reshape(-1, sizes.outputs).copy(), rows.targets, rows.weights
    )
    return Evaluation(float((losses * rows.weights).sum()), backend.to_host(outputs))


def _outputs(network: Network, batch: Batch, together: int, steps: int) -> Array:
    """Return what is read out of every sequence, (B, K) or (T, B, K), on the backend."""
    length, count = batch.inputs.shape[:2]
    every = network.architecture.reads == "every"
    shape = (length, count) if every else (count,)
    dtype = network.architecture.dtype
    outputs = network.backend.xp.empty((*shape, network.architecture.outputs), dtype=dtype)
    last = last_steps(batch)
    for first in range(0, count, together):
        beyond = min(first + together, count)
        carried: Carried | None = None
        for start, stop in pieces(length, steps):
            passed = network.forward(batch.inputs[start:stop, first:beyond], carried)
            carried, top = passed.carried, network.top(passed)
            if every:
                read = network.read(top.reshape(-1, top.shape[2]))
                outputs[start:stop, first:beyond] = read.reshape(*top.shape[:2], -1)
                continue
            ending = [b for b in range(first, beyond) if start <= last[b] < stop]
            if ending:
                own = ([last[b] - start for b in ending], [b - first for b in ending])
                outputs[ending] = network.read(top[own])
    return outputs
