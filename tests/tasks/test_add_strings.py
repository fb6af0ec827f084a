from math import log

import numpy as np
import pytest

from workbench.tasks import Batch
from workbench.tasks.add_strings import AddStrings, AddStringsSettings


def add_strings(*, seed: int = 0, **settings: object) -> AddStrings:
    return AddStringsSettings.model_validate(settings).build(seed)


def questions(task: AddStrings, batch: Batch) -> list[tuple[int, int, int]]:
    """Both numbers and the written result of each question, read from its symbols."""
    found = []
    for own in range(batch.inputs.shape[1]):
        example = task.describe(batch, own)
        one, other = example.inputs.split("+")
        found.append((int(one), int(other), int(example.target)))
    return found


@pytest.mark.parametrize("reverse_source", [True, False])
def test_every_result_is_the_sum(reverse_source: bool) -> None:
    task = add_strings(reverse_source=reverse_source)
    assert all(one + other == result for one, other, result in questions(task, task.training_batch(0, 2000)))


def test_a_reversed_question_begins_with_the_units_of_the_second_number() -> None:
    task = add_strings()
    batch = task.training_batch(0, 50)
    for own, (_, other, _) in enumerate(questions(task, batch)):
        assert task.inputs.names[batch.inputs[0, own]] == str(other)[-1]


def test_held_out_questions_never_train_not_even_with_the_numbers_swapped() -> None:
    task = add_strings(digits=2, examples=4500)
    training = [frozenset(question[:2]) for question in questions(task, task.training_batch(0, 4500))]
    held_out = [frozenset(question[:2]) for question in questions(task, task.validation())]
    assert len(set(training)) == 4500
    assert len(set(held_out)) == 500
    assert set(training).isdisjoint(held_out)


def test_fifty_thousand_different_questions_train() -> None:
    task = add_strings()
    found = {frozenset(question[:2]) for question in questions(task, task.training_batch(0, 50_000))}
    assert len(found) == 50_000


def test_of_short_numbers_all_questions_are_used() -> None:
    """There are 10 * 11 / 2 sums of two digits; a fifth of them is held out."""
    task = add_strings(digits=1)
    assert task.validation().inputs.shape == (3, 11)
    found = questions(task, task.training_batch(0, 44)) + questions(task, task.validation())
    assert {tuple(sorted(question[:2])) for question in found} == {(a, b) for b in range(10) for a in range(b + 1)}


def test_numbers_of_each_count_of_digits_are_as_likely() -> None:
    """A ninth of the numbers is drawn with nine digits, of which nine in ten do not begin with 0."""
    task = add_strings(digits=9, examples=10_000)
    numbers = np.array([question[:2] for question in questions(task, task.training_batch(0, 10_000))]).ravel()
    assert np.mean(numbers >= 10**8) == pytest.approx(0.1, abs=4 * (0.1 * 0.9 / 20_000) ** 0.5)


def test_an_even_guess_scores_its_baseline() -> None:
    task = add_strings()
    batch = task.validation()
    even_guess, _ = task.baselines()
    assert even_guess.value == pytest.approx(log(11))
    logits = np.zeros((*batch.targets.shape, 11))
    assert task.metrics(logits, batch)["cross-entropy"] == pytest.approx(even_guess.value)


def test_the_unigram_scores_the_shares_of_training() -> None:
    task = add_strings(digits=2, examples=200)
    training, batch = task.training_batch(0, 200), task.validation()
    assert training.valid is not None
    counts = np.bincount(training.targets[training.valid], minlength=11) + 1
    logits = np.broadcast_to(np.log(counts), (*batch.targets.shape, 11))
    _, unigram = task.baselines()
    assert task.metrics(logits, batch)["cross-entropy"] == pytest.approx(unigram.value)


def test_the_longest_question_and_result_give_the_length() -> None:
    assert add_strings(digits=3).length == len("999+999") + len("1998") + 1
