"""Undo: one list for what is typed and what is done to runs, wherever the focus is."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import enter, press
from workbench.gui.panels.run_table.model import NAME
from workbench.gui.window import MainWindow


@pytest.fixture
def window(open_window: OpenWindow, two_runs: Path, qtbot: QtBot) -> MainWindow:
    """The window on two finished runs."""
    opened = open_window(two_runs)
    qtbot.waitUntil(lambda: opened.context.session.film.snapshot is not None)
    return opened


def _hidden(window: MainWindow) -> object:
    return window.context.draft.values["hidden"]


def _runs(window: MainWindow) -> set[int]:
    return {record.id for record in window.context.session.runs.records}


def _line(window: MainWindow, path: str) -> QLineEdit:
    line = window.context.workspace.form.row(path).editor
    assert isinstance(line, QLineEdit)
    return line


def _trash(window: MainWindow, run: int, qtbot: QtBot) -> None:
    view = window.context.workspace.runs_panel.view
    place = view.visualRect(view.index_of(run).siblingAtColumn(NAME)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.hasFocus()
    press(window, "Delete", qtbot)
    qtbot.waitUntil(lambda: run not in _runs(window))


def _take_back_and_do_again(window: MainWindow, before: object, qtbot: QtBot) -> None:
    press(window, "Ctrl+Z", qtbot)
    qtbot.waitUntil(lambda: _runs(window) == {1, 2})
    assert _hidden(window) == 77
    press(window, "Ctrl+Z", qtbot)
    assert _hidden(window) == before
    assert _runs(window) == {1, 2}

    press(window, "Ctrl+Shift+Z", qtbot)
    assert _hidden(window) == 77
    assert _runs(window) == {1, 2}
    press(window, "Ctrl+Shift+Z", qtbot)
    qtbot.waitUntil(lambda: _runs(window) == {1})


def test_an_edit_and_a_move_to_the_trash_are_taken_back_in_order_and_done_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    before = _hidden(window)
    enter(_line(window, "hidden"), "77", qtbot)
    _trash(window, 2, qtbot)
    _take_back_and_do_again(window, before, qtbot)


def test_they_are_taken_back_in_order_too_while_a_field_has_the_focus(window: MainWindow, qtbot: QtBot) -> None:
    before = _hidden(window)
    enter(_line(window, "hidden"), "77", qtbot)
    _trash(window, 2, qtbot)
    line = _line(window, "hidden")
    line.setFocus()
    _take_back_and_do_again(window, before, qtbot)
    assert line.hasFocus()


def test_undo_in_a_field_takes_back_the_edits_of_the_form_not_the_letters_of_the_field(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    name, hidden = _line(window, "name"), _line(window, "hidden")
    before = name.text(), hidden.text()
    enter(name, "first try", qtbot)
    enter(hidden, "77", qtbot)
    assert hidden.hasFocus()
    press(window, "Ctrl+Z", qtbot)
    assert (name.text(), hidden.text()) == ("first try", before[1])
    press(window, "Ctrl+Z", qtbot)
    assert (name.text(), hidden.text()) == before
    press(window, "Ctrl+Shift+Z", qtbot)
    press(window, "Ctrl+Shift+Z", qtbot)
    assert (name.text(), hidden.text()) == ("first try", "77")


def test_undo_is_offered_only_while_there_is_something_to_take_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    undo = window.context.commands.action("edit.undo")
    assert not undo.isEnabled()
    enter(_line(window, "hidden"), "77", qtbot)
    assert undo.isEnabled()
    press(window, "Ctrl+Z", qtbot)
    assert not undo.isEnabled()
    assert "nothing to undo" in undo.toolTip()
