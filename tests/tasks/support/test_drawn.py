import numpy as np
import pytest

from workbench.tasks import TaskError
from workbench.tasks.adding import Adding, AddingSettings
from workbench.tasks.parity import ParitySettings


def adding(length: int, test_length: int) -> Adding:
    return AddingSettings(length=length, test_length=test_length).build(0)


@pytest.mark.parametrize("test_length", [0, 30])
def test_a_task_that_is_tested_at_its_own_length_has_no_other_batches(test_length: int) -> None:
    assert adding(30, test_length).by_length() == {}


@pytest.mark.parametrize(("length", "test_length"), [(10, 80), (80, 10)])
def test_lengths_go_from_the_shorter_to_the_longer(length: int, test_length: int) -> None:
    tested = adding(length, test_length).by_length()
    assert (min(tested), max(tested)) == (10, 80)
    assert list(tested) == sorted(tested)
    assert {steps: batch.inputs.shape for steps, batch in tested.items()} == {n: (n, 64, 2) for n in tested}


def test_tested_sequences_stay_the_same_and_are_drawn_apart() -> None:
    task, again = adding(20, 40), adding(20, 40)
    tested = task.by_length()[20].inputs
    assert task.by_length()[20] is task.by_length()[20]
    assert np.array_equal(tested, again.by_length()[20].inputs)
    columns = {column.tobytes() for column in tested.transpose(1, 0, 2)}
    for other in (task.validation(), *(task.training_batch(step, 64) for step in range(5))):
        assert not columns & {column.tobytes() for column in other.inputs.transpose(1, 0, 2)}


def test_no_length_is_a_part_of_another() -> None:
    short, long = (adding(20, 40).by_length()[length].inputs for length in (20, 40))
    assert not np.array_equal(short, long[:20])


def test_a_test_length_that_is_too_short_is_refused_with_advice() -> None:
    with pytest.raises(TaskError, match=r"Sequences of 1 steps are too short.*Raise task.test_length."):
        adding(20, 1)


def test_a_longer_test_changes_no_training_batch() -> None:
    plain, tested = (ParitySettings(test_length=longest).build(4) for longest in (0, 500))
    assert np.array_equal(plain.training_batch(3, 5).inputs, tested.training_batch(3, 5).inputs)
    assert np.array_equal(plain.validation().inputs, tested.validation().inputs)
