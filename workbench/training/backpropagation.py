"""Loss and gradient of one batch: forward, loss and backward, in pieces where the gradient is truncated."""

from collections.abc import Sequence
from functools import reduce
from operator import add

from workbench.tasks import Batch
from workbench.training.arrays import Array, NamedArrays, Workspace
from workbench.training.evaluation import Evaluation, evaluate
from workbench.training.initialization import READOUT_WEIGHT
from workbench.training.losses import LOSSES
from workbench.training.network import Carried, Network, add_readout_gradients
from workbench.training.pool import TracePool
from workbench.training.prepared import Prepared, prepare
from workbench.training.reading import Rows
from workbench.training.segments import Span, from_last_to_first, hand_back, longest, segments
from workbench.training.stack import Later, Turn


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

    def prepare(self, batch: Batch) -> Prepared:
        """Return a batch as ``run`` takes it, on the host. Raises TrainingError where none of its targets counts."""
        pieces = segments(len(batch.inputs), self.truncate, self.checkpoint_every)
        return prepare(self.network.architecture, batch, pieces)

    def evaluate(self, batch: Batch, together: int) -> Evaluation:
        """Judge a batch, ``together`` sequences at once, without learning from it."""
        return evaluate(self.pool, batch, together=together, steps=self.steps_at_once(len(batch.inputs)))

    def run(self, batch: Prepared, carried: Carried | None) -> tuple[Array, Carried]:
        """Return the mean loss over valid targets, as float64 without axes, and what is carried on; fill ``gradient``.

        Nothing here waits for a number: what is computed stays where the programs run.
        """
        self.gradient.flat.fill(0)
        losses: list[Array] = []
        for piece in batch.pieces:
            shares, carried = self._learn_piece(batch, piece, carried)
            losses += [reduce(add, shares)] if shares else []
        assert carried is not None
        return reduce(add, losses), carried

    def _learn_piece(
        self, batch: Prepared, piece: Sequence[Span], carried: Carried | None
    ) -> tuple[list[Array], Carried | None]:
        """Return the piece's shares of the loss and what it leaves behind; add its share of the gradient."""
        network = self.network
        shares: list[Array] = []
        ahead: Carried | None = None
        later: Later | None = None
        turn = None if batch.turned is None else Turn.of(network.backend, batch.turned)
        for span, passed in from_last_to_first(self.pool, batch.inputs, piece, carried, turn):
            ahead = ahead or passed.carried
            rows, top = batch.rows[span], passed.top
            if rows is None and later is None:
                continue
            gradient = self._workspace.take("top", top.shape)
            if rows is None:
                gradient.fill(0)
            else:
                shares.append(self._judge(top, rows, gradient))
            gradients = network.backward(passed, gradient, later, consume=True)
            network.add_gradients(passed, gradients, self.gradient.views)
            if span != piece[0]:
                later = hand_back(gradients)
        return shares, ahead

    def _judge(self, top: Array, rows: Rows, gradient: Array) -> Array:
        """Return the loss of rows of the states ``top`` (T, B, H); write its gradient by these."""
        network, take = self.network, self._workspace.take
        states = rows.gather(network.backend.xp, top)
        outputs = network.read(states, out=take("outputs", (len(states), network.architecture.outputs)))
        losses = self._loss(network.backend.xp, outputs, rows.targets, rows.weights)
        losses *= rows.weights
        add_readout_gradients(states, outputs, self.gradient.views)
        rows.spread(network.backend.xp, outputs, network.parameters[READOUT_WEIGHT], top, gradient)
        return losses.sum().astype("float64")
