"""Encoder and decoder, with and without attention: loss and gradients against torch, and what is written."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from tests.training.support import generator, make_network, symbols
from workbench.tasks import END, Batch
from workbench.training.decoding import write_answers
from workbench.training.encoder_decoder import EncoderDecoder
from workbench.training.teaching import TeacherForcing, Teaching, encode, shown_symbols

pytestmark = pytest.mark.once

torch: Any = pytest.importorskip("torch")

SOURCES, ANSWERS = 6, 5
"""Symbols of sources, and classes that a decoder may write."""


def pairs(seed: int = 0, steps: int = 7, longest: int = 5, batch: int = 4) -> Batch:
    """Sources and answers of various lengths, drawn evenly."""
    draw = generator(seed)
    lengths, ends = draw.integers(1, steps + 1, batch), draw.integers(0, longest, batch)
    places = np.arange(longest)[:, None]
    targets = np.where(places < ends, draw.integers(1, ANSWERS, (longest, batch)), END)
    return Batch(draw.integers(0, SOURCES, (steps, batch)), targets, lengths, valid=places <= ends)


def network_of(**sizes: Any) -> EncoderDecoder:
    network = make_network(symbols(SOURCES), ANSWERS, "cross-entropy", "decoder", **sizes)
    assert isinstance(network, EncoderDecoder)
    return network


class Peer:
    """The same network written with torch's own LSTM cells, one sequence and one step at a time."""

    def __init__(self, network: EncoderDecoder) -> None:
        self.network, self.sizes = network, network.architecture
        self.own = {
            name: torch.tensor(np.array(value), requires_grad=True) for name, value in network.parameters.items()
        }

    def layer(self, name: str, x: Any, state: tuple[Any, Any]) -> tuple[Any, Any]:
        """Return h and c after one step of the layer of this name: x (D,), states (H,)."""
        h, c = state
        own = {
            gate: self.own[f"{name}.W_{gate}x"] @ x + self.own[f"{name}.W_{gate}h"] @ h + self.own[f"{name}.b_{gate}"]
            for gate in "fioc"
        }
        f, i, o = (torch.sigmoid(own[gate]) for gate in "fio")
        c = f * c + i * torch.tanh(own["c"])
        return o * torch.tanh(c), c

    def vector(self, symbol: int, table: str, count: int) -> Any:
        """Return what stands for a symbol."""
        return self.own[table][symbol] if self.sizes.embedding else torch.eye(count).double()[symbol]

    def read(self, inputs: Any) -> tuple[Any, list[tuple[Any, Any]]]:
        """Return what the encoder shows of one source, (S, C), and where each layer of the decoder starts."""
        zero = torch.zeros(self.sizes.hidden).double()
        shown = [self.vector(symbol, "embedding.E", SOURCES) for symbol in inputs]
        starts: list[tuple[Any, Any]] = []
        for layer in range(1, self.sizes.layers + 1):
            found, ends = [], []
            for direction in ("", "r") if self.sizes.bidirectional else ("",):
                state, outputs = (zero, zero), []
                for x in shown[::-1] if direction else shown:
                    state = self.layer(f"encoder.{layer}{direction}", x, state)
                    outputs.append(state[0])
                found.append(outputs[::-1] if direction else outputs)
                ends.append(state)
            shown = [torch.cat(both) for both in zip(*found, strict=True)]
            starts.append(tuple(sum(part) / len(ends) for part in zip(*ends, strict=True)))
        return torch.stack(shown), starts

    def step(self, shown: Any, states: list[tuple[Any, Any]], symbol: int) -> tuple[Any, list[tuple[Any, Any]]]:
        """Return the logits after one symbol, and the new states."""
        x, seen = self.vector(symbol, "decoder.E", ANSWERS + 1), []
        if self.sizes.attention:
            hidden = torch.tanh(shown @ self.own["attention.U"].T + self.own["attention.W"] @ states[-1][0])
            seen = [torch.softmax(hidden @ self.own["attention.v"], dim=0) @ shown]
            x = torch.cat([x, *seen])
        new = []
        for layer, state in enumerate(states, start=1):
            new.append(self.layer(str(layer), x, state))
            x = new[-1][0]
        return self.own["readout.W"] @ torch.cat([x, *seen]) + self.own["readout.b"], new

    def logits(self, batch: Batch, own: int) -> Any:
        """Return the logits (U, K) of one sequence, true symbols shown."""
        assert batch.lengths is not None
        shown, states = self.read(batch.inputs[: batch.lengths[own], own])
        found = []
        for symbol in shown_symbols(batch, ANSWERS)[:, own]:
            logits, states = self.step(shown, states, int(symbol))
            found.append(logits)
        return torch.stack(found)

    def loss(self, batch: Batch) -> Any:
        """Return the mean loss over all symbols that count."""
        assert batch.valid is not None
        valid = torch.tensor(batch.valid)
        logits = torch.stack([self.logits(batch, own) for own in range(batch.inputs.shape[1])], dim=1)
        return torch.nn.functional.cross_entropy(logits[valid], torch.tensor(batch.targets)[valid])

    def beam(self, inputs: Any, longest: int, width: int) -> list[int]:
        """Return what a plain search finds that keeps so many answers, up to ``longest`` symbols of each."""
        shown, start = self.read(inputs)
        kept = [(0.0, [ANSWERS], start)]
        for _ in range(longest):
            grown = [each for each in kept if each[1][-1] == END]
            for chance, answer, states in kept:
                if answer[-1] != END:
                    logits, new = self.step(shown, states, answer[-1])
                    logs = torch.log_softmax(logits, dim=0).tolist()
                    grown += [(chance + log, [*answer, symbol], new) for symbol, log in enumerate(logs)]
            kept = sorted(grown, key=lambda each: -each[0])[:width]
        return kept[0][1][1:]

    def best_answer(self, inputs: Any, longest: int) -> tuple[list[int], float]:
        """Return the likeliest of all answers with an END within so many symbols, by trying each."""
        shown, start = self.read(inputs)
        best: tuple[list[int], float] = ([], -np.inf)
        for length in range(longest):
            for answer in product(range(1, ANSWERS), repeat=length):
                states, before, chance = start, ANSWERS, 0.0
                for symbol in (*answer, END):
                    logits, states = self.step(shown, states, before)
                    chance += torch.log_softmax(logits, dim=0)[symbol].item()
                    before = symbol
                if chance > best[1]:
                    best = ([*answer, END], chance)
        return best


