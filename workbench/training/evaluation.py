"""The loss and the outputs of a network on a batch, without learning from it."""

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from workbench.backends.quiet import quiet
from workbench.tasks import Batch
from workbench.training.arrays import Array
from workbench.training.losses import LOSSES
from workbench.training.network import Carried, Network
from workbench.training.pool import TracePool
from workbench.training.reading import last_steps, read_batch
from workbench.training.segments import pieces

FEWEST_AT_ONCE = 32


@dataclass(frozen=True)
class Evaluation:
    """The mean loss over valid targets, and the outputs (B, K) or (T, B, K) on the host."""

    loss: float
    outputs: NDArray[Any]


def evaluate(pool: TracePool, batch: Batch, *, together: int, steps: int) -> Evaluation:
    """Run a batch forward, ``together`` sequences and ``steps`` steps at once, so that memory is bounded."""
    with quiet(pool.network.backend.xp):
        outputs = _outputs(pool, batch, together, steps)
        return Evaluation(_mean_loss(pool.network, batch, outputs), pool.network.backend.to_host(outputs))


def _mean_loss(network: Network, batch: Batch, outputs: Array) -> float:
    """Return the mean loss over valid targets; ``outputs`` (B, K) or (T, B, K) stay as they are."""
    backend, sizes = network.backend, network.architecture
    selected = read_batch(sizes.reads, batch, sizes.dtype).select(0, len(batch.inputs))
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
    last = last_steps(batch)
    for part in parts(count, together):
        carried: Carried | None = None
        for start, stop in pieces(length, steps):
            passed = pool.forward(batch.inputs[start:stop, part], carried)
            carried, top = passed.carried, pool.network.top(passed)
            if sizes.reads == "every":
                read = pool.network.read(top.reshape(-1, sizes.hidden))
                outputs[start:stop, part] = read.reshape(*top.shape[:2], sizes.outputs)
            else:
                _read_ends(pool, top, start, last[part], outputs[part])
    return outputs


def _read_ends(pool: TracePool, top: Array, start: int, last: list[int], outputs: Array) -> None:
    """Write the outputs of those sequences that end in this piece of states (T, B, H), which begins at ``start``."""
    ending = [b for b, end in enumerate(last) if start <= end < start + len(top)]
    if ending:
        asarray = pool.network.backend.asarray
        steps, sequences = asarray([last[b] - start for b in ending], "int64"), asarray(ending, "int64")
        outputs[sequences] = pool.network.read(top[steps, sequences])


def sequences_at_once(batch: int) -> int:
    """Return how many held-out sequences run together beside training batches of ``batch``: not one by one."""
    return max(batch, FEWEST_AT_ONCE)


def parts(count: int, together: int) -> list[slice]:
    """Cut ``count`` sequences in parts of one size; the last part overlaps the one before rather than be shorter."""
    size = min(together, count)
    return [slice(min(start, count - size), min(start, count - size) + size) for start in range(0, count, size)]
