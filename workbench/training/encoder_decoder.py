"""Encoder and decoder: one stack of layers reads the source, another, begun from its last states, writes the answer.

Sutskever, Vinyals & Le 2014; with attention Bahdanau, Cho & Bengio 2015. At each step the decoder reads the symbol
before the one that it is to write, at its first step START; with attention also what its last state sees of the source,
which the read-out sees beside the new state.
"""

from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from workbench.backends import Backend, Gradients, Trace
from workbench.tasks import Symbols
from workbench.training.arrays import Array
from workbench.training.attention import Attention, Glance, Keys
from workbench.training.initialization import DECODER_EMBEDDING, EMBEDDING, Architecture
from workbench.training.inputs import EmbeddedInputs, Encoded, Encoding, create_encoding
from workbench.training.network import Carried
from workbench.training.parametric import Parametric
from workbench.training.stack import Stack, StackPass, Turn

KEPT_PASSES = 256
"""With attention an answer takes one for each of its steps."""


@dataclass(frozen=True)
class Source:
    """What the encoder made of sources: its pass, each one's last step (B,), and what the decoder starts from."""

    encoded: Encoded
    passed: StackPass
    last: Array
    start: tuple[dict[str, Array], ...]
    keys: Keys | None

    def of_columns(self, columns: Array) -> Self:
        """Return what a decoder needs of some sources (N,), each as often as it is named."""
        start = tuple({name: array[columns] for name, array in states.items()} for states in self.start)
        keys = self.keys and Keys(
            self.keys.shown[:, columns], self.keys.projected[:, columns], self.keys.inside[:, columns]
        )
        return replace(self, start=start, keys=keys)


@dataclass(frozen=True)
class Answer:
    """One pass of the decoder: one over all steps, or one a step with what it looked at; what the read-out sees."""

    encoded: Encoded
    passes: tuple[StackPass, ...]
    glances: tuple[Glance, ...]
    seen: Array
    """(U, B, H), with attention the context beside each state."""
    carried: Carried


