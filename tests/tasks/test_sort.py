from itertools import product

import numpy as np
import pytest

from workbench.tasks.sort import Sort, SortSettings, letters_at_places


def sort(seed: int = 0, **settings: int) -> Sort:
    return SortSettings.model_validate(settings).build(seed)


def test_each_row_is_written_in_order() -> None:
    batch = sort().training_batch(3, 64)
    assert batch.lengths is not None
    for own, length in enumerate(batch.lengths):
        assert (batch.targets[:length, own] - 1).tolist() == sorted(batch.inputs[:length, own])
        assert (batch.targets[length:, own] == 0).all()


@pytest.mark.parametrize(("length", "letters"), [(1, 3), (4, 3), (5, 2), (3, 6)])
def test_the_chances_of_a_place_are_those_of_counting_all_rows(length: int, letters: int) -> None:
    rows = np.sort(np.array(list(product(range(letters), repeat=length))), axis=1)
    counted = [np.bincount(place, minlength=letters) / len(rows) for place in rows.T]
    assert letters_at_places(length, letters) == pytest.approx(np.array(counted))


def test_chances_of_long_rows_stay_chances() -> None:
    chances = letters_at_places(1000, 26)
    assert chances.sum(axis=1) == pytest.approx(np.ones(1000))
    assert chances.min() > 0


def test_knowing_the_place_scores_its_baseline() -> None:
    task = sort(alphabet=4, length=5)
    batch = task.validation()
    assert batch.lengths is not None
    chances = np.zeros((*batch.targets.shape, 5))
    for own, length in enumerate(batch.lengths):
        chances[:length, own, 1:] = letters_at_places(int(length), 4)
        chances[length:, own, 0] = 1.0
    even_guess, place_alone = task.baselines()
    score = task.metrics(np.log(np.maximum(chances, 1e-300)), batch)["cross-entropy"]
    assert score == pytest.approx(place_alone.value)
    assert place_alone.value < even_guess.value


def test_results_are_kept_for_lengths_up_to_the_test_length() -> None:
    by_length = sort(length=5, test_length=8).by_length()
    assert list(by_length) == [5, 6, 7, 8]
    assert all((np.diff(batch.targets[:-1], axis=0) >= 0).all() for batch in by_length.values())


def test_a_preview_shows_letters() -> None:
    for example in sort().preview(5):
        assert example.target == "".join(sorted(example.inputs))
