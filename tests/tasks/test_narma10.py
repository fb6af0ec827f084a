import numpy as np
import pytest

from workbench.tasks.narma10 import Narma10, Narma10Settings


def task(length: int = 100, seed: int = 0) -> Narma10:
    return Narma10Settings(length=length).build(seed)


def test_the_target_is_the_output_one_step_after_the_input() -> None:
    """Within a window, each output follows from the outputs and inputs that the window itself shows."""
    built = task()
    batch = built.training_batch(5, 4)
    u, y = built.input_scaling.undo(batch.inputs)[:, :, 0], built.target_scaling.undo(batch.targets)[:, :, 0]
    for step in range(10, 100):
        past = y[step - 10 : step].sum(axis=0)
        expected = 0.3 * y[step - 1] + 0.05 * y[step - 1] * past + 1.5 * u[step - 9] * u[step] + 0.1
        assert y[step] == pytest.approx(expected, abs=1e-12)


def test_inputs_are_scaled_from_the_even_numbers_below_a_half() -> None:
    inputs = task().training_batch(0, 200).inputs
    assert np.abs(inputs).max() < np.sqrt(3)
    assert inputs.mean() == pytest.approx(0, abs=0.03)
    assert inputs.std() == pytest.approx(1, abs=0.03)


def test_targets_are_scaled_to_mean_0_and_deviation_1() -> None:
    targets = task().training_batch(0, 500).targets
    assert targets.mean() == pytest.approx(0, abs=0.05)
    assert targets.std() == pytest.approx(1, abs=0.05)


def test_the_first_quarter_gives_context_and_does_not_count() -> None:
    for batch in (task().training_batch(0, 3), task().validation()):
        assert batch.valid is not None
        assert not batch.valid[:25].any()
        assert batch.valid[25:].all()


def test_the_linear_window_of_inputs_scores_about_040() -> None:
    mean, linear = task().baselines()
    assert mean.metric == pytest.approx(1, abs=0.01)
    assert linear.metric == pytest.approx(0.40, abs=0.02)


def test_baselines_are_judged_on_the_targets_that_validation_counts() -> None:
    built = task(length=12)
    held_out = built.validation()
    assert held_out.valid is not None
    assert np.array_equal(built.record.due.reshape(256, 9), held_out.targets[:, :, 0][3:].T)
    assert built.record.fitted.max() < built.record.judged.min()
    read = built.record.inputs[built.record.judged]
    assert np.array_equal(read.reshape(256, 9), held_out.inputs[3:, :, 0].T)


def test_the_network_is_not_shown_the_outputs() -> None:
    built = task()
    assert built.inputs.names == ("u",)
    assert not built.predicts_next
    assert built.free_running(lambda values, state: (values, state)) == {}
