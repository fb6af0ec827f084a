from math import log

import numpy as np
import pytest

from workbench.tasks.digits import Digits, DigitsSettings


def digits(seed: int = 0, **settings: object) -> Digits:
    return DigitsSettings.model_validate(settings).build(seed)


def test_the_images_are_those_of_scikit_learn() -> None:
    datasets = pytest.importorskip("sklearn.datasets", reason="scikit-learn is not installed")
    original = datasets.load_digits()
    held_out = digits().validation()
    images = held_out.inputs.transpose(1, 0, 2) * 16
    assert np.array_equal(images, original.images[1297:])
    assert np.array_equal(held_out.targets, original.target[1297:])


def test_pixels_and_rows_are_the_same_images() -> None:
    by_row, by_pixel = digits().training_batch(3, 5), digits(order="pixel").training_batch(3, 5)
    assert by_row.inputs.shape == (8, 5, 8)
    assert by_pixel.inputs.shape == (64, 5, 1)
    assert np.array_equal(by_row.inputs.transpose(1, 0, 2).ravel(), by_pixel.inputs.transpose(1, 0, 2).ravel())


def test_a_permutation_moves_the_pixels_of_all_images_alike() -> None:
    plain = digits(order="pixel").validation().inputs[:, :, 0]
    permuted = digits(order="pixel", permuted=True).validation().inputs[:, :, 0]
    assert not np.array_equal(plain, permuted)
    assert sorted(map(tuple, plain)) == sorted(map(tuple, permuted))


def test_another_seed_draws_another_permutation() -> None:
    one, other = (digits(seed, order="pixel", permuted=True).validation().inputs for seed in (0, 1))
    assert not np.array_equal(one, other)


def test_every_training_image_is_seen_once_an_epoch_and_no_held_out_one() -> None:
    task = digits()
    seen = task.training_batch(0, 1297)
    held_out = {sequence.tobytes() for sequence in task.validation().inputs.transpose(1, 0, 2)}
    shown = [sequence.tobytes() for sequence in seen.inputs.transpose(1, 0, 2)]
    assert len(set(shown)) == 1297
    assert held_out.isdisjoint(shown)


def test_an_even_guess_scores_ln_10() -> None:
    task = digits()
    even, linear = task.baselines()
    held_out = task.validation()
    assert even.value == pytest.approx(log(10))
    assert task.metrics(np.zeros((500, 10)), held_out)["cross-entropy"] == pytest.approx(even.value)
    assert linear.value < even.value


def test_the_linear_baseline_is_that_of_scikit_learn() -> None:
    """LogisticRegression(C=1, solver="newton-cg", tol=1e-6) of scikit-learn 1.9.1 on the same split."""
    linear = digits().baselines()[1]
    assert linear.value == pytest.approx(0.2935, abs=5e-4)
    assert linear.metric == pytest.approx(0.918, abs=0.003)


def test_a_preview_draws_the_image_whatever_the_order() -> None:
    drawn = digits(order="pixel", permuted=True).preview(1)[0]
    assert len(drawn.inputs.splitlines()) == 8
    assert drawn == digits().preview(1)[0]


def test_an_output_names_the_digit_and_its_probability() -> None:
    assert digits().describe_output(np.log(np.array([0.05] * 7 + [0.55, 0.05, 0.05]))) == "7, 0.55"


def test_the_hash_of_the_images_belongs_to_the_task() -> None:
    (digest,) = digits().data_hashes().values()
    assert len(digest) == 64
