import numpy as np
import pytest
from numpy.typing import NDArray

from workbench.tasks.base import Batch, Example
from workbench.tasks.reverse import Reverse, ReverseSettings
from workbench.tasks.support.answers.task import before_end, exact, valid_up_to_end


def columns(*answers: list[int]) -> NDArray[np.int64]:
    return np.array(answers).T


@pytest.fixture
def task() -> Reverse:
    return ReverseSettings(alphabet=3, length=4).build(seed=0)


def test_what_counts_goes_up_to_the_first_end() -> None:
    targets = columns([2, 1, 0, 0], [3, 0, 0, 0], [0, 0, 0, 0], [1, 1, 1, 0])
    assert valid_up_to_end(targets).sum(axis=0).tolist() == [3, 2, 1, 4]
    assert valid_up_to_end(targets)[0].all()


def test_an_answer_is_what_stands_before_the_first_end() -> None:
    assert before_end(np.array([2, 1, 0, 3])).tolist() == [2, 1]
    assert before_end(np.array([2, 1])).tolist() == [2, 1]
    assert before_end(np.array([0, 1])).tolist() == []


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ([1, 2, 0, 0, 0, 0], True),
        ([1, 2, 0], True),
        ([1, 0, 0, 0, 0, 0], False),
        ([1, 2, 2, 0, 0, 0], False),
        ([1, 2, 0, 0, 0, 2], False),
        ([1, 3, 0, 0, 0, 0], False),
    ],
)
def test_an_answer_is_right_as_a_whole_or_wrong(written: list[int], right: bool) -> None:
    assert exact(columns(written), columns([1, 2, 0, 0])).tolist() == [right]


def test_an_answer_cut_before_its_end_is_wrong() -> None:
    assert exact(columns([1]), columns([1, 2, 0])).tolist() == [False]


def test_the_share_of_right_answers_is_the_exact_match(task: Reverse) -> None:
    batch = Batch(columns([0, 1], [1, 2]), columns([2, 1, 0], [3, 2, 0]))
    assert task.judge_written(columns([2, 1, 0, 0], [3, 3, 2, 0]), batch) == {"exact match": 0.5}


def test_padding_counts_neither_in_the_accuracy_nor_in_the_loss(task: Reverse) -> None:
    targets = columns([2, 0, 0], [3, 2, 0])
    batch = Batch(columns([1, 0], [1, 2]), targets, np.array([1, 2]), valid_up_to_end(targets))
    logits = np.zeros((3, 2, 4))
    logits[2, 0] = 1e6
    logits[..., 0] += 1e-9
    metrics = task.metrics(logits, batch)
    assert metrics["symbol accuracy"] == pytest.approx(2 / 5)
    assert metrics["cross-entropy"] == pytest.approx(np.log(4))


def test_a_reading_shows_what_was_written_and_judges_all_of_it(task: Reverse) -> None:
    example = Example("ab", "ba")
    right = task.reading_written(example, np.array([2, 1, 0, 0, 0]), np.array([2, 1, 0]))
    assert (right.inputs, right.target, right.answer, right.correct) == ("ab", "ba", "ba", True)
    wrong = task.reading_written(example, np.array([2, 1, 3, 0, 0]), np.array([2, 1, 0]))
    assert (wrong.answer, wrong.correct) == ("bac", False)


def test_an_answer_of_nothing_shows_its_end_and_one_without_end_goes_on(task: Reverse) -> None:
    assert task.print_answer(np.array([0, 0])) == "∎"
    assert task.print_answer(np.array([1, 2])) == "ab…"


def test_an_output_is_right_when_each_symbol_is_the_likeliest_after_true_ones(task: Reverse) -> None:
    target = np.array([2, 1, 0, 0])
    outputs = np.eye(4)[[2, 1, 0, 3]]
    assert task.is_correct(outputs, target)
    assert task.describe_output(outputs) == "ba"
    assert not task.is_correct(np.eye(4)[[2, 2, 0, 0]], target)
