from itertools import product
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks import Batch, at_length
from workbench.tasks.parity import Parity, ParitySettings

BITS = st.lists(st.integers(0, 1), min_size=1, max_size=40)


def parity(**settings: int) -> Parity:
    return ParitySettings.model_validate(settings).build(seed=0)


def running(bits: list[int]) -> list[int]:
    column = np.array(bits, dtype=np.int64)[:, None]
    answers = parity().answers(column, np.random.default_rng(0))[:, 0]
    return [int(bit) for bit in answers]


@given(seed=st.integers(0, 2**64), step=st.integers(0, 10**9))
def test_the_target_is_1_where_the_ones_so_far_are_odd(seed: int, step: int) -> None:
    batch = ParitySettings(length=13).build(seed).training_batch(step, 4)
    for bits, due in zip(batch.inputs.T, batch.targets.T, strict=True):
        assert [sum(bits[: end + 1]) % 2 for end in range(13)] == list(due)


@given(first=BITS, second=BITS)
def test_the_parity_of_two_parts_goes_on_from_the_end_of_the_first(first: list[int], second: list[int]) -> None:
    begun = running(first)
    assert running(first + second) == begun + [bit ^ begun[-1] for bit in running(second)]


@given(bits=BITS)
def test_turning_a_bit_over_turns_all_answers_from_there_on(bits: list[int]) -> None:
    turned = [1 - bits[0], *bits[1:]]
    assert running(turned) == [1 - bit for bit in running(bits)]


def test_all_bits_but_one_leave_the_parity_even() -> None:
    """Over all strings of five bits, whichever four are known."""
    for hidden, known in product(range(5), product((0, 1), repeat=4)):
        answers = [running([*known[:hidden], bit, *known[hidden:]])[-1] for bit in (0, 1)]
        assert sorted(answers) == [0, 1]


def test_even_guesses_score_the_baseline() -> None:
    task = parity()
    (baseline,) = task.baselines()
    scores = task.metrics(np.zeros((20, 256, 2)), task.validation())
    assert baseline.value == log(2)
    assert scores["cross-entropy"] == pytest.approx(baseline.value)
    # 5,120 fair bits: a standard error of 0.007.
    assert scores["accuracy"] == pytest.approx(baseline.metric, abs=4 * 0.007)


def test_it_is_tested_from_20_to_100_steps() -> None:
    tested = parity().by_length()
    assert tuple(tested) == (20, 28, 38, 53, 72, 100)
    assert {length: batch.inputs.shape for length, batch in tested.items()} == {n: (n, 64) for n in tested}
    assert at_length(parity().metric, 100) == "accuracy at length 100"


def test_scores_are_had_at_every_length() -> None:
    task = parity(length=5, test_length=8)
    for batch in task.by_length().values():
        logits = np.eye(2)[batch.targets]
        logits[-1, : 64 // 4] *= -1
        scores = task.metrics(logits, batch)
        assert scores["exact match"] == 0.75
        assert scores["accuracy"] == pytest.approx(1 - 0.25 / len(batch.inputs))


def test_a_preview_is_bits() -> None:
    bits = np.array([[0, 1, 1, 0, 1]]).T
    example = parity(length=5).describe(Batch(bits, np.bitwise_xor.accumulate(bits)), 0)
    assert (example.inputs, example.target) == ("01101", "01001")


def test_a_reading_counts_the_right_bits() -> None:
    task = parity(length=5)
    batch = task.training_batch(0, 1)
    due = batch.targets[:, 0]
    outputs = np.eye(2)[due]
    outputs[2] *= -1
    reading = task.reading(task.describe(batch, 0), outputs, due)
    assert (reading.correct, reading.note) == (False, "4 of 5 bits right")
    assert [own != other for own, other in zip(reading.answer, reading.target, strict=True)] == [
        step == 2 for step in range(5)
    ]
