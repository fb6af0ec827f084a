import numpy as np
import pytest

from workbench.tasks.sine import Sine, SineSettings


def task(seed: int = 0, **settings: float) -> Sine:
    return SineSettings.model_validate(settings).build(seed)


def test_one_wave_without_noise_obeys_the_equation_of_a_pendulum() -> None:
    """x(t+1) + x(t-1) = 2 cos(2 pi / period) x(t), with a period from 5 to 25 for each sequence."""
    x = task().training_batch(0, 50).inputs[:, :, 0]
    for wave in x.T:
        ratio = np.dot(wave[2:] + wave[:-2], wave[1:-1]) / np.dot(wave[1:-1], wave[1:-1])
        assert wave[2:] + wave[:-2] == pytest.approx(ratio * wave[1:-1], abs=1e-9)
        assert 5 <= 2 * np.pi / np.arccos(ratio / 2) <= 25


def test_the_target_is_the_next_value() -> None:
    batch = task(noise=0.5).training_batch(3, 4)
    assert np.array_equal(batch.targets[:-1], batch.inputs[1:])


def test_several_waves_have_the_deviation_of_one() -> None:
    for waves in (1, 3, 5):
        values = task(waves=waves).training_batch(0, 1024).inputs
        assert values.std() == pytest.approx(np.sqrt(0.5), abs=0.02)
        assert np.abs(values).max() <= np.sqrt(waves)


def test_noise_has_its_deviation_and_is_the_floor() -> None:
    noisy = task(noise=0.5)
    (known,) = [baseline for baseline in noisy.baselines() if baseline.name == "the waves, known"]
    values = noisy.training_batch(0, 1024).inputs
    assert values.var() == pytest.approx(0.5 + 0.25, abs=0.02)
    assert known.value == 0.25
    assert known.metric == pytest.approx(np.sqrt(0.25 / 0.75), abs=0.01)
    assert noisy.solved_below is not None
    assert noisy.solved_below > known.value
    assert all(baseline.name != "the waves, known" for baseline in task().baselines())


def test_baselines_are_judged_on_the_targets_that_validation_counts() -> None:
    built = task(length=12, noise=0.1)
    held_out = built.validation()
    assert np.array_equal(built.record.due.reshape(256, 9), held_out.targets[3:, :, 0].T)
    persistence = built.baselines()[1]
    assert built.metrics(held_out.inputs, held_out)["mse"] == pytest.approx(persistence.value)


def test_running_freely_takes_sequences_of_their_own() -> None:
    course = task(length=30).course()
    assert course.read.shape == (30, 32, 1)
    assert course.due.shape == (50, 32, 1)
    held_out = task(length=30).validation().inputs
    assert not np.isin(course.read[0], held_out).any()
