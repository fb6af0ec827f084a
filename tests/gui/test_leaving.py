"""Leaving the window: what trains is asked about once, and becomes what was answered."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import PATIENCE, click, press, status, train_small
from workbench.gui.dialogs.closing import Closing
from workbench.gui.window import MainWindow
from workbench.lab.workbook import RunRecord, open_workbook


def _question(window: MainWindow, qtbot: QtBot) -> Closing:
    """Close the window and return what it asks."""
    assert not window.close()
    question = window.findChild(Closing)
    assert isinstance(question, Closing)
    qtbot.waitUntil(lambda: (focus := QApplication.focusWidget()) is not None and question.isAncestorOf(focus))
    return question


def _tick(box: QCheckBox, qtbot: QtBot) -> None:
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()


def _record(book: Path) -> RunRecord:
    with open_workbook(book) as workbook:
        (record,) = workbook.runs.all()
        return record


def _wait_for_steps(book: Path, qtbot: QtBot) -> None:
    before = _record(book).step
    qtbot.waitUntil(lambda: _record(book).step > before, timeout=PATIENCE)


def test_cancel_and_escape_leave_the_window_open_and_the_run_training(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    train_small(window, qtbot)
    click(_question(window, qtbot).cancel, qtbot)
    qtbot.waitUntil(lambda: window.findChild(Closing) is None)
    assert window.isVisible()

    _question(window, qtbot)
    press(window, "Escape", qtbot)
    qtbot.waitUntil(lambda: window.findChild(Closing) is None)
    assert window.isVisible()
    _wait_for_steps(tmp_path / "book.rnnw", qtbot)
    assert status(window) == "running"


def test_keep_training_closes_and_another_window_finds_the_run_still_training(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    train_small(window, qtbot)
    click(_question(window, qtbot).keep, qtbot)
    qtbot.waitUntil(lambda: not window.isVisible())
    _wait_for_steps(tmp_path / "book.rnnw", qtbot)

    second = open_window()
    qtbot.waitUntil(lambda: status(second) == "running", timeout=PATIENCE)
    click(second.tool_bar.stop_button, qtbot)
    qtbot.waitUntil(lambda: status(second) == "stopped", timeout=PATIENCE)


def test_stop_and_save_closes_and_ends_the_run_with_its_state_kept(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    train_small(window, qtbot)
    qtbot.waitUntil(lambda: _record(tmp_path / "book.rnnw").step > 0, timeout=PATIENCE)
    click(_question(window, qtbot).stop, qtbot)
    qtbot.waitUntil(lambda: not window.isVisible())
    qtbot.waitUntil(lambda: _record(tmp_path / "book.rnnw").status == "stopped", timeout=PATIENCE)
    with open_workbook(tmp_path / "book.rnnw") as workbook:
        (record,) = workbook.runs.all()
        assert workbook.checkpoints.steps(record.id)[-1] == record.step


def test_an_answer_for_next_time_too_is_not_asked_for_again(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    train_small(window, qtbot)
    question = _question(window, qtbot)
    _tick(question.same_next_time, qtbot)
    click(question.keep, qtbot)
    qtbot.waitUntil(lambda: not window.isVisible())

    second = open_window()
    qtbot.waitUntil(lambda: status(second) == "running", timeout=PATIENCE)
    assert second.close()
    assert not second.isVisible()
    assert second.findChild(Closing) is None
    _wait_for_steps(tmp_path / "book.rnnw", qtbot)


def test_cancel_is_never_remembered(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    train_small(window, qtbot)
    question = _question(window, qtbot)
    _tick(question.same_next_time, qtbot)
    click(question.cancel, qtbot)
    qtbot.waitUntil(lambda: window.findChild(Closing) is None)
    _question(window, qtbot)


def test_a_window_in_which_nothing_trains_closes_without_a_question(
    open_window: OpenWindow, two_runs: Path, qtbot: QtBot
) -> None:
    window = open_window(two_runs)
    qtbot.waitUntil(lambda: len(window.context.session.runs.records) == 2)
    assert window.close()
    assert not window.isVisible()
    assert window.findChild(Closing) is None
