"""Loss and gradient of one batch: forward, loss and backward, in pieces where the gradient is truncated."""

from workbench.tasks import Batch
from workbench.training.arrays import NamedArrays, Workspace
from workbench.training.initialization import READOUT_WEIGHT
from workbench.training.losses import LOSSES
from workbench.training.network import Carried, Network, Pass, add_readout_gradients
from workbench.training.pool import TracePool
from workbench.training.reading import Rows, pieces, read_batch


class Backpropagation:
    """Backpropagation through time (Werbos 1990), truncated to pieces of ``truncate`` steps unless that is 0.

    ``gradient`` holds the gradient of the last batch. States are carried from piece to piece, gradients are
    not. Buffers and the traces of ``pool`` are used again from batch to batch.
    """

    def __init__(self, network: Network, truncate: int = 0) -> None:
        self.network, self.truncate = network, truncate
        dtype = network.architecture.dtype
        self.gradient = NamedArrays(network.backend.xp, network.trained_shapes, dtype)
        self._loss = LOSSES[network.architecture.loss]
        self._workspace = Workspace(network.backend.xp, dtype)
        self.pool = TracePool(network)

    def run(self, batch: Batch, carried: Carried | None) -> tuple[float, Carried]:
        """Return the mean loss over the batch's valid targets, and what is carried on; fill ``gradient``."""
        network = self.network
        reading = read_batch(network.backend, network.architecture.reads, batch, network.architecture.dtype)
        self.gradient.flat.fill(0)
        loss = 0.0
        for start, stop in pieces(len(batch.inputs), self.truncate):
            passed = self.pool.forward(batch.inputs[start:stop], carried)
            carried = passed.carried
            rows = reading.select(start, stop)
            if rows is not None:
                loss += self._learn(passed, rows)
        assert carried is not None
        return loss, carried

    def _learn(self, passed: Pass, rows: Rows) -> float:
        """Return the piece's share of the loss and add its share of the gradient."""
        network, take = self.network, self._workspace.take
        top = network.top(passed)
        states = rows.gather(top)
        outputs = network.read(states, out=take("outputs", (len(states), network.architecture.outputs)))
        losses = self._loss(network.backend.xp, outputs, rows.targets, rows.weights)
        losses *= rows.weights
        add_readout_gradients(states, outputs, self.gradient.views)
        top_gradient = take("top", top.shape)
        rows.spread(network.backend.xp, outputs, network.parameters[READOUT_WEIGHT], top_gradient)
        gradients = network.backward(passed, top_gradient, consume=True)
        network.add_gradients(passed, gradients, self.gradient.views)
        return float(losses.sum())
