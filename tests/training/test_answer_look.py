"""What the probe shows of an encoder and decoder."""

from typing import Any

import numpy as np
import pytest

from workbench.backends import get_backend
from workbench.cells import catalogue
from workbench.tasks import END, parse_task
from workbench.training.encoder_decoder import EncoderDecoder
from workbench.training.initialization import Architecture
from workbench.training.probe import Probe
from workbench.training.teaching import encode, prepare
from workbench.training.words import Words

OWN = 2


def probe_of(cell: str = "lstm", **sizes: Any) -> Probe:
    task = parse_task({"name": "reverse"}).build(3)
    architecture = Architecture.of(task, catalogue()[cell], hidden=6, dtype="float64", **sizes)
    network = EncoderDecoder(get_backend("numpy"), architecture, seed=1, length=task.length)
    return Probe(network, task, size=5, sequence=OWN)


def network_of(probe: Probe) -> EncoderDecoder:
    assert isinstance(probe.network, EncoderDecoder)
    return probe.network


def arrays_of(probe: Probe) -> dict[str, Any]:
    return probe.snapshot(0).arrays


def lengths_of(probe: Probe) -> tuple[int, int]:
    """The steps of the chosen source, and of its answer with END."""
    batch = probe.batch
    assert batch.lengths is not None
    assert batch.valid is not None
    return int(batch.lengths[OWN]), int(batch.valid[:, OWN].sum())


@pytest.mark.parametrize("sizes", [{}, {"attention": True}, {"bidirectional": True, "layers": 2}])
def test_source_and_answer_stand_on_one_axis(sizes: dict[str, Any]) -> None:
    probe = probe_of(**sizes)
    source, answer = lengths_of(probe)
    arrays = arrays_of(probe)
    assert arrays["switch"] == source
    assert arrays["length"] == source + answer
    for name, array in arrays.items():
        if name.split("/")[0] in {"values", "gradient", "gradient-norm", "inputs", "targets", "valid", "outputs"}:
            assert len(array) == source + answer, name
            assert np.isfinite(array).all(), name
    np.testing.assert_array_equal(arrays["valid"], np.arange(source + answer) >= source)


def test_values_are_those_of_encoder_and_decoder_over_their_own_steps() -> None:
    probe = probe_of()
    source, answer = lengths_of(probe)
    network = network_of(probe)
    batch = prepare(network, probe.batch)
    read = encode(network, batch)
    written = network.answer(read, batch.symbols)
    expected = [read.passed.traces[0]["c"][:source, OWN], written.passes[0].traces[0]["c"][:answer, OWN]]
    np.testing.assert_array_equal(arrays_of(probe)["values/1.c"], np.concatenate(expected))


def test_with_attention_step_by_step_shows_the_same_names_as_all_at_once() -> None:
    plain, attentive = arrays_of(probe_of()), arrays_of(probe_of(attention=True))
    assert {name for name in attentive if not name.startswith(("norm/", "update"))} - set(plain) == {"attention"}


def test_what_was_looked_at_is_shares_over_the_source_for_each_step_of_the_answer() -> None:
    probe = probe_of(attention=True)
    source, answer = lengths_of(probe)
    weights = arrays_of(probe)["attention"]
    assert weights.shape == (answer, source)
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-12)


def test_the_layer_that_reads_from_the_end_has_no_part_in_the_answer() -> None:
    probe = probe_of(bidirectional=True)
    source, _ = lengths_of(probe)
    backward = arrays_of(probe)["values/1r.h"]
    assert backward[:source].any()
    assert not backward[source:].any()


def test_gradients_of_the_source_come_from_the_answers_loss() -> None:
    """The gradient of the last state of the encoder is that of a difference of losses."""
    probe = probe_of("elman")
    source, _ = lengths_of(probe)
    network = network_of(probe)
    found = arrays_of(probe)["gradient/1.s"][source - 1]
    assert np.linalg.norm(found) > 0
    batch = prepare(network, probe.batch)
    losses = []
    for sign in (1, -1):
        read = encode(network, batch)
        read.start[0]["s"][OWN] += sign * 1e-6 * found
        logits = network.read(network.answer(read, batch.symbols).seen[:, OWN])
        chances = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
        valid = np.arange(len(chances)) < lengths_of(probe)[1]
        losses.append(-chances[np.arange(len(chances)), probe.batch.targets[:, OWN]][valid].mean())
    assert (losses[0] - losses[1]) / 2e-6 == pytest.approx(float(found @ found), rel=1e-6)


def test_words_say_what_is_read_shown_due_and_likeliest() -> None:
    probe = probe_of()
    source, answer = lengths_of(probe)
    words = Words.from_array(arrays_of(probe)["words"])
    names, batch = probe.task.output_names, probe.batch
    assert names is not None
    assert words.inputs is not None
    assert words.inputs[:source] == tuple(probe.task.inputs.names[symbol] for symbol in batch.inputs[:source, OWN])
    assert words.inputs[source] == "▷"
    due = tuple(names[symbol] for symbol in batch.targets[:answer, OWN])
    assert due[-1] == names[END]
    assert words.inputs[source + 1 :] == due[:-1]
    assert words.targets == ("",) * source + due
    assert words.outputs is not None
    assert words.outputs[:source] == ("",) * source
    assert len(words.outputs) == source + answer
    assert len(words.readings) == 5
    assert all(reading.correct in (True, False) for reading in words.readings)


def test_another_sequence_can_be_shown() -> None:
    probe = probe_of()
    probe.show(0)
    assert probe.snapshot(0).arrays["sequence"] == 0
