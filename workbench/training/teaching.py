"""Teaching an encoder and decoder: loss and gradient of one batch, its answers shown symbol by symbol or in part."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from workbench.backends.quiet import quiet
from workbench.tasks import Batch
from workbench.tasks.support.randomness import generator
from workbench.training.arrays import Array, NamedArrays
from workbench.training.decoding import write_answers
from workbench.training.encoder_decoder import EncoderDecoder, Source
from workbench.training.evaluation import Evaluation, mean_loss, parts, sequences_of
from workbench.training.initialization import READOUT_WEIGHT
from workbench.training.losses import LOSSES
from workbench.training.network import Carried, add_readout_gradients
from workbench.training.prepared import turned_steps
from workbench.training.reading import Move, Rows, last_steps, read_batch
from workbench.training.stack import Turn

LONGER = 5
"""Symbols that an answer written without help may have more than the longest true one."""


@dataclass(frozen=True)
class TaughtBatch:
    """Sources (S, B), the last step of each (B,), and how they turn.

    ``symbols`` (U, B): the true symbol before each that is to be written, START at first; ``forced`` (U, B): where the
    decoder sees it, None everywhere; ``rows``: what is to be written.
    """

    inputs: Array
    last: Array
    symbols: Array
    rows: Rows
    turned: Array | None = None
    forced: Array | None = None
    continues: bool = False

    def moved(self, move: Move) -> Self:
        """Return the same batch with each array moved, always in one order."""
        inputs, last, symbols = map(move, (self.inputs, self.last, self.symbols))
        turned, forced = (None if array is None else move(array) for array in (self.turned, self.forced))
        return type(self)(inputs, last, symbols, self.rows.moved(move), turned, forced)


class TeacherForcing:
    """Shows the decoder the true symbol before with probability ``rate``, else its own (Bengio et al. 2015)."""

    def __init__(self, rate: float, seed: int) -> None:
        self._rate, self._seed = rate, seed

    def applied_to(self, batch: Batch, step: int) -> Batch:
        """Return the batch of a training step with what is shown drawn; a pure function of seed and step."""
        if self._rate == 1:
            return batch
        drawn = generator(self._seed, "teacher forcing", step).random(batch.targets.shape)
        return replace(batch, forced=drawn < self._rate)


class Teaching:
    """Backpropagation through decoder and encoder; ``gradient`` holds the gradient of the last batch."""

    def __init__(self, network: EncoderDecoder, beam: int = 1) -> None:
        self.network, self.beam = network, beam
        self.gradient = NamedArrays(network.backend.xp, network.trained_shapes, network.architecture.dtype)
        self._loss = LOSSES[network.architecture.loss]

    def prepare(self, batch: Batch) -> TaughtBatch:
        """Return a batch as ``run`` takes it, on the host. Raises TrainingError where none of its targets counts."""
        return prepare(self.network, batch)

    def run(self, batch: TaughtBatch, carried: Carried | None) -> tuple[Array, None]:
        """Return the mean loss over valid targets, as float64 without axes, and None, for nothing is carried on."""
        network, xp = self.network, self.network.backend.xp
        self.gradient.flat.fill(0)
        source = encode(network, batch)
        answer = network.answer(source, self._shown(source, batch))
        rows = batch.rows.gather(xp, answer.seen)
        outputs = network.read(rows)
        losses = self._loss(xp, outputs, batch.rows.targets, batch.rows.weights)
        losses *= batch.rows.weights
        add_readout_gradients(rows, outputs, self.gradient.views)
        gradient = xp.empty_like(answer.seen)
        batch.rows.spread(xp, outputs, network.parameters[READOUT_WEIGHT], answer.seen, gradient)
        network.backward(source, answer, gradient, self.gradient.views)
        return losses.sum().astype("float64"), None

    def evaluate(self, batch: Batch, together: int) -> Evaluation:
        """Judge a batch, ``together`` sequences at once: taught, and by what the network writes without help."""
        network, count = self.network, batch.inputs.shape[1]
        longest = len(batch.targets) + LONGER
        written = np.zeros((longest, count), dtype=np.int64)
        sizes = network.architecture
        outputs = network.backend.xp.empty((*batch.targets.shape, sizes.outputs), dtype=sizes.dtype)
        with quiet(network.backend.xp):
            for part in parts(count, together):
                own = self.prepare(sequences_of(batch, part, "decoder")).moved(network.backend.asarray)
                source = encode(network, own)
                outputs[:, part] = network.read(network.answer(source, own.symbols).seen)
                written[:, part] = write_answers(network, source, len(own.last), longest, self.beam)
            return Evaluation(mean_loss(network, batch, outputs), network.backend.to_host(outputs), written)

    def _shown(self, source: Source, batch: TaughtBatch) -> Array:
        """Return the symbols (U, B) that the decoder sees: its own where the true ones are not shown."""
        if batch.forced is None:
            return batch.symbols
        network, xp = self.network, self.network.backend.xp
        shown, carried = batch.symbols.copy(), None
        for place in range(1, len(shown)):
            answer = network.answer(source, shown[place - 1 : place], carried)
            own = network.read(answer.seen[0]).argmax(axis=1)
            shown[place] = xp.where(batch.forced[place], shown[place], own)
            carried = answer.carried
        return shown


def prepare(network: EncoderDecoder, batch: Batch) -> TaughtBatch:
    """Return a batch as a network with a decoder takes it, on the host.

    Raises TrainingError where none of its targets counts.
    """
    rows = read_batch(network.architecture, batch).select(0, len(batch.targets))
    assert rows is not None, "every step of an answer is read"
    return TaughtBatch(
        batch.inputs,
        np.array(last_steps(batch)),
        shown_symbols(batch, network.begin),
        rows,
        turned_steps(batch) if network.architecture.bidirectional else None,
        batch.forced,
    )


def encode(network: EncoderDecoder, batch: TaughtBatch) -> Source:
    """Return what the encoder makes of a prepared batch's sources."""
    turn = None if batch.turned is None else Turn.of(network.backend, batch.turned)
    return network.encode(batch.inputs, batch.last, turn)


def shown_symbols(batch: Batch, begin: int) -> NDArray[np.int64]:
    """Return the symbol before each that is to be written, (U, B): ``begin`` at first."""
    first = np.full((1, batch.targets.shape[1]), begin, dtype=np.int64)
    return np.concatenate([first, batch.targets[:-1]])
