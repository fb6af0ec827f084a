"""Loss and gradient of one batch: forward, loss and backward, in pieces where the gradient is truncated."""

from workbench.tasks import Batch
from workbench.training.arrays import Array, NamedArrays, Workspace
from workbench.training.initialization import READOUT_WEIGHT
from workbench.training.losses import LOSSES
from workbench.training.network import Carried, Later, Network, add_readout_gradients
from workbench.training.pool import TracePool
from workbench.training.reading import Reading, Rows, read_batch
from workbench.training.segments import Span, from_last_to_first, hand_back, longest, segments


class Backpropagation:
    """Backpropagation through time (Werbos 1990), truncated to pieces of ``truncate`` steps unless that is 0.

    ``gradient`` holds the gradient of the last batch. States are carried from piece to piece, gradients are
    not. With ``checkpoint_every`` a piece is worked through in segments of so many steps, of which only the states at
    their starts are kept; gradients are handed from segment to segment. Buffers and the traces of ``pool`` are
    used again from batch to batch.
    """

    def __init__(self, network: Network, truncate: int = 0, checkpoint_every: int = 0) -> None:
        self.network, self.truncate, self.checkpoint_every = network, truncate, checkpoint_every
        dtype = network.architecture.dtype
        self.gradient = NamedArrays(network.backend.xp, network.trained_shapes, dtype)
        self._loss = LOSSES[network.architecture.loss]
        self._workspace = Workspace(network.backend.xp, dtype)
        self.pool = TracePool(network)

    def steps_at_once(self, steps: int) -> int:
        """Return how many steps of a sequence are worked on together."""
        return longest(steps, self.truncate, self.checkpoint_every)

    def run(self, batch: Batch, carried: Carried | None) -> tuple[float, Carried]:
        """Return the mean loss over the batch's valid targets, and what is carried on; fill ``gradient``."""
        network = self.network
        reading = read_batch(network.backend, network.architecture.reads, batch, network.architecture.dtype)
        self.gradient.flat.fill(0)
        loss = 0.0
        for piece in segments(len(batch.inputs), self.truncate, self.checkpoint_every):
            share, carried = self._learn_piece(batch.inputs, reading, piece, carried)
            loss += share
        assert carried is not None
        return loss, carried

    def _learn_piece(
        self, inputs: Array, reading: Reading, piece: list[Span], carried: Carried | None
    ) -> tuple[float, Carried | None]:
        """Return the piece's share of the loss and what it leaves behind; add its share of the gradient."""
        network, loss = self.network, 0.0
        ahead: Carried | None = None
        later: Later | None = None
        for (start, stop), passed in from_last_to_first(self.pool, inputs, piece, carried):
            ahead = ahead or passed.carried
            rows = reading.select(start, stop)
            if rows is None and later is None:
                continue
            share, gradient = self._judge(network.top(passed), rows)
            loss += share
            gradients = network.backward(passed, gradient, later, consume=True)
            network.add_gradients(passed, gradients, self.gradient.views)
            later = hand_back(gradients)
        return loss, ahead

    def _judge(self, top: Array, rows: Rows | None) -> tuple[float, Array]:
        """Return the loss of the rows that are read out and its gradient by the states ``top`` (T, B, H)."""
        network, take = self.network, self._workspace.take
        gradient = take("top", top.shape)
        if rows is None:
            gradient.fill(0)
            return 0.0, gradient
        states = rows.gather(top)
        outputs = network.read(states, out=take("outputs", (len(states), network.architecture.outputs)))
        losses = self._loss(network.backend.xp, outputs, rows.targets, rows.weights)
        losses *= rows.weights
        add_readout_gradients(states, outputs, self.gradient.views)
        rows.spread(network.backend.xp, outputs, network.parameters[READOUT_WEIGHT], gradient)
        return float(losses.sum()), gradient
