"""The whole path of a newcomer, by clicks and keys alone: train, steer, look, export, close, and find it all again."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import choose, click, enter, status
from workbench.gui.dialogs.export import ExportDialog
from workbench.gui.window import MainWindow

PATIENCE = 60_000  # milliseconds


def test_the_whole_path(open_window: OpenWindow, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_window()
    _set_up(window, qtbot)
    _train_and_steer(window, qtbot)
    _look_back(window, qtbot)
    _export(window, qtbot, tmp_path / "loss.pdf")
    window.close()
    _find_it_again(open_window(), qtbot)


def _set_up(window: MainWindow, qtbot: QtBot) -> None:
    form = window.context.workspace.form
    choose(form.cell.choice, "GRU", qtbot)
    choose(form.task.choice, "Adding problem", qtbot)
    for path, text in (("task.length", "20"), ("hidden", "8"), ("batch", "8"), ("steps", "200000")):
        enter(form.row(path).editor, text, qtbot)
    experiment = window.context.draft.experiment
    assert experiment is not None
    assert (experiment.cell, experiment.hidden, experiment.steps) == ("gru", 8, 200_000)


def _train_and_steer(window: MainWindow, qtbot: QtBot) -> None:
    main, session = window.tool_bar.main_button, window.context.session
    assert main.text() == "Train"
    click(main, qtbot)
    qtbot.waitUntil(lambda: main.text() == "Pause", timeout=PATIENCE)
    qtbot.waitUntil(lambda: session.film.snapshot is not None, timeout=PATIENCE)

    click(main, qtbot)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=PATIENCE)
    record = session.runs.current_record
    assert record is not None
    before = record.step
    click(window.tool_bar.step_button, qtbot)
    qtbot.waitUntil(lambda: session.runs.records[0].step > before, timeout=PATIENCE)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=PATIENCE)  # it runs while it takes the step
    assert session.runs.records[0].step == before + 1

    click(main, qtbot)
    qtbot.waitUntil(lambda: status(window) == "running", timeout=PATIENCE)
    _change_rate(window, qtbot)
    qtbot.waitUntil(lambda: window.tool_bar.rate_button.rate == 0.0005, timeout=PATIENCE)

    click(window.tool_bar.stop_button, qtbot)
    qtbot.waitUntil(lambda: status(window) == "stopped", timeout=PATIENCE)
    assert main.text() == "Train"


def _change_rate(window: MainWindow, qtbot: QtBot) -> None:
    button = window.tool_bar.rate_button

    def type_it() -> None:
        enter(button.field, "0.0005", qtbot)

    QTimer.singleShot(100, type_it)
    click(button, qtbot)  # comes back when the menu has closed


def _look_back(window: MainWindow, qtbot: QtBot) -> None:
    session, slider = window.context.session, window.context.workspace.film_bar.slider
    qtbot.waitUntil(lambda: len(session.film.steps) > 1, timeout=PATIENCE)
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: session.film.snapshot is not None and session.film.snapshot.step == 0, timeout=PATIENCE)
    assert not session.film.live
    click(window.context.workspace.film_bar.live_button, qtbot)
    last = session.film.steps[-1]
    qtbot.waitUntil(lambda: session.film.snapshot is not None and session.film.snapshot.step == last, timeout=PATIENCE)


def _export(window: MainWindow, qtbot: QtBot, path: Path) -> None:
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.save_button.isEnabled, timeout=PATIENCE)

    def name_it() -> None:
        chooser = QApplication.activeModalWidget()
        assert isinstance(chooser, QFileDialog)
        line = chooser.findChild(QLineEdit)
        assert line is not None
        line.setText(str(path))
        qtbot.keyClick(line, Qt.Key.Key_Return)

    QTimer.singleShot(500, name_it)
    click(dialog.save_button, qtbot)
    qtbot.waitUntil(path.exists, timeout=PATIENCE)
    qtbot.waitUntil(lambda: "loss.pdf" in dialog.note.text(), timeout=PATIENCE)
    assert path.read_bytes().startswith(b"%PDF")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def _find_it_again(window: MainWindow, qtbot: QtBot) -> None:
    session = window.context.session
    qtbot.waitUntil(lambda: session.film.snapshot is not None, timeout=PATIENCE)
    assert status(window) == "stopped"
    assert window.context.draft.values["hidden"] == 8
    assert window.context.draft.values["cell"] == "gru"
    panels = window.context.workspace.panels
    qtbot.waitUntil(lambda: "loss" in panels["loss"].accessibleDescription().lower(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: "8 units" in panels["hidden_state"].accessibleDescription(), timeout=PATIENCE)
