from typing import Any

import numpy as np
import pytest

from workbench.tasks.mackey_glass import MackeyGlass, MackeyGlassSettings
from workbench.tasks.sine import SineSettings
from workbench.tasks.support.series.task import FREE_NAME


@pytest.fixture(scope="module")
def task() -> MackeyGlass:
    return MackeyGlassSettings(length=40).build(0)


def test_the_truth_has_no_error_and_the_mean_of_the_targets_an_nrmse_of_1(task: MackeyGlass) -> None:
    held_out = task.validation()
    assert task.metrics(held_out.targets, held_out) == {"NRMSE": 0.0, "mse": 0.0}
    level = np.full_like(held_out.targets, held_out.targets[held_out.valid].mean())
    scores = task.metrics(level, held_out)
    assert scores["NRMSE"] == pytest.approx(1)
    assert scores["mse"] == pytest.approx(held_out.targets[held_out.valid].var())


def test_steps_that_do_not_count_change_no_score(task: MackeyGlass) -> None:
    held_out = task.validation()
    assert held_out.valid is not None
    outputs = np.where(held_out.valid[:, :, None], held_out.targets, 1e6)
    assert task.metrics(outputs, held_out)["mse"] == 0


def test_repeating_the_input_scores_the_persistence_baseline(task: MackeyGlass) -> None:
    held_out = task.validation()
    persistence = next(baseline for baseline in task.baselines() if baseline.name == "persistence")
    scores = task.metrics(held_out.inputs, held_out)
    assert scores["mse"] == pytest.approx(persistence.value)
    assert scores["NRMSE"] == pytest.approx(persistence.metric)


def test_a_network_that_repeats_its_input_runs_freely_on_the_last_true_value(task: MackeyGlass) -> None:
    course = task.course()
    assert course is not None
    errors = course.due - course.read[-1]
    expected = np.sqrt(np.mean((errors / task.deviation) ** 2))
    found = task.free_running(lambda values, state: (values, state))
    assert found[FREE_NAME] == pytest.approx(expected)


def test_a_network_that_knows_the_wave_runs_freely_without_error() -> None:
    """x(t+1) = r x(t) - x(t-1), r = 2 cos(2 pi / period), found from three values: exact for one wave without noise."""

    def predict(values: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        before, ratio = state if state is not None else ([], None)
        before = [*before, values[:, 0]]
        if len(before) < 3:
            return np.zeros_like(values), (before, None)
        if ratio is None:
            best = np.abs(before[1])
            ratio = np.divide(before[2] + before[0], before[1], where=best > 1e-3, out=np.zeros_like(best))
        return (ratio * before[-1] - before[-2])[:, None], (before, ratio)

    assert SineSettings(length=10).build(3).free_running(predict)[FREE_NAME] < 1e-6


def test_predictions_that_run_away_score_a_number(task: MackeyGlass) -> None:
    found = task.free_running(lambda values, state: (values.astype(np.float32) * 1e30, state))
    assert 50 < found[FREE_NAME] <= 101 * 1.5


def test_a_horizon_above_1_does_not_run_freely() -> None:
    task = MackeyGlassSettings(horizon=6).build(0)
    assert task.course() is None
    assert task.free_running(lambda values, state: (values, state)) == {}
    assert "Running freely" not in task.protocol


def test_numbers_are_shown_in_their_own_unit(task: MackeyGlass) -> None:
    batch = task.training_batch(0, 1)
    own = task.target_scaling.undo(batch.targets[:, 0])[:, 0]
    example = task.describe(batch, 0)
    assert example.target == f"… {own[-3]:.3f} {own[-2]:.3f} {own[-1]:.3f}"
    assert example.inputs.split()[-1] == f"{own[-2]:.3f}"
    assert example.inputs.split()[3] == "…"


def test_a_reading_says_the_error_of_the_steps_that_count(task: MackeyGlass) -> None:
    batch = task.training_batch(0, 1)
    outputs = batch.targets[:, 0].copy()
    outputs[: task.context] += 100
    outputs[task.context :] += 0.5 * task.deviation
    reading = task.reading(task.describe(batch, 0), outputs, batch.targets[:, 0])
    assert reading.note == "NRMSE 0.5 in this window"
    assert reading.correct is None
