"""What a dropped file means: a text, a cell, an experiment, or nothing."""

from pathlib import Path

import pytest

from tests.gui.support import small_experiment
from workbench.errors import WorkbenchError
from workbench.gui.form.dropped import experiment_for, note_for
from workbench.lab.building import prepare
from workbench.lab.experiment import CellText, save_experiment

SENTENCE = "The sea is calm tonight. The tide is full. "


def file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", ["sea.txt", "sea.md", "sea", "sea.csv", "sea.tsv"])
def test_a_text_is_learned_by_the_language_model(tmp_path: Path, name: str) -> None:
    path = file(tmp_path, name, SENTENCE * 200)
    made = experiment_for(path, small_experiment(hidden=12))
    assert made.task.model_dump() == {"name": "language-model", "path": str(path), "length": 100, "vocabulary": 256}
    assert made.hidden == 12
    prepare(made)


@pytest.mark.parametrize("length", [80, 300, 1000])
def test_a_short_text_shortens_what_it_takes_to_train(tmp_path: Path, length: int) -> None:
    path = file(tmp_path, "short.txt", (SENTENCE * 50)[:length])
    prepare(experiment_for(path, small_experiment(batch=32)))


def test_settings_of_the_language_model_in_use_are_kept(tmp_path: Path) -> None:
    current = small_experiment(task={"name": "language-model", "length": 20, "vocabulary": 50})
    made = experiment_for(file(tmp_path, "sea.txt", SENTENCE * 200), current)
    assert made.values()["task"] | {"path": ""} == current.values()["task"]


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
        ("picture.png", b"\x89PNG\x00\x01", "not UTF-8 text"),
        ("latin.txt", b"caf\xe9 " * 50, "Save it as UTF-8"),
        ("empty.txt", "", "is empty"),
        ("blank.txt", " \n", "is empty"),
        ("tiny.txt", "abc", "longer text"),
        ("runs.rnnw", b"SQLite format 3\x00", "is a workbook"),
        ("broken.toml", "hidden = ", "not valid TOML"),
        ("wrong.toml", 'cell = "lstm"\nhidden = 0\n[task]\nname = "adding"', "hidden: must be at least 1"),
        ("bad_cell.toml", 'states = ["s"]\nequations = "s = tahn(x)"', "did you mean tanh?"),
        ("missing.txt", None, "There is no file"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(
    tmp_path: Path, name: str, content: str | bytes | None, words: str
) -> None:
    path = tmp_path / name if content is None else file(tmp_path, name, content)
    with pytest.raises(WorkbenchError) as refusal:
        experiment_for(path, small_experiment())
    assert words in str(refusal.value)


def test_a_folder_is_refused_whatever_its_name(tmp_path: Path) -> None:
    for name in ("texts", "texts.toml", "texts.txt"):
        (tmp_path / name).mkdir()
        with pytest.raises(WorkbenchError, match="is a folder"):
            experiment_for(tmp_path / name, small_experiment())


def table(delimiter: str, columns: str = "text label", rows: int = 40) -> str:
    lines = [columns.split(), *([f"a film number {row}", "bad" if row % 2 else "good"] for row in range(rows))]
    return "\n".join(delimiter.join(line) for line in lines)


@pytest.mark.parametrize(
    ("name", "mark", "delimiter"),
    [
        ("films.csv", ",", "comma"),
        ("films.CSV", ";", "semicolon"),
        ("films.tsv", "\t", "tab"),
        ("films.tsv", ",", "comma"),
    ],
)
def test_a_table_is_learned_by_the_sentiment_task_in_use(tmp_path: Path, name: str, mark: str, delimiter: str) -> None:
    path = file(tmp_path, name, table(mark))
    current = small_experiment(task={"name": "sentiment", "longest": 12})
    made = experiment_for(path, current)
    wanted = current.values()["task"] | {"path": str(path), "delimiter": delimiter}
    assert made.values()["task"] == wanted
    assert note_for(path, made) == (
        f"{name} is read as labelled sentences: those of the column “text”, with the labels of the column “label”."
    )
    prepare(made)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (table(",", "review label"), 'has no column "text"; it has "review", "label"'),
        (table(",", rows=4), "at least 20 are needed"),
        ("", "is empty"),
    ],
)
def test_a_table_that_the_sentiment_task_cannot_read_is_refused_with_its_sentence(
    tmp_path: Path, content: str, words: str
) -> None:
    with pytest.raises(WorkbenchError) as refusal:
        experiment_for(file(tmp_path, "films.csv", content), small_experiment(task={"name": "sentiment"}))
    assert words in str(refusal.value)


def test_it_is_said_that_a_table_is_read_as_text_by_other_tasks(tmp_path: Path) -> None:
    path = file(tmp_path, "prices.CSV", table(","))
    said = note_for(path, experiment_for(path, small_experiment()))
    assert said.startswith("prices.CSV is read as text")
    assert "choose the task Sentiment" in said
    assert note_for(Path("sea.txt"), small_experiment()) == ""
