from itertools import pairwise, product
from math import log
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from workbench.tasks import TaskError
from workbench.tasks.temporal_order import TemporalOrder, TemporalOrderSettings, places, shortest

SIGNALS = pytest.mark.parametrize("signals", [2, 3])


def temporal_order(seed: int = 0, **settings: int) -> TemporalOrder:
    return TemporalOrderSettings.model_validate(settings).build(seed)


def letters(task: TemporalOrder, column: NDArray[Any]) -> str:
    return "".join(task.inputs.names[symbol] for symbol in column)


@given(signals=st.integers(2, 3), length=st.integers(11, 130), seed=st.integers(0, 2**64), step=st.integers(0, 10**9))
def test_the_class_is_the_order_of_the_signals(signals: int, length: int, seed: int, step: int) -> None:
    task = temporal_order(seed, signals=signals, length=length)
    batch = task.training_batch(step, 4)
    assert batch.lengths is not None
    for own, steps in enumerate(batch.lengths):
        read = letters(task, batch.inputs[:steps, own])
        assert (read[0], read[-1]) == ("E", "B")
        assert set(read[1:-1]) <= set("abcdXY")
        order = "".join(letter for letter in read if letter in "XY")
        assert len(order) == signals
        assert order == task.output_names[batch.targets[own]]


def test_six_a_stands_where_the_paper_says() -> None:
    """Hochreiter & Schmidhuber 1997, experiment 6a: lengths 100 to 110, t1 in 10 to 20, t2 in 50 to 60."""
    check_ranges(temporal_order(), [(10, 20), (50, 60)])


def test_six_b_stands_where_the_paper_says() -> None:
    """Hochreiter & Schmidhuber 1997, experiment 6b: t1 in 10 to 20, t2 in 33 to 43, t3 in 66 to 76."""
    check_ranges(temporal_order(signals=3), [(10, 20), (33, 43), (66, 76)])


def check_ranges(task: TemporalOrder, expected: list[tuple[int, int]]) -> None:
    batch = task.training_batch(0, 2000)
    assert batch.lengths is not None
    assert (batch.lengths.min(), batch.lengths.max()) == (100, 110)
    steps = np.array([np.flatnonzero(column >= 6) for column in batch.inputs.T])
    assert list(zip(steps.min(axis=0), steps.max(axis=0), strict=True)) == expected
    assert "the paper's steps" in task.protocol


@SIGNALS
@pytest.mark.parametrize("length", [11, 12, 19, 50, 109, 220, 1000])
def test_other_lengths_keep_the_proportions(signals: int, length: int) -> None:
    own, paper = places(signals, length), places(signals, 110)
    assert np.allclose(np.array(own) / length, np.array(paper) / 110, atol=1 / length)
    assert shortest(length) / length == pytest.approx(100 / 110, abs=1 / length)
    assert all(before[1] < after[0] for before, after in pairwise(own))
    assert own[0][0] > 0
    assert own[-1][1] < shortest(length) - 1


def test_the_protocol_says_that_places_are_in_proportion() -> None:
    assert "10 to 20, 50 to 60 of 100 to 110, here in proportion" in temporal_order(length=55).protocol


@SIGNALS
def test_classes_are_all_orders_in_the_order_of_the_paper(signals: int) -> None:
    """Rules X, X -> Q; X, Y -> R; Y, X -> S; Y, Y -> U, and so on for three."""
    task = temporal_order(signals=signals)
    assert task.output_names == tuple("".join(order) for order in product("XY", repeat=signals))
    assert set(task.training_batch(0, 500).targets) == set(range(2**signals))


@SIGNALS
def test_even_guesses_score_the_baseline(signals: int) -> None:
    task = temporal_order(signals=signals)
    classes = 2**signals
    (baseline,) = task.baselines()
    scores = task.metrics(np.zeros((256, classes)), task.validation())
    assert baseline.value == pytest.approx(log(classes))
    assert baseline.metric == 1 / classes
    assert scores["cross-entropy"] == pytest.approx(baseline.value)


def test_longer_sequences_have_their_own_lengths() -> None:
    tested = temporal_order(length=50, test_length=200).by_length()
    assert (min(tested), max(tested)) == (50, 200)
    for length, batch in tested.items():
        assert batch.lengths is not None
        assert shortest(length) <= batch.lengths.min() <= batch.lengths.max() <= len(batch.inputs) == length


def test_a_test_length_without_room_for_the_signals_is_refused() -> None:
    with pytest.raises(TaskError, match=r"Raise task.test_length."):
        temporal_order(test_length=10)


def test_a_preview_is_letters_and_says_where_the_signals_stand() -> None:
    task = temporal_order()
    example = task.preview(1)[0]
    first, second = (place for place, letter in enumerate(example.inputs) if letter in "XY")
    assert example.target == example.inputs[first] + example.inputs[second]
    assert example.note == f"{example.target[0]} at step {first}, {example.target[1]} at step {second}"


def test_an_output_is_an_order_and_its_probability() -> None:
    assert temporal_order().describe_output(np.log(np.array([0.1, 0.7, 0.1, 0.1]))) == "XY, 0.70"
