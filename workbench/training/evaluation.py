"""The loss and the outputs of a network on a batch, without learning from it."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends import Backend
from workbench.backends.quiet import quiet
from workbench.tasks import Batch, Reads
from workbench.training.arrays import Array
from workbench.training.losses import LOSSES
from workbench.training.network import Carried, Network
from workbench.training.parametric import Parametric
from workbench.training.pool import TracePool
from workbench.training.prepared import turned_steps
from workbench.training.reading import Reading, read_batch
from workbench.training.segments import Span, pieces
from workbench.training.stack import Turn

FEWEST_AT_ONCE = 32


@dataclass(frozen=True)
class Evaluation:
    """The mean loss over valid targets, and the outputs (B, K) or (T, B, K) on the host.

    ``written``: what a decoder wrote without help, (W, B), None where there is none.
    """

    loss: float
    outputs: NDArray[Any]
    written: NDArray[np.int64] | None = None


def evaluate(pool: TracePool, batch: Batch, *, together: int, steps: int) -> Evaluation:
    """Run a batch forward, ``together`` sequences and ``steps`` steps at once, so that memory is bounded."""
    with quiet(pool.network.backend.xp):
        outputs = _outputs(pool, batch, together, steps)
        return Evaluation(mean_loss(pool.network, batch, outputs), pool.network.backend.to_host(outputs))


def mean_loss(network: Parametric, batch: Batch, outputs: Array) -> float:
    """Return the mean loss over valid targets; ``outputs`` (B, K) or (T, B, K) stay as they are."""
    backend, sizes = network.backend, network.architecture
    selected = read_batch(sizes, batch).select(0, len(batch.targets if sizes.decodes else batch.inputs))
    assert selected is not None, "every sequence ends within all steps"
    rows = selected.moved(backend.asarray)
    read = outputs.reshape(-1, sizes.outputs).copy()
    losses = LOSSES[sizes.loss](backend.xp, read, rows.targets, rows.weights)
    return float((losses * rows.weights).sum())


def _outputs(pool: TracePool, batch: Batch, together: int, steps: int) -> Array:
    """Return what is read out of every sequence, (B, K) or (T, B, K), on the backend."""
    length, count = batch.inputs.shape[:2]
    sizes = pool.network.architecture
    shape = (length, count) if sizes.reads == "every" else (count,)
    outputs = pool.network.backend.xp.empty((*shape, sizes.outputs), dtype=sizes.dtype)
    for part in parts(count, together):
        own = sequences_of(batch, part, sizes.reads)
        reading = read_batch(sizes, own)
        carried: Carried | None = None
        turn = turn_of(pool.network.backend, own) if sizes.bidirectional else None
        for start, stop in pieces(length, steps):
            passed = pool.forward(own.inputs[start:stop], carried, turn)
            carried = passed.carried
            _read(pool.network, passed.top, reading, (start, stop), outputs[..., part, :])
    return outputs


def _read(network: Network, top: Array, reading: Reading, span: Span, outputs: Array) -> None:
    """Write what is read out of states (T, B, H) of a span of steps to ``outputs`` (B, K) or (all steps, B, K)."""
    start, stop = span
    sizes = network.architecture
    if sizes.reads == "every":
        outputs[start:stop] = network.read(top.reshape(-1, sizes.shown)).reshape(*top.shape[:2], sizes.outputs)
    elif (rows := reading.select(start, stop)) is not None:
        rows = rows.moved(network.backend.asarray)
        outputs[rows.places] = network.read(rows.gather(network.backend.xp, top))


def turn_of(backend: Backend, batch: Batch) -> Turn:
    """Return how the sequences of a batch read from their ends."""
    return Turn.of(backend, backend.asarray(turned_steps(batch)))


def sequences_of(batch: Batch, part: slice, reads: Reads) -> Batch:
    """Return some of the sequences of a batch."""
    return replace(
        batch,
        inputs=batch.inputs[:, part],
        targets=batch.targets[part] if reads == "last" else batch.targets[:, part],
        lengths=None if batch.lengths is None else batch.lengths[part],
        valid=None if batch.valid is None else batch.valid[:, part],
    )


def sequences_at_once(batch: int) -> int:
    """Return how many held-out sequences run together beside training batches of ``batch``: not one by one."""
    return max(batch, FEWEST_AT_ONCE)


def parts(count: int, together: int) -> list[slice]:
    """Cut ``count`` sequences in parts of one size; the last part overlaps the one before rather than be shorter."""
    size = min(together, count)
    return [slice(min(start, count - size), min(start, count - size) + size) for start in range(0, count, size)]
