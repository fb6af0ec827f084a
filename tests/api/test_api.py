"""The Python API."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import workbench
from workbench.api import Snapshot
from workbench.lab.errors import ExperimentError, NotAWorkbook
from workbench.training.errors import TrainingError

SMALL = {"cell": "lstm", "hidden": 4, "batch": 4, "steps": 60, "validate_every": 20, "backend": "numpy"}
TASK = {"name": "adding", "length": 6}


@pytest.fixture
def experiment() -> workbench.Experiment:
    return workbench.Experiment(**SMALL, task=TASK)  # type: ignore[arg-type]


def test_train_returns_the_run_with_the_numbers_of_every_step(experiment: workbench.Experiment, tmp_path: Path) -> None:
    run = workbench.train(experiment, workbook=tmp_path / "book.rnnw")
    assert run.status == "finished"
    assert run.scalars["loss"].shape == (60,)
    np.testing.assert_array_equal(run.scalars.steps, np.arange(1, 61))
    assert np.isfinite(run.scalars["gradient_norm"]).all()


def test_a_run_has_its_validations_metrics_and_baselines(experiment: workbench.Experiment, tmp_path: Path) -> None:
    run = workbench.train(experiment, workbook=tmp_path / "book.rnnw")
    assert set(range(20, 61, 20)) <= set(run.validations.steps.tolist())
    assert run.metrics["mse"] == pytest.approx(run.validations["loss"][-1], rel=1e-5)
    assert [baseline.value for baseline in run.baselines] == [
        pytest.approx(1 / 6)
    ]  # E(X - 1)^2, X a sum of two U(0, 1)


def test_the_film_holds_every_named_value_and_the_gradient_of_every_state(
    experiment: workbench.Experiment, tmp_path: Path
) -> None:
    run = workbench.train(experiment, workbook=tmp_path / "book.rnnw")
    snapshot = run.film[-1]
    assert snapshot.step == 60
    for name in ("f", "i", "o", "c", "h"):
        assert snapshot.arrays[f"values/1.{name}"].shape == (6, 4)
    for state in ("h", "c"):
        assert snapshot.arrays[f"gradient-norm/1.{state}"].shape == (6,)
        assert snapshot.arrays[f"gradient/1.{state}"].shape == (6, 4)
    assert [frame.step for frame in run.film] == list(run.film.steps)


def test_a_snapshot_says_in_words_what_the_network_answers(experiment: workbench.Experiment, tmp_path: Path) -> None:
    run = workbench.train(experiment, workbook=tmp_path / "book.rnnw")
    snapshot = run.film[-1]
    assert snapshot.words is not None
    assert snapshot.words.channels == ("number", "marker")
    assert snapshot.words.readings[0].answer == f"{float(snapshot.arrays['outputs'][0]):.3f}"


def test_a_snapshot_of_an_older_workbook_has_no_words() -> None:
    assert Snapshot(0, {"values/1.h": np.zeros((2, 3))}).words is None


def test_an_experiment_that_cannot_be_trained_leaves_no_workbook(
    experiment: workbench.Experiment, tmp_path: Path
) -> None:
    with pytest.raises(TrainingError):
        workbench.train(experiment.changed({"hidden": 16384, "batch": 65536}), workbook=tmp_path / "book.rnnw")
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_is_its_runs_by_number(experiment: workbench.Experiment, tmp_path: Path) -> None:
    path = tmp_path / "book.rnnw"
    first = workbench.train(experiment, workbook=path)
    second = workbench.train(experiment, workbook=path)
    with workbench.open_workbook(path) as runs:
        assert list(runs) == [first.id, second.id]
        np.testing.assert_array_equal(runs[1].scalars["loss"], runs[2].scalars["loss"])
        assert runs[2].experiment == experiment
        with pytest.raises(KeyError, match="there is no run 3"):
            runs[3]


def test_a_watcher_sees_the_run_grow(experiment: workbench.Experiment, tmp_path: Path) -> None:
    seen: list[int] = []
    workbench.train(experiment, tmp_path / "book.rnnw", watch=lambda record: seen.append(record.step))
    assert seen[-1] == 60
    assert seen == sorted(seen)


def test_it_is_safe_in_a_script_without_a_guard(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import workbench\n"
        f"run = workbench.train(workbench.Experiment(**{SMALL!r}, task={TASK!r}), workbook='book.rnnw')\n"
        "print(run.status, len(run.scalars['loss']))\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "finished 60\n"


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sys, workbench; print([name for name in ('numpy', 'pydantic') if name in sys.modules])"
    root = str(Path(__file__).resolve().parents[2])
    environment = os.environ | {"PYTHONPATH": root}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_wrong_field_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match="hidden: must be at least 1"):
        workbench.Experiment(cell="lstm", hidden=0, task=TASK)  # type: ignore[arg-type]


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    (tmp_path / "note.rnnw").write_text("a note")
    with pytest.raises(NotAWorkbook):
        workbench.open_workbook(tmp_path / "note.rnnw")
