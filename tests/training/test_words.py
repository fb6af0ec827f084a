"""What a snapshot says in words, for each task, and that it says so again when read from its bytes."""

from typing import Any

import numpy as np
import pytest

from tests.training.support import network_for
from workbench.tasks import Task, parse_task
from workbench.training.errors import TrainingError
from workbench.training.probe import Probe
from workbench.training.words import LONGEST, READINGS, Describer, Words


def build(name: str, **settings: Any) -> Task:
    return parse_task({"name": name, **settings}).build(seed=3)


def words_of(task: Task, *, step: int = 0, sequence: int = 0, **choices: Any) -> tuple[Words, dict[str, Any]]:
    """Return the words of a snapshot of an untrained network, and its arrays."""
    network = network_for(task, dtype="float32", **choices)
    arrays = Probe(network, task, sequence=sequence).snapshot(step).arrays
    return Words.from_array(arrays["words"]), arrays


def test_words_survive_their_bytes() -> None:
    words, arrays = words_of(build("sentiment", sentences=100))
    assert arrays["words"].dtype == np.uint8
    assert Words.from_array(words.to_array()) == words


def test_adding_names_its_channels_and_reads_marked_numbers() -> None:
    task = build("adding", length=10)
    words, arrays = words_of(task)
    assert words.channels == ("number", "marker")
    assert words.inputs is words.targets is words.outputs is None
    assert words.sample is None
    assert len(words.readings) == READINGS
    reading = words.readings[0]
    assert reading.inputs.count("[") == 2
    assert reading.target == f"{float(arrays['targets'][0]):.2f}"
    assert reading.answer == f"{float(arrays['outputs'][0]):.3f}"
    assert reading.correct is bool(abs(arrays["outputs"][0] - arrays["targets"][0]) < 0.04)
    assert " + " in reading.note


def test_digits_are_named_and_their_pixels_numbered() -> None:
    words, arrays = words_of(build("digits"), sequence=1)
    assert words.channels == tuple(f"pixel {number}" for number in range(1, 9))
    assert words.readings[1].inputs == ""
    assert words.readings[1].target == str(arrays["targets"])
    assert words.readings[1].correct is bool(arrays["outputs"].argmax() == arrays["targets"])


def test_a_sentence_is_spelled_word_by_word_over_its_own_length() -> None:
    task = build("sentiment", sentences=100)
    words, arrays = words_of(task, sequence=2)
    assert words.inputs is not None
    assert len(words.inputs) == arrays["length"] < task.length
    assert " ".join(words.inputs) == words.readings[2].inputs
    assert words.targets is words.outputs is words.channels is None
    assert words.readings[2].target in ("positive", "negative")


def test_copy_spells_inputs_targets_and_the_most_likely_symbols() -> None:
    task = build("copy", delay=4, count=3)
    words, arrays = words_of(task)
    assert words.inputs is not None
    assert words.targets is not None
    assert words.inputs[3:] == ("·", "·", "·", "!", "·", "·", "·")
    assert words.targets == ("·",) * 7 + words.inputs[:3]
    assert words.outputs == tuple("abcdefgh·"[symbol] for symbol in arrays["outputs"].argmax(axis=1))
    assert words.readings[0].target == "".join(words.inputs[:3])


def test_a_language_model_spells_characters_and_writes() -> None:
    words, _ = words_of(build("language-model", length=12))
    assert words.inputs is not None
    assert words.targets is not None
    assert words.outputs is not None
    assert len(words.inputs) == len(words.outputs) == 12
    assert words.targets[:-1] == words.inputs[1:]
    assert words.readings[0].inputs.replace(" ", "␣") == "".join(words.inputs)
    assert words.readings[0].correct is None
    assert words.sample is not None
    assert len(words.sample) == 203


def test_what_is_written_depends_on_step_and_network_alone() -> None:
    task = build("language-model", length=12)
    first, again, later, other = (
        words_of(task, **choices)[0].sample for choices in ({}, {}, {"step": 1}, {"cell": "gru"})
    )
    assert first == again
    assert len({first, later, other}) == 3


@pytest.mark.parametrize("choices", [{"layers": 2}, {"window": 3}, {"embedding": 4}], ids=str)
def test_every_kind_of_network_writes(choices: dict[str, int]) -> None:
    assert words_of(build("language-model", length=12), **choices)[0].sample


@pytest.mark.parametrize("name", ["adding", "digits", "sentiment", "copy", "language-model"])
def test_a_network_whose_outputs_are_not_finite_still_gives_words(name: str) -> None:
    task = build(name)
    network = network_for(task, dtype="float32")
    network.parameters["readout.W"][...] = np.nan
    words = Words.from_array(Probe(network, task).snapshot(0).arrays["words"])
    assert len(words.readings) == READINGS
    assert words.sample is None


def test_a_long_text_is_shortened_in_its_middle() -> None:
    task = build("copy", delay=2000, count=3)
    batch = task.validation()
    read = np.zeros((task.length, 8, task.outputs))
    words = Describer(task, batch, 0, task.length).describe(read, read[:, 0], None)
    reading = words.readings[0]
    assert len(reading.inputs) == LONGEST + 3
    assert reading.inputs.startswith("".join((words.inputs or ())[:3]))


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"readings": [{"x": 1}]}', b"\xff", b"[" * 100_000])
def test_bytes_that_are_no_words_are_refused(text: bytes) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        Words.from_array(np.frombuffer(text, dtype=np.uint8))
