"""The palette: letters find a command, Enter or a click runs it, Escape leaves everything as it was."""

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from tests.gui.dialogs.support import SmallWindow
from workbench.gui.dialogs.palette import Palette
from workbench.gui.dialogs.palette_row import ROW
from workbench.gui.memory import Memory


@pytest.fixture
def palette(window: SmallWindow) -> Palette:
    made = Palette(window.commands, Memory(), window)
    made.open()
    return made


def _titles(palette: Palette) -> list[str]:
    return [palette.list.item(row).data(ROW).title for row in range(palette.list.count())]


def test_it_opens_with_all_commands_but_itself(palette: Palette) -> None:
    assert palette.line.hasFocus()
    assert len(_titles(palette)) == 7
    assert "Find a command …" not in _titles(palette)


def test_its_key_works_from_a_field_too(window: SmallWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(window.field, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.done == ["edit.palette"]


def test_typing_finds_and_enter_runs_behind_the_closed_palette(
    palette: Palette, window: SmallWindow, qtbot: QtBot
) -> None:
    qtbot.keyClicks(palette.line, "pdf")
    assert _titles(palette) == ["Export …"]
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert not palette.isVisible()
    assert window.done == ["figure.export"]
    assert window.field.hasFocus()


def test_arrows_walk_through_the_list_and_a_command_that_cannot_be_done_says_why(
    palette: Palette, window: SmallWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(palette.line, Qt.Key.Key_Down)
    assert palette.line.accessibleDescription() == "2 of 7: Step, Run, ., No run is trained now."
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert window.done == []
    qtbot.keyClick(palette.line, Qt.Key.Key_PageDown)
    assert palette.list.currentRow() == 6
    qtbot.keyClick(palette.line, Qt.Key.Key_PageUp)
    assert palette.list.currentRow() == 0


def test_a_click_on_a_row_runs_it(palette: Palette, window: SmallWindow, qtbot: QtBot) -> None:
    item = palette.list.item(2)
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=palette.list.visualItemRect(item).center())
    assert window.done == ["run.stop"]
    assert not palette.isVisible()


@pytest.mark.parametrize("key", ["Escape", "Ctrl+K"])
def test_escape_and_its_own_key_close_it_and_give_the_focus_back(
    palette: Palette, window: SmallWindow, qtbot: QtBot, key: str
) -> None:
    if key == "Escape":
        qtbot.keyClick(palette.line, Qt.Key.Key_Escape)
    else:
        qtbot.keyClick(palette.line, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert not palette.isVisible()
    assert window.field.hasFocus()
    assert window.done == []


def test_a_click_beside_it_closes_it(palette: Palette, window: SmallWindow, qtbot: QtBot) -> None:
    qtbot.mouseClick(palette, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not palette.isVisible()


def test_shortcuts_of_the_window_rest_while_it_is_open(palette: Palette, window: SmallWindow, qtbot: QtBot) -> None:
    qtbot.keyClick(palette.line, Qt.Key.Key_Space)
    qtbot.keyClick(palette.line, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert window.done == []
    assert palette.line.text() == " "


def test_what_was_run_last_comes_first_the_next_time_and_in_the_next_window(
    palette: Palette, window: SmallWindow, qtbot: QtBot
) -> None:
    for letters in ("tour", "stop"):
        palette.open()
        qtbot.keyClicks(palette.line, letters)
        qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    another = Palette(window.commands, Memory(), window)
    another.open()
    assert _titles(another)[:3] == ["Stop", "Tour", "Train or pause"]
    another.close()


def test_it_says_when_nothing_is_found(palette: Palette, window: SmallWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(palette.line, "qqq")
    assert palette.nothing.isVisibleTo(palette)
    assert palette.line.accessibleDescription() == palette.nothing.text()
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert window.done == []


def test_it_stays_in_the_middle_when_the_window_changes_its_size(palette: Palette, window: SmallWindow) -> None:
    for width in (700, 400):
        window.resize(width, 500)
        assert palette.size() == window.size()
        left, right = palette.card.x(), window.width() - palette.card.geometry().right() - 1
        assert left > 0
        assert abs(left - right) <= 1
