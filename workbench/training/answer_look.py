"""A look at encoder and decoder: both over one sequence, the source's steps, then the answer's."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.backends import Gradients
from workbench.tasks import Batch
from workbench.training.arrays import Array, NamedArrays
from workbench.training.decoding import write_answers
from workbench.training.encoder_decoder import Answer, EncoderDecoder, Source
from workbench.training.initialization import ENCODER, READOUT_WEIGHT
from workbench.training.look import Arrays, Look, norms_over_units
from workbench.training.losses import LOSSES
from workbench.training.reading import read_sequences
from workbench.training.teaching import LONGER, encode, prepare, shown_symbols
from workbench.training.transport import bring_home
from workbench.training.words import READINGS

Parts = tuple[Array, Array | None]
"""Over the source's steps and over the answer's, (T, ...) each; None where a layer has no part in the answer."""


class AnswerLooker:
    """Looks at a batch whose answers a decoder writes: with the true symbols shown, and without help."""

    def __init__(self, network: EncoderDecoder, batch: Batch, beam: int = 1) -> None:
        self.network, self.batch, self._beam = network, batch, beam
        backend = network.backend
        self._prepared = prepare(network, batch).moved(backend.asarray)
        rows = read_sequences(network.architecture, batch).select(0, len(batch.targets))
        assert rows is not None, "every step of an answer is read"
        self._rows = rows.moved(backend.asarray)
        self._gradient = NamedArrays(backend.xp, network.trained_shapes, network.architecture.dtype)
        lengths = np.array([len(batch.inputs)] * batch.inputs.shape[1]) if batch.lengths is None else batch.lengths
        self._lengths: NDArray[np.int64] = lengths
        valid = np.ones(batch.targets.shape, np.bool_) if batch.valid is None else batch.valid
        self._written: NDArray[np.int64] = valid.sum(axis=0)

    def length(self, sequence: int) -> int:
        """Return the steps of a sequence's source and answer together."""
        return int(self._lengths[sequence] + self._written[sequence])

    def describe(self, sequence: int) -> Arrays:
        """Return what a sequence shows and asks for."""
        source, written = int(self._lengths[sequence]), int(self._written[sequence])
        read = self.batch.inputs[:source, sequence]
        shown = shown_symbols(self.batch, self.network.begin)[:written, sequence]
        due = self.batch.targets[:written, sequence]
        return {
            "inputs": np.concatenate([read, shown]),
            "targets": np.concatenate([np.zeros_like(read), due]),
            "valid": np.arange(source + written) >= source,
            "switch": np.array(source),
        }

    def look(self, sequence: int) -> Look:
        """Look once, at one sequence closely: each one's gradients are those of its own loss."""
        network = self.network
        source = encode(network, self._prepared)
        count = min(READINGS, self.batch.inputs.shape[1])
        few = source.of_columns(network.backend.asarray(np.arange(count)))
        written = write_answers(network, few, count, len(self.batch.targets) + LONGER, self._beam)
        answer = network.answer(source, self._prepared.symbols)
        logits = network.read(answer.seen.reshape(-1, network.architecture.shown))
        outputs = logits.reshape(*answer.seen.shape[:2], -1)[: self._written[sequence], sequence].copy()
        own: dict[str, Array] = {"outputs": outputs}
        own |= {f"values/{name}": part for name, part in self._values(source, answer, sequence).items()}
        if answer.glances:
            weights = network.backend.xp.stack([glance.weights[:, sequence] for glance in answer.glances])
            own["attention"] = weights[: self._written[sequence], : self._lengths[sequence]].copy()
        encoder, decoder = self._back(source, answer, logits)
        own |= self._gradients(source, encoder, decoder, sequence)
        home = bring_home(network.backend, own)
        before = np.zeros((int(self._lengths[sequence]), outputs.shape[1]), outputs.dtype)
        read = np.concatenate([before, home.pop("outputs")])
        return Look(written, read, home)

    def _back(self, source: Source, answer: Answer, logits: Array) -> tuple[list[Gradients], list[list[Gradients]]]:
        network, xp = self.network, self.network.backend.xp
        LOSSES[network.architecture.loss](xp, logits, self._rows.targets, self._rows.weights)
        gradient = xp.empty_like(answer.seen)
        self._rows.spread(xp, logits, network.parameters[READOUT_WEIGHT], answer.seen, gradient)
        self._gradient.flat.fill(0)
        return network.backward(source, answer, gradient, self._gradient.views)

    def _values(self, source: Source, answer: Answer, sequence: int) -> dict[str, Array]:
        """Return every named value of every layer over a sequence's source and answer, (T, H)."""
        network, found = self.network, dict[str, Array]()
        for place, layer in enumerate(network.encoder.layers):
            for name in network.programs[0].value_names:
                read = network.encoder.in_time(place, source.passed.traces[place][name], source.passed.turn)
                written = None
                if not layer.backward:
                    steps = [passed.traces[self._decoder_place(place)][name] for passed in answer.passes]
                    written = network.backend.xp.concatenate(steps)
                found[f"{self._shown_name(place)}.{name}"] = self._joined(read, written, sequence)
        return found

    def _gradients(
        self, source: Source, encoder: Sequence[Gradients], decoder: Sequence[Sequence[Gradients]], sequence: int
    ) -> dict[str, Array]:
        """Return dL/ds_t of every state: of one sequence, and the mean norm over those that last as long."""
        network, xp, found = self.network, self.network.backend.xp, dict[str, Array]()
        for place, layer in enumerate(network.encoder.layers):
            for name in network.architecture.cell.states:
                read = network.encoder.in_time(place, encoder[place].states[name], source.passed.turn)
                written = None
                if not layer.backward:
                    written = xp.concatenate([own[self._decoder_place(place)].states[name] for own in decoder])
                shown = f"{self._shown_name(place)}.{name}"
                found[f"gradient/{shown}"] = self._joined(read, written, sequence)
                found[f"gradient-norm/{shown}"] = self._mean_norms(read, written, sequence)
        return found

    def _joined(self, read: Array, written: Array | None, sequence: int) -> Array:
        """Return one sequence's own steps of both parts, (T, H); zeros where a layer has none."""
        xp, source, answer = self.network.backend.xp, self._lengths[sequence], self._written[sequence]
        first = read[:source, sequence]
        second = (
            xp.zeros_like(first, shape=(int(answer), first.shape[1])) if written is None else written[:answer, sequence]
        )
        return xp.concatenate([first, second])

    def _mean_norms(self, read: Array, written: Array | None, sequence: int) -> Array:
        """Return the norms (T,) over a sequence's steps, the mean over all sequences that last as long."""
        xp = self.network.backend.xp
        parts = []
        for values, lengths in ((read, self._lengths), (written, self._written)):
            own = int(lengths[sequence])
            if values is None:
                parts.append(xp.zeros(own))
                continue
            inside = np.arange(own)[:, None] < lengths
            norms = norms_over_units(xp, values[:own]) * self.network.backend.asarray(inside)
            parts.append(norms.sum(axis=1) / self.network.backend.asarray(inside.sum(axis=1)))
        return xp.concatenate(parts)

    def _decoder_place(self, place: int) -> int:
        """Return the decoder's layer that goes on from an encoder's."""
        return place // (2 if self.network.architecture.bidirectional else 1)

    def _shown_name(self, place: int) -> str:
        return self.network.encoder.layers[place].name.removeprefix(ENCODER)