class EncoderDecoder(Parametric):
    """The network of tasks whose answers are written symbol by symbol. START is symbol number ``outputs``.

    Passes run in the arrays of earlier ones of their shape, which cannot be read any more.
    """

    def __init__(
        self, backend: Backend, architecture: Architecture, *, seed: int = 0, length: int | None = None
    ) -> None:
        super().__init__(backend, architecture, seed=seed, length=length)
        reading = len(architecture.reading_layers)
        self.encoder = self.stack_of(0, reading)
        self.decoder = self.stack_of(reading, len(self.layers) - reading)
        self.begin = architecture.outputs
        self._spare: dict[tuple[int, ...], tuple[Trace, ...]] = {}
        self._directions = 2 if architecture.bidirectional else 1
        self._attention = Attention(backend.xp, self.parameters) if architecture.attention else None
        self._source_encoding = self._encoding(architecture.inputs, self.parameters.get(EMBEDDING))
        self._answer_encoding = self._encoding(
            Symbols(self.begin + 1, (*map(str, range(self.begin)), "START")), self._symbol_vectors()
        )

    def encode(self, inputs: Array, last: Array, turn: Turn | None = None) -> Source:
        """Read sources (S, B), the last step of each at ``last`` (B,)."""
        encoded = self._source_encoding.encode(inputs, None)
        passed = self._run(self.encoder, 0, encoded.x, turn=turn)
        keys = self._attention.keys(passed.top, last) if self._attention else None
        return Source(encoded, passed, last, self._starts(passed, last), keys)

    def answer(self, source: Source, symbols: Array, carried: Carried | None = None) -> Answer:
        """Run the decoder over the symbols (U, B) that it sees, from its start or what is ``carried``."""
        encoded = self._answer_encoding.encode(symbols, carried.recent if carried else None)
        states: Sequence[Mapping[str, Array]] = carried.states if carried else source.start
        step = carried.step if carried else 0
        passes: list[StackPass] = []
        glances: list[Glance] = []
        if self._attention is None or source.keys is None:
            passes.append(self._run(self.decoder, 1, encoded.x, states, step))
            seen = passes[0].top
        else:
            xp = self.backend.xp
            for place in range(len(symbols)):
                glances.append(self._attention.look(source.keys, states[-1][self.decoder.output]))
                x = xp.concatenate([encoded.x[place], glances[-1].context], axis=1)[None]
                passes.append(self._run(self.decoder, 1 + place, x, states, step + place))
                states = [trace.final for trace in passes[-1].traces]
            seen = xp.stack(
                [
                    xp.concatenate([passed.top[0], glance.context], axis=1)
                    for passed, glance in zip(passes, glances, strict=True)
                ]
            )
        ahead = Carried(
            tuple(trace.final for trace in passes[-1].traces),
            self._answer_encoding.recent(encoded),
            step + len(symbols),
        )
        return Answer(encoded, tuple(passes), tuple(glances), seen, ahead)

    def backward(
        self, source: Source, answer: Answer, gradient: Array, into: MutableMapping[str, Array]
    ) -> tuple[list[Gradients], list[list[Gradients]]]:
        """Add the gradients of all parameters but the read-out's, given that of ``answer.seen``; it may be overwritten.

        Return those of the encoder's layers, and those of the decoder's for each of its passes.
        """
        shown = self.backend.xp.zeros_like(source.passed.top)
        if self._attention is None or source.keys is None:
            decoder = [self._back_through_all(answer, gradient, into)]
            asked: Array | None = None
        else:
            decoder, asked, shown = self._back_step_by_step(self._attention, source.keys, answer, gradient, into)
        starts = [dict(found.start) for found in decoder[0]]
        if asked is not None:
            starts[-1][self.decoder.output] = starts[-1][self.decoder.output] + asked
        later = [
            {name: array / self._directions for name, array in start.items()}
            for start in starts
            for _ in range(self._directions)
        ]
        embedded = isinstance(self._source_encoding, EmbeddedInputs)
        encoder = self.encoder.backward(
            source.passed, shown, later, last=source.last, consume=True, wants_inputs=embedded
        )
        self.encoder.add_gradients(encoder, into)
        if isinstance(self._source_encoding, EmbeddedInputs):
            read = self.encoder.inputs(encoder, source.passed.turn)
            self._source_encoding.add_gradient(source.encoded, read, into[EMBEDDING])
        return encoder, decoder

    def _run(
        self,
        stack: Stack,
        place: int,
        x: Array,
        start: Sequence[Mapping[str, Array]] | None = None,
        first_step: int = 0,
        turn: Turn | None = None,
    ) -> StackPass:
        """Run one of the stacks in the arrays of the last pass of this place and shape."""
        key = place, *x.shape
        passed = stack.forward(x, start, first_step, self._spare.pop(key, None), turn)
        self._spare[key] = passed.traces
        if len(self._spare) > KEPT_PASSES:
            del self._spare[next(iter(self._spare))]
        return passed

    def _back_through_all(self, answer: Answer, gradient: Array, into: MutableMapping[str, Array]) -> list[Gradients]:
        found = self.decoder.backward(
            answer.passes[0], gradient, consume=True, wants_inputs=DECODER_EMBEDDING in self.parameters
        )
        self.decoder.add_gradients(found, into)
        if DECODER_EMBEDDING in self.parameters:
            self._add_embedding(answer, self.decoder.inputs(found, None), into)
        return found

    def _back_step_by_step(
        self,
        attention: Attention,
        keys: Keys,
        answer: Answer,
        gradient: Array,
        into: MutableMapping[str, Array],
    ) -> tuple[list[list[Gradients]], Array, Array]:
        """Return each step's gradients, that of the start which attention asked with, and that of what it saw."""
        xp, hidden = self.backend.xp, self.architecture.hidden
        looked = attention.gradient(keys)
        read = xp.empty_like(answer.encoded.x)
        found: list[list[Gradients]] = []
        later: list[Mapping[str, Array]] | None = None
        asked: Array | None = None
        for place in reversed(range(len(answer.passes))):
            outside = gradient[place, :, :hidden].copy()
            if asked is not None:
                outside += asked
            own = self.decoder.backward(answer.passes[place], outside[None], later, consume=True, wants_inputs=True)
            self.decoder.add_gradients(own, into)
            inputs = self.decoder.inputs(own, None)[0]
            width = answer.encoded.x.shape[2]
            read[place] = inputs[:, :width]
            context = inputs[:, width:] + gradient[place, :, hidden:]
            asked = attention.backward(keys, answer.glances[place], context, looked)
            later = [layer.start for layer in own]
            found.insert(0, own)
        if DECODER_EMBEDDING in self.parameters:
            self._add_embedding(answer, read, into)
        assert asked is not None, "an answer has one step at least"
        return found, asked, attention.finish(keys, looked, into)

    def _add_embedding(self, answer: Answer, gradient: Array, into: MutableMapping[str, Array]) -> None:
        assert isinstance(self._answer_encoding, EmbeddedInputs)
        self._answer_encoding.add_gradient(answer.encoded, gradient, into[DECODER_EMBEDDING])

    def _starts(self, passed: StackPass, last: Array) -> tuple[dict[str, Array], ...]:
        """Return each decoder layer's first states: the last of the encoder's layer, the mean over its directions."""
        columns = self.backend.xp.arange(len(last))
        ends = [{name: trace[name][last, columns] for name in self.architecture.cell.states} for trace in passed.traces]
        if self._directions == 1:
            return tuple(ends)
        pairs = zip(ends[::2], ends[1::2], strict=True)
        return tuple({name: (onward[name] + back[name]) / 2 for name in onward} for onward, back in pairs)

    def _encoding(self, symbols: Any, table: Array | None) -> Encoding:
        sizes = self.architecture
        return create_encoding(self.backend, symbols, window=sizes.window, table=table, dtype=sizes.dtype)

    def _symbol_vectors(self) -> Array | None:
        """Return the decoder's table of symbols: attention joins its context to numbers, so symbols become units."""
        sizes = self.architecture
        if sizes.embedding:
            return self.parameters[DECODER_EMBEDDING]
        return self.backend.xp.eye(self.begin + 1, dtype=sizes.dtype) if sizes.attention else None
