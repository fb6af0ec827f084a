"""A series of the user's own; how files are read is tested beside ``tables``."""

from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from workbench.tasks import TaskError
from workbench.tasks.series import Series, SeriesSettings
from workbench.tasks.support.series.sunspots import read_sunspots


def wave(rows: int = 400) -> np.ndarray:
    time = np.arange(rows)
    noise = np.random.default_rng(0).normal(size=rows)
    return np.stack([10 + 3 * np.sin(2 * np.pi * time / 12) + 0.2 * noise, 500 - time, noise], axis=1)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "weather.csv"
    lines = [f"2001-01-01,{a:.4f},{b:.1f},{c:.4f}" for a, b, c in wave()]
    path.write_text("\n".join(["day,heat,fall,noise", *lines]) + "\n")
    return path


def series(path: Path | str = "", seed: int = 0, **settings: object) -> Series:
    return SeriesSettings.model_validate({"path": str(path), **settings}).build(seed)


def test_the_named_columns_are_read_and_predicted(table: Path) -> None:
    task = series(table, columns="noise, heat")
    assert task.inputs.names == ("noise", "heat")
    assert task.outputs == 2
    values = task.target_scaling.undo(task.split.series)
    assert values == pytest.approx(wave()[:, [2, 0]], abs=1e-4)
    assert task.training_batch(0, 4).targets.shape == (50, 4, 2)


def test_the_first_column_of_numbers_is_taken_when_none_is_named(table: Path) -> None:
    assert series(table).inputs.names == ("heat",)


def test_the_last_fifth_is_held_out_and_scaling_knows_the_training_part_alone(table: Path) -> None:
    task = series(table, columns="fall")
    assert (task.split.split, task.split.held_out) == (320, 80)
    assert task.split.series[:320].mean() == pytest.approx(0, abs=1e-9)
    assert task.split.series[:320].std() == pytest.approx(1)
    ranged = series(table, columns="fall", scaling="range").split.series
    assert (ranged[0, 0], ranged[319, 0]) == pytest.approx((1, -1))
    assert series(table, columns="fall", scaling="none").split.series[:, 0] == pytest.approx(500 - np.arange(400))


def test_the_share_held_out_can_be_chosen(table: Path) -> None:
    held_out = series(table, held_out=0.5).validation()
    assert held_out.valid is not None
    assert held_out.valid.sum() == 200


def test_baselines_are_computed_on_the_users_numbers(table: Path) -> None:
    baselines = {baseline.name: baseline for baseline in series(table, columns="heat").baselines()}
    assert list(baselines) == ["mean", "persistence", "seasonal", "linear window of 20"]
    assert "period 12" in baselines["seasonal"].formula
    read = np.array([float(line.split(",")[1]) for line in table.read_text().splitlines()[1:]])
    scale = read[:320].std()
    assert baselines["persistence"].value == pytest.approx(np.mean((read[320:] - read[319:-1]) ** 2) / scale**2)
    assert baselines["seasonal"].value == pytest.approx(np.mean((read[320:] - read[308:-12]) ** 2) / scale**2)


def test_a_series_without_a_period_has_no_seasonal_baseline(table: Path) -> None:
    names = [baseline.name for baseline in series(table, columns="noise").baselines()]
    assert names == ["mean", "persistence", "linear window of 20"]


def test_a_period_of_the_held_out_part_alone_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "late.csv"
    values = np.random.default_rng(0).normal(size=400)
    values[320:] += 100 * np.sin(2 * np.pi * np.arange(80) / 12)
    path.write_text("x\n" + "\n".join(map(str, values)) + "\n")
    assert "seasonal" not in [baseline.name for baseline in series(path).baselines()]


def test_rows_of_several_columns_are_shown_in_brackets(table: Path) -> None:
    example = series(table, columns="heat,fall").preview(1)[0]
    assert example.inputs.startswith("(")
    assert example.target.count("(") == 3