@pytest.mark.parametrize("sizes", [
    {}, {"layers": 2}, {"embedding": 3}, {"bidirectional": True}, {"attention": True},
    {"attention": True, "bidirectional": True, "embedding": 3, "layers": 2},
])  # fmt: skip
def test_loss_and_gradients_are_those_of_torch(sizes: dict[str, Any]) -> None:
    network, batch = network_of(**sizes), pairs()
    peer, teaching = Peer(network), Teaching(network)
    expected = peer.loss(batch)
    expected.backward()
    loss, _ = teaching.run(teaching.prepare(batch), None)
    assert float(loss) == pytest.approx(expected.item(), rel=1e-12)
    for name, gradient in teaching.gradient.views.items():
        np.testing.assert_allclose(gradient, peer.own[name].grad.numpy(), atol=1e-12, err_msg=name)
    evaluation = teaching.evaluate(batch, together=3)
    assert evaluation.loss == pytest.approx(expected.item(), rel=1e-12)


@pytest.mark.parametrize("cell", ["elman", "gru", "mingru", "slstm", "feedforward"])
@pytest.mark.parametrize("sizes", [{}, {"attention": True, "bidirectional": True}, {"window": 2, "embedding": 2}])
def test_any_cell_has_the_gradient_of_its_loss(cell: str, sizes: dict[str, Any]) -> None:
    network, batch = network_of(cell=cell, **sizes), pairs(1)
    teaching = Teaching(network)
    prepared = teaching.prepare(batch)
    teaching.run(prepared, None)
    gradient, start = teaching.gradient.flat.copy(), network.trained.flat.copy()
    direction = generator(5).normal(size=len(start))
    losses = []
    for sign in (1, -1):
        network.trained.flat[...] = start + sign * 1e-6 * direction
        losses.append(float(teaching.run(prepared, None)[0]))
    assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(float(gradient @ direction), rel=1e-6)


@pytest.mark.parametrize("sizes", [{}, {"attention": True, "bidirectional": True}])
def test_padding_changes_neither_loss_nor_gradient_nor_what_is_written(sizes: dict[str, Any]) -> None:
    network, batch = network_of(**sizes), pairs(2)
    assert batch.valid is not None
    longer = Batch(
        np.concatenate([batch.inputs, np.zeros((3, 4), np.int64)]),
        np.concatenate([batch.targets, np.full((2, 4), END)]),
        batch.lengths,
        valid=np.concatenate([batch.valid, np.zeros((2, 4), np.bool_)]),
    )
    teaching = Teaching(network)
    loss, _ = teaching.run(teaching.prepare(batch), None)
    gradient = teaching.gradient.flat.copy()
    padded, _ = teaching.run(teaching.prepare(longer), None)
    assert float(padded) == pytest.approx(float(loss), rel=1e-12)
    np.testing.assert_allclose(teaching.gradient.flat, gradient, atol=1e-13)
    written = [teaching.evaluate(each, together=4).written for each in (batch, longer)]
    assert written[0] is not None
    assert written[1] is not None
    np.testing.assert_array_equal(written[0], written[1][: len(written[0])])


