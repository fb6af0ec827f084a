from hashlib import sha256

import numpy as np
import pytest

from workbench.resources import resource_path
from workbench.tasks import TaskError
from workbench.tasks.sunspots import Sunspots, SunspotsSettings
from workbench.tasks.support.series import sunspots
from workbench.tasks.support.series.sunspots import read_sunspots


def task(**settings: int) -> Sunspots:
    return SunspotsSettings.model_validate(settings).build(0)


def test_the_record_is_the_classic_one() -> None:
    """1749 and 1983 as in R's sunspot.year, no spot in 1810, the highest cycle of all in 1957."""
    numbers, digest = read_sunspots()
    years = {1700: 5.0, 1749: 80.9, 1810: 0.0, 1957: 190.2, 1983: 66.6, 2008: 2.9}
    assert {year: numbers[year - 1700, 0] for year in years} == years
    assert numbers[:, 0].argmax() == 257
    assert digest == sha256(resource_path("data", "sunspots.csv").read_bytes()).hexdigest()


def test_1700_to_1920_train_and_1921_to_1955_are_held_out() -> None:
    numbers, _ = read_sunspots()
    built = task()
    held_out = built.validation()
    counted = built.target_scaling.undo(held_out.targets[held_out.valid])[:, 0]
    assert sorted(counted.round(1)) == sorted(numbers[221:256, 0])
    seen = built.target_scaling.undo(built.training_batch(0, 4_000).targets)
    assert seen.max() == pytest.approx(numbers[:221].max())
    assert np.isclose(seen, numbers[220, 0]).any()
    assert built.target_scaling.shift[0] == pytest.approx(numbers[:221].mean())


def test_the_record_may_be_held_out_to_its_end() -> None:
    held_out = task(last_year=2008).validation()
    assert held_out.valid is not None
    assert held_out.valid.sum() == 88


def test_the_season_is_that_of_11_years() -> None:
    seasonal = task().baselines()[2]
    assert (seasonal.name, seasonal.formula) == ("seasonal", "y(t+1) = y(t+1-11), period 11")
    numbers = read_sunspots()[0][:256, 0]
    errors = (numbers[221:] - numbers[210:245]) / numbers[:221].std()
    assert seasonal.value == pytest.approx(np.mean(errors**2))


def test_the_linear_window_is_better_than_season_and_persistence() -> None:
    mean, persistence, seasonal, linear = task().baselines()
    assert linear.metric < 0.4 < seasonal.metric < persistence.metric < mean.metric


def test_every_horizon_and_length_that_settings_allow_has_windows() -> None:
    built = task(horizon=30, length=160)
    assert built.training_batch(0, 5).inputs.shape == (160, 5, 1)
    assert np.isfinite([baseline.metric for baseline in built.baselines()]).all()


def test_a_damaged_record_gets_a_sentence(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sunspots, "resource_path", lambda *_: resource_path("data", "README.md"))
    with pytest.raises(TaskError, match="Install the workbench again"):
        read_sunspots.__wrapped__()