def test_without_a_file_the_sunspot_record_is_the_example() -> None:
    task = series()
    assert "an example until you choose a file" in task.protocol
    assert task.target_scaling.undo(task.split.series) == pytest.approx(read_sunspots()[0])
    assert list(task.data_hashes()) == ["sunspots.csv"]


def test_the_hash_of_the_file_belongs_to_the_task(table: Path) -> None:
    digest = sha256(table.read_bytes()).hexdigest()
    assert series(table).data_hashes() == {"weather.csv": digest}
    assert series(table, sha256=digest).data_hashes() == {"weather.csv": digest}


def test_a_file_that_has_changed_is_refused_with_both_hashes(table: Path) -> None:
    former = sha256(table.read_bytes()).hexdigest()
    table.write_text(table.read_text() + "2001-01-01,1,2,3\n")
    now = sha256(table.read_bytes()).hexdigest()
    with pytest.raises(TaskError, match=rf"weather\.csv is no longer .* {former[:8]} and now begins with {now[:8]}"):
        series(table, sha256=former)


def test_a_file_that_vanished_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TaskError, match="There is no file"):
        series(tmp_path / "gone.csv")


def test_a_hash_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError):
        SeriesSettings(sha256="abc")


def test_too_few_rows_get_a_sentence_with_the_numbers(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("x\n" + "\n".join(map(str, range(60))) + "\n")
    with pytest.raises(
        TaskError, match=r"short\.csv has 60 rows: 48 to train on and 12 held out.*need 51 to train on.*task\.length"
    ):
        series(path)
    assert series(path, length=40).validation().inputs.shape[0] == 40


def test_the_linear_window_needs_its_20_rows_however_short_the_length(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("x\n" + "\n".join(map(str, range(24))) + "\n")
    with pytest.raises(TaskError, match=r"A horizon of 1 needs 21 to train on.*Change task\.horizon or task\.held_out"):
        series(path, length=4)
    assert series(path, length=4, held_out=0.1).validation().inputs.shape[0] == 4


def test_fewer_rows_than_any_setting_can_use_ask_for_more_rows_alone(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("x\n" + "\n".join(map(str, range(10))) + "\n")
    with pytest.raises(TaskError, match=r"has 10 rows, and a horizon of 1 needs 23 at the least\. Give more rows\.$"):
        series(path)
    with pytest.raises(TaskError, match=r"needs 25 at the least\. Give more rows, or lower task\.horizon\.$"):
        series(path, horizon=3)


def test_the_fewest_rows_that_do_are_enough_for_every_part(tmp_path: Path) -> None:
    path = tmp_path / "short.csv"
    path.write_text("x\n" + "\n".join(f"{value % 7}" for value in range(23)) + "\n")
    task = series(path, length=4, held_out=0.1)
    assert (task.split.split, task.split.places) == (21, 17)
    assert task.training_batch(0, 64).inputs.shape == (4, 64, 1)
    assert len(task.baselines()) >= 3
    assert "free-running NRMSE" in task.free_running(lambda values, state: (values, state))


def test_a_held_out_part_that_never_changes_still_has_scores(tmp_path: Path) -> None:
    path = tmp_path / "flat.csv"
    path.write_text("x\n" + "\n".join(f"{value % 7 if value < 80 else 3}" for value in range(100)) + "\n")
    task = series(path)
    assert [baseline.metric for baseline in task.baselines()] == pytest.approx(
        [np.sqrt(baseline.value) for baseline in task.baselines()]
    )


def test_a_column_that_never_changes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "flat.csv"
    path.write_text("x\n" + "3\n" * 100)
    with pytest.raises(TaskError, match='Column "x" is 3 in every row that trains'):
        series(path)


def test_a_column_named_twice_is_refused(table: Path) -> None:
    with pytest.raises(TaskError, match='Column "heat" stands twice'):
        series(table, columns="heat,fall,heat")


def test_arrays_of_numpy_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "series.npz"
    np.savez(path, x=wave()[:, 0])
    task = series(path)
    assert task.target_scaling.undo(task.split.series)[:, 0] == pytest.approx(wave()[:, 0])
