"""Files dropped on the window: texts are learned, workbooks opened, experiments loaded, anything else is refused."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.form.support import drop
from tests.gui.support import PATIENCE, click, enter, small_experiment, status
from workbench.gui.window import MainWindow
from workbench.lab.experiment import save_experiment


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    return open_window()


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "rhyme.txt"
    path.write_text("the cat sat on the mat and the dog lay on the log. " * 40)
    return path


def _learns(window: MainWindow, text: Path) -> bool:
    task = window.context.draft.values["task"]
    return bool(task["name"] == "language-model" and task["path"] == str(text))


def test_a_text_dropped_on_the_window_trains(window: MainWindow, text: Path, qtbot: QtBot) -> None:
    assert drop(window, text)
    qtbot.waitUntil(lambda: _learns(window, text), timeout=PATIENCE)
    form = window.context.workspace.form
    for path, number in (("task.length", "10"), ("hidden", "8"), ("batch", "4"), ("steps", "40")):
        enter(form.row(path).editor, number, qtbot)
    click(window.tool_bar.main_button, qtbot)
    qtbot.waitUntil(lambda: status(window) == "finished", timeout=PATIENCE)
    record = window.context.session.runs.current_record
    assert record is not None
    assert record.step == 40


def test_a_text_dropped_on_the_form_is_what_is_learned(window: MainWindow, text: Path, qtbot: QtBot) -> None:
    assert drop(window.context.workspace.form, text)
    qtbot.waitUntil(lambda: _learns(window, text), timeout=PATIENCE)


def test_a_workbook_dropped_on_the_window_opens(window: MainWindow, two_runs: Path, qtbot: QtBot) -> None:
    assert drop(window, two_runs)
    qtbot.waitUntil(lambda: len(window.context.session.runs.records) == 2)
    assert window.windowTitle() == "two.rnnw – RNN Workbench"


def test_a_workbook_dropped_on_the_form_opens_too(window: MainWindow, two_runs: Path, qtbot: QtBot) -> None:
    assert drop(window.context.workspace.form, two_runs)
    qtbot.waitUntil(lambda: len(window.context.session.runs.records) == 2)


def test_an_experiment_dropped_on_the_window_stands_in_the_form(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    experiment = small_experiment(cell="gru", hidden=5)
    save_experiment(experiment, tmp_path / "own.toml")
    assert drop(window, tmp_path / "own.toml")
    qtbot.waitUntil(lambda: window.context.draft.experiment == experiment, timeout=PATIENCE)


@pytest.mark.parametrize(("name", "contents"), [("noise.txt", bytes(range(256)) * 8), ("empty.txt", b"")])
def test_what_is_no_text_is_refused_in_a_sentence(
    name: str, contents: bytes, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / name).write_bytes(contents)
    _is_refused(window, qtbot, name, tmp_path / name)


def test_a_folder_is_refused_in_a_sentence(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "texts").mkdir()
    _is_refused(window, qtbot, "texts", tmp_path / "texts")


def test_two_files_at_a_time_are_refused_in_a_sentence(window: MainWindow, text: Path, qtbot: QtBot) -> None:
    _is_refused(window, qtbot, "one file at a time", text, text)


def _is_refused(window: MainWindow, qtbot: QtBot, words: str, *paths: Path) -> None:
    before, notices = window.context.draft.experiment, window.context.notices
    assert drop(window, *paths)
    qtbot.waitUntil(lambda: len(notices.sentences) == 1, timeout=PATIENCE)
    sentence = notices.sentences[0]
    assert words in sentence
    assert sentence.endswith(".")
    assert notices.isVisible()
    assert window.context.draft.experiment == before