def test_a_step_after_another_writes_what_one_pass_over_all_symbols_says() -> None:
    network, batch = network_of(attention=True, window=2, embedding=3), pairs(3)
    source = encode(network, Teaching(network).prepare(batch))
    shown = shown_symbols(batch, ANSWERS)
    whole = network.answer(source, shown).seen
    carried = None
    for place in range(len(shown)):
        answer = network.answer(source, shown[place : place + 1], carried)
        np.testing.assert_allclose(answer.seen[0], whole[place], atol=1e-14)
        carried = answer.carried


@pytest.mark.parametrize("sizes", [{}, {"attention": True}])
def test_without_a_beam_the_likeliest_symbol_is_written_each_time(sizes: dict[str, Any]) -> None:
    network, batch = network_of(**sizes, seed=7), pairs(4)
    peer = Peer(network)
    written = Teaching(network).evaluate(batch, together=2).written
    assert written is not None
    assert batch.lengths is not None
    for own in range(4):
        shown, states = peer.read(batch.inputs[: batch.lengths[own], own])
        symbol = ANSWERS
        for found in written[:, own]:
            logits, states = peer.step(shown, states, symbol)
            symbol = int(logits.argmax())
            assert symbol == found
            if symbol == END:
                break


@pytest.mark.parametrize("sizes", [{}, {"attention": True}])
def test_a_beam_that_follows_all_answers_finds_the_likeliest(sizes: dict[str, Any]) -> None:
    network, batch = network_of(**sizes, seed=7), pairs(4, batch=2)
    # END is made likely, so that the likeliest of all answers is short enough to be found by trying each.
    network.parameters["readout.b"][END] = 1.0
    peer = Peer(network)
    source = encode(network, Teaching(network).prepare(batch))
    written = write_answers(network, source, 2, longest=3, beam=64)
    assert batch.lengths is not None
    for own in range(2):
        answer, _ = peer.best_answer(batch.inputs[: batch.lengths[own], own], longest=3)
        assert list(written[: len(answer), own]) == answer


@pytest.mark.parametrize("sizes", [{}, {"attention": True, "bidirectional": True}, {"layers": 2, "embedding": 3}])
@pytest.mark.parametrize("width", [2, 3, ANSWERS + 2])
@pytest.mark.parametrize("end", [-50.0, 1.0])
def test_a_beam_writes_what_a_plain_search_finds(sizes: dict[str, Any], width: int, end: float) -> None:
    network, batch = network_of(**sizes, seed=4), pairs(8, batch=3)
    network.parameters["readout.W"][...] *= 3.0
    network.parameters["readout.b"][END] = end  # -50: no answer ever ends
    peer = Peer(network)
    written = write_answers(network, encode(network, Teaching(network).prepare(batch)), 3, longest=6, beam=width)
    assert batch.lengths is not None
    for own in range(3):
        answer = peer.beam(batch.inputs[: batch.lengths[own], own], longest=6, width=width)
        assert list(written[:, own]) == answer + [END] * (6 - len(answer))


def test_attention_weights_are_shares_of_a_sources_own_steps() -> None:
    network, batch = network_of(attention=True), pairs(5)
    prepared = Teaching(network).prepare(batch)
    answer = network.answer(encode(network, prepared), prepared.symbols)
    weights = np.stack([glance.weights for glance in answer.glances])
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-12)
    assert not weights[:, np.arange(len(batch.inputs))[:, None] > prepared.last].any()


def test_without_a_teacher_the_decoder_sees_what_it_writes() -> None:
    network, batch = network_of(seed=3), pairs(6)
    teaching = Teaching(network)
    alone = teaching.prepare(TeacherForcing(0.0, seed=1).applied_to(batch, step=0))
    written = teaching.evaluate(batch, together=4).written
    assert written is not None
    seen = teaching._shown(encode(network, alone), alone)
    for own in range(4):
        for place in range(1, len(seen)):
            assert seen[place, own] == written[place - 1, own]
            if written[place - 1, own] == END:
                break  # after its END nothing is written, though a decoder that is taught goes on


def test_a_teacher_shows_a_share_of_the_symbols_drawn_from_seed_and_step() -> None:
    batch = pairs(7, longest=200, batch=50)
    forcing = TeacherForcing(0.7, seed=1)
    first, again, other = (forcing.applied_to(batch, step).forced for step in (3, 3, 4))
    assert first is not None
    assert first.mean() == pytest.approx(0.7, abs=0.02)
    np.testing.assert_array_equal(first, again)
    assert other is not None
    assert (first != other).any()
    assert TeacherForcing(1.0, seed=1).applied_to(batch, 3) is batch
