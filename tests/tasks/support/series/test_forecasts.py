import numpy as np
import pytest

from workbench.tasks.support.series import forecasts
from workbench.tasks.support.series.forecasts import (
    Record,
    find_period,
    linear_window,
    mean,
    normalised_error,
    persistence,
    seasonal,
    spread_evenly,
)


def record(series: np.ndarray, horizon: int = 1, split: int = 150) -> Record:
    judged = np.arange(split - horizon, len(series) - horizon)
    return Record(series[:-horizon], series[horizon:], np.arange(19, split - horizon), judged)


def walk(columns: int = 1, steps: int = 200) -> np.ndarray:
    return np.random.default_rng(0).normal(size=(steps, columns)).cumsum(axis=0)


def test_the_normalised_error_of_the_own_mean_is_1_and_that_of_the_truth_0() -> None:
    due = walk(3)
    deviation = due.std(axis=0)
    assert normalised_error(np.broadcast_to(due.mean(axis=0), due.shape), due, deviation) == pytest.approx(1)
    assert normalised_error(due, due, deviation) == 0


def test_the_normalised_error_is_the_root_mean_square_error_in_deviations() -> None:
    predicted, due = np.array([[1.0], [2.0], [6.0]]), np.array([[1.0], [4.0], [2.0]])
    assert normalised_error(predicted, due, np.array([2.0])) == pytest.approx(np.sqrt((0 + 4 + 16) / 3) / 2)


@pytest.mark.parametrize("horizon", [1, 7])
def test_persistence_repeats_the_value_read_last(horizon: int) -> None:
    series = walk()
    errors = [series[row, 0] - series[row - horizon, 0] for row in range(150, 200)]
    found = persistence(record(series, horizon), horizon)
    assert found.value == pytest.approx(np.mean(np.square(errors)))
    assert found.metric == pytest.approx(np.sqrt(found.value) / series[150:].std())


@pytest.mark.parametrize(("horizon", "back"), [(1, 12), (12, 12), (13, 24), (30, 36)])
def test_the_seasonal_forecast_is_the_latest_value_read_that_lies_whole_periods_back(horizon: int, back: int) -> None:
    series = walk()
    errors = [series[row, 0] - series[row - back, 0] for row in range(150, 200)]
    assert seasonal(record(series, horizon), horizon, 12).value == pytest.approx(np.mean(np.square(errors)))


def test_the_mean_is_that_of_the_training_targets() -> None:
    series = walk()
    expected = np.mean((series[150:] - series[20:150].mean()) ** 2)
    assert mean(record(series)).value == pytest.approx(expected)


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("horizon", [1, 5])
def test_the_linear_window_is_the_regression_of_scikit_learn(horizon: int, columns: int) -> None:
    models = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is not installed")
    series = walk(columns)
    rows = [series[row - horizon - 19 : row - horizon + 1].ravel() for row in range(19 + horizon, 200)]
    learnt = 150 - 19 - horizon
    model = models.LinearRegression().fit(rows[:learnt], series[19 + horizon : 150])
    expected = np.mean((model.predict(rows[learnt:]) - series[150:]) ** 2)
    assert linear_window(record(series, horizon)).value == pytest.approx(expected, rel=1e-5)


def test_a_line_through_20_values_continues_a_wave_without_error() -> None:
    wave = np.sin(np.arange(200) / 3)[:, None]
    assert linear_window(record(wave)).value == pytest.approx(0, abs=1e-12)


def test_the_linear_window_is_fitted_to_a_bounded_number_of_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasts, "MOST_FITTED", 40)
    found = linear_window(record(walk()))
    assert "on 40 training windows" in found.formula
    assert found.value < 10


def test_many_columns_are_fitted_to_fewer_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forecasts, "MOST_NUMBERS", 41 * 60)
    assert "on 60 training windows" in linear_window(record(walk(2))).formula


def test_numbers_are_spread_evenly_from_the_first_to_the_last() -> None:
    assert spread_evenly(3, 7, 10).tolist() == [3, 4, 5, 6]
    assert spread_evenly(0, 101, 5).tolist() == [0, 25, 50, 75, 100]


@pytest.mark.parametrize("period", [4, 11, 30])
def test_a_period_is_found_under_trend_and_noise(period: int) -> None:
    time = np.arange(300)
    noise = np.random.default_rng(1).normal(size=300)
    series = np.sin(2 * np.pi * time / period) + 0.3 * noise + 0.05 * time
    assert find_period(series[:, None]) == period


def test_the_double_of_a_period_that_fits_a_little_better_is_not_taken() -> None:
    time = np.arange(3_000)
    series = np.sin(2 * np.pi * time / 10) + 0.15 * np.sin(2 * np.pi * time / 20)
    assert find_period(series[:, None]) == 10


def test_the_period_of_several_columns_is_the_one_they_share() -> None:
    time = np.arange(300)
    columns = np.stack([np.sin(2 * np.pi * time / 12), 100 * np.cos(2 * np.pi * time / 12)], axis=1)
    assert find_period(columns) == 12


@pytest.mark.parametrize(
    "series",
    [
        np.random.default_rng(2).normal(size=(500, 1)),
        np.arange(50.0)[:, None],
        np.ones((50, 1)),
        np.array([[1.0], [2.0]]),
        np.array([[1.0]]),
    ],
    ids=["noise", "a line", "a constant", "two rows", "one row"],
)
def test_what_does_not_repeat_itself_has_no_period(series: np.ndarray) -> None:
    assert find_period(series) is None


def test_the_autocorrelation_is_the_sum_of_products_by_definition() -> None:
    series = np.sin(np.arange(40) ** 1.1)[:, None]
    time = np.arange(40)
    level = series[:, 0] - np.polyval(np.polyfit(time, series[:, 0], 1), time)
    expected = [np.sum(level[lag:] * level[: 40 - lag]) / np.sum(level**2) for lag in range(21)]
    assert forecasts._autocorrelation(series) == pytest.approx(expected, abs=1e-12)
