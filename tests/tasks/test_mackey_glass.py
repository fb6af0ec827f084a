import numpy as np
import pytest

from workbench.tasks.mackey_glass import MackeyGlass, MackeyGlassSettings
from workbench.tasks.support.series.delay_equation import mackey_glass


def task(seed: int = 0, **settings: int) -> MackeyGlass:
    return MackeyGlassSettings.model_validate(settings).build(seed)


def test_the_series_solves_the_equation_from_each_value_on() -> None:
    """Over one unit of time, x goes on as the integral of its equation, by Simpson's rule on a step-1 grid."""
    built = task()
    x = built.target_scaling.undo(built.split.series)[:, 0]
    delayed = x[:-17]
    slopes = 0.2 * delayed / (1 + delayed**10) - 0.1 * x[17:]
    simpson = (slopes[:-2] + 4 * slopes[1:-1] + slopes[2:]) / 3
    assert x[19:] - x[17:-2] == pytest.approx(simpson, abs=2e-3)


def test_the_seed_draws_another_stretch_of_the_same_attractor() -> None:
    one, other = (task(seed).target_scaling.undo(task(seed).split.series) for seed in (1, 2))
    assert np.abs(one - other).max() > 0.5
    assert one.mean() == pytest.approx(other.mean(), abs=0.01)
    assert one.std() == pytest.approx(other.std(), abs=0.01)


def test_the_training_part_has_mean_0_and_deviation_1() -> None:
    split = task().split
    assert split.series[: split.split].mean() == pytest.approx(0, abs=1e-9)
    assert split.series[: split.split].std() == pytest.approx(1)


def test_a_step_of_6_keeps_every_sixth_value() -> None:
    coarse, fine = task(step=6), task()
    values = coarse.target_scaling.undo(coarse.split.series)[:300, 0]
    assert fine.target_scaling.undo(fine.split.series)[: 300 * 6 : 6, 0] == pytest.approx(values, abs=1e-6)


def test_a_constant_history_above_the_equilibrium_settles_on_it_when_the_delay_is_short() -> None:
    """x = 0.2 x / (1 + x^10) / 0.1 has the solution 1; below a delay of about 4.5 it is stable, and 10 oscillates."""
    assert mackey_glass(1.1, 2, 2_000)[-1] == pytest.approx(1)
    assert mackey_glass(1.1, 10, 2_000)[-200:].std() > 0.1


@pytest.mark.parametrize(
    ("horizon", "expected", "tolerance"), [(1, 0.00058, 0.00003), (6, 0.116, 0.004), (84, 0.535, 0.03)]
)
def test_the_linear_window_scores_what_it_is_known_to(horizon: int, expected: float, tolerance: float) -> None:
    """About 0.0005, 0.11 and 0.55 for series of this kind; ours, over seeds, 0.00057, 0.115 and 0.53."""
    linear = task(horizon=horizon).baselines()[-1]
    assert linear.name == "linear window of 20"
    assert linear.metric == pytest.approx(expected, abs=tolerance)


def test_every_baseline_there_is_for_a_series_is_drawn() -> None:
    names = [baseline.name for baseline in task().baselines()]
    assert names == ["mean", "persistence", "seasonal", "linear window of 20"]
