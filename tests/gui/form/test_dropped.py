"""What a dropped file means: an experiment, a cell, or data to learn; and data too short are made to fit."""

from pathlib import Path

import pytest

from tests.gui.support import small_experiment
from workbench.errors import WorkbenchError
from workbench.gui.form.dropped import SMALL, experiment_for, fitted, is_own_data, one_of_several, words_on_fitting
from workbench.lab.building import prepare
from workbench.lab.experiment import CellText, Experiment, save_experiment
from workbench.tasks import TaskError

SENTENCE = "The sea is calm tonight. The tide is full. "


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", ["sea.txt", "sea", "sea.csv", "sea.parquet", "sea.npz", "sea.dat"])
def test_what_is_no_experiment_and_no_workbook_is_data(name: str) -> None:
    assert is_own_data(Path(name))


@pytest.mark.parametrize("name", ["own.toml", "own.TOML", "runs.rnnw", "runs.RNNW"])
def test_experiments_cells_and_workbooks_are_no_data(name: str) -> None:
    assert not is_own_data(Path(name))


def test_of_several_files_it_is_said_which_one_is_taken() -> None:
    assert one_of_several([Path("/a/one.csv")]) == ""
    said = one_of_several([Path("/a/one.csv"), Path("/a/two.csv")])
    assert said == "One file at a time: one.csv is taken, the others are not."


def test_an_experiment_file_is_loaded(tmp_path: Path) -> None:
    other = small_experiment(cell="gru", hidden=5)
    save_experiment(other, tmp_path / "other.toml")
    assert experiment_for(tmp_path / "other.toml", small_experiment()) == other


def test_a_cell_file_changes_the_cell_alone(tmp_path: Path) -> None:
    path = file(tmp_path, "leaky.toml", 'title = "Leaky"\nstates = ["s"]\nequations = "s = 0.9 * s + tanh(W_sx @ x)"')
    made = experiment_for(path, small_experiment())
    assert isinstance(made.cell, CellText)
    assert made.cell.title == "Leaky"
    assert made.task == small_experiment().task


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("runs.rnnw", b"SQLite format 3\x00", "is a workbook"),
        ("broken.toml", "hidden = ", "not valid TOML"),
        ("wrong.toml", 'cell = "lstm"\nhidden = 0\n[task]\nname = "adding"', "hidden: must be at least 1"),
        ("bad_cell.toml", 'states = ["s"]\nequations = "s = tahn(x)"', "did you mean tanh?"),
        ("missing.toml", None, "missing.toml"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: str | bytes | None, words: str
) -> None:
    path = tmp_path / name if content is None else file(tmp_path, name, content)
    with pytest.raises(WorkbenchError) as refusal:
        experiment_for(path, small_experiment())
    assert words in str(refusal.value)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "texts.toml").mkdir()
    with pytest.raises(WorkbenchError, match="it is no file"):
        experiment_for(tmp_path / "texts.toml", small_experiment())


# Data too short.


def learning(path: Path, **task: object) -> Experiment:
    return small_experiment(batch=32, task={"name": "language-model", "path": str(path), **task})


def test_a_text_that_is_long_enough_changes_nothing(tmp_path: Path) -> None:
    wanted = learning(file(tmp_path, "sea.txt", SENTENCE * 200))
    assert fitted(wanted, 9000, prepare) == wanted
    assert words_on_fitting(wanted, wanted) == ""


@pytest.mark.parametrize("length", [80, 300, 1000])
def test_a_short_text_shortens_what_it_takes_to_train(tmp_path: Path, length: int) -> None:
    wanted = learning(file(tmp_path, "short.txt", (SENTENCE * 50)[:length]))
    made = fitted(wanted, length, prepare)
    prepare(made)
    assert made.values()["task"]["length"] < wanted.values()["task"]["length"]
    assert made.hidden == wanted.hidden


def test_what_was_shortened_is_said(tmp_path: Path) -> None:
    wanted = learning(file(tmp_path, "short.txt", (SENTENCE * 50)[:80]))
    made = fitted(wanted, 80, prepare)
    length = made.values()["task"]["length"]
    assert words_on_fitting(wanted, made) == (
        f"The file is short: length {length} in place of 100 and batch {made.batch} in place of 32."
    )


def test_few_rows_shorten_the_windows_of_a_series(tmp_path: Path) -> None:
    path = file(tmp_path, "few.csv", "level\n" + "".join(f"{row % 7}.5\n" for row in range(60)))
    wanted = small_experiment(task={"name": "series", "path": str(path), "columns": "level"})
    prepare(fitted(wanted, 240, prepare))


def test_what_no_shortening_helps_is_refused_with_the_first_sentence(tmp_path: Path) -> None:
    wanted = learning(file(tmp_path, "tiny.txt", "abc"))
    with pytest.raises(TaskError, match="length 100 needs at least"):
        fitted(wanted, 3, prepare)


def test_a_large_file_is_tried_once(tmp_path: Path) -> None:
    tried: list[Experiment] = []

    def refuse(experiment: Experiment) -> None:
        tried.append(experiment)
        raise TaskError("This file has a wrong value.")

    with pytest.raises(TaskError, match="wrong value"):
        fitted(learning(tmp_path / "large.txt"), SMALL + 1, refuse)
    assert len(tried) == 1
