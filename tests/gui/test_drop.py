"""Files dropped on the window: data are asked about and train, workbooks opened, experiments loaded."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.dialogs.own_data.support import arrays, columnar, pairs, poem, reviews, weather
from tests.gui.form.support import drop
from tests.gui.support import (
    PATIENCE,
    answer_file_dialog,
    click,
    enter,
    name_file,
    run_from_palette,
    small_experiment,
    status,
    train_small,
)
from workbench.gui.dialogs.own_data import OwnDataDialog
from workbench.gui.form.path_field import PathField
from workbench.gui.memory import Memory
from workbench.gui.window import MainWindow
from workbench.lab.experiment import save_experiment


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    return open_window()


def dialog_of(window: MainWindow, qtbot: QtBot) -> OwnDataDialog:
    """Return the dialog that is open, once its file was read."""

    def found() -> OwnDataDialog | None:
        dialogs = [own for own in window.findChildren(OwnDataDialog) if own.isVisible() and not own.preview.waits]
        return dialogs[0] if dialogs else None

    qtbot.waitUntil(lambda: found() is not None, timeout=PATIENCE)
    dialog = found()
    assert dialog is not None
    return dialog


def use(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """Use the file of the open dialog as it is proposed."""
    click(dialog_of(window, qtbot).use_it, qtbot)
    qtbot.waitUntil(lambda: window.context.draft.value("task.path") == str(path), timeout=PATIENCE)


@pytest.mark.parametrize(
    ("make", "task"),
    [
        (reviews, "sentiment"),
        (pairs, "translate"),
        (weather, "series"),
        (columnar, "series"),
        (arrays, "series"),
        (poem, "language-model"),
    ],
)
def test_data_dropped_on_the_window_train(
    window: MainWindow, tmp_path: Path, qtbot: QtBot, make: Callable[[Path], Path], task: str
) -> None:
    path: Path = make(tmp_path)
    assert drop(window, path)
    use(window, path, qtbot)
    assert window.context.draft.value("task.name") == task
    form = window.context.workspace.form
    for name, number in (("hidden", "8"), ("batch", "4"), ("steps", "40")):
        enter(form.row(name).editor, number, qtbot)
    click(window.tool_bar.main_button, qtbot)
    qtbot.waitUntil(lambda: status(window) in ("finished", "failed"), timeout=PATIENCE)
    record = window.context.session.runs.current_record
    assert record is not None
    assert (record.status, record.step) == ("finished", 40)


def test_data_can_be_dropped_while_a_run_trains(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = poem(tmp_path)
    train_small(window, qtbot)
    assert drop(window, path)
    use(window, path, qtbot)
    assert status(window) == "running"


def test_data_dropped_on_the_form_are_asked_about_too(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = poem(tmp_path)
    assert drop(window.context.workspace.form, path)
    use(window, path, qtbot)


def test_data_are_chosen_by_a_command_which_remembers_the_folder(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "texts").mkdir()
    path = poem(tmp_path / "texts")
    name_file(path, qtbot)
    run_from_palette(window, "Open data …", qtbot)
    use(window, path, qtbot)
    assert Memory().text("data_folder") == str(tmp_path / "texts")


def test_data_are_browsed_for_in_the_form_from_the_folder_of_the_last_ones(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    path, other = poem(tmp_path), reviews(tmp_path)
    assert drop(window, path)
    use(window, path, qtbot)
    editor = window.context.workspace.form.row("task.path").editor
    assert isinstance(editor, PathField)
    folders: list[str] = []

    def choose(dialog: QFileDialog) -> None:
        folders.append(dialog.directory().absolutePath())
        line = dialog.findChild(QLineEdit)
        assert line is not None
        line.setText(other.name)
        qtbot.keyClick(line, Qt.Key.Key_Return)

    answer_file_dialog(choose)
    click(editor.another, qtbot)
    use(window, other, qtbot)
    assert folders == [str(tmp_path)]
    assert window.context.draft.value("task.name") == "sentiment"


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


def test_an_experiment_that_cannot_be_read_is_refused_in_a_sentence(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "broken.toml").write_text("hidden = ")
    before, notices = window.context.draft.experiment, window.context.notices
    assert drop(window, tmp_path / "broken.toml")
    qtbot.waitUntil(lambda: len(notices.sentences) == 1, timeout=PATIENCE)
    assert "not valid TOML" in notices.sentences[0]
    assert window.context.draft.experiment == before


@pytest.mark.parametrize(("name", "words"), [("noise.txt", "is no text"), ("empty.txt", "is empty"), ("", "a folder")])
def test_what_is_no_data_is_refused_in_a_sentence(
    name: str, words: str, window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "empty.txt").touch()
    before = window.context.draft.experiment
    assert drop(window, tmp_path / name)
    dialog = dialog_of(window, qtbot)
    assert words in dialog.preview.sentence.text()
    assert not dialog.use_it.isEnabled()
    click(dialog.cancel, qtbot)
    assert window.context.draft.experiment == before


def test_of_two_files_the_first_is_taken_and_that_is_said(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    path = poem(tmp_path)
    assert drop(window, path, reviews(tmp_path))
    assert window.context.notices.sentences == ("One file at a time: sea.txt is taken, the others are not.",)
    use(window, path, qtbot)
