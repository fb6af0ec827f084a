"""The sheet of shortcuts is made from the commands, and from what the panels listen to."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.dialogs.support import SmallWindow
from workbench.gui.dialogs.keys import KeyCaps
from workbench.gui.dialogs.shortcuts import Shortcuts

_KEYS = [("← →", "Move the cursor"), ("Esc", "Let go of the cursor")]
_OTHERS = [("In a panel", _KEYS)]


def test_every_command_with_a_key_stands_in_it_once_and_so_do_the_panels_keys(
    window: SmallWindow, qtbot: QtBot
) -> None:
    sheet = Shortcuts(window.commands, _OTHERS, window)
    sheet.open()
    lines = {(caps.accessibleName(), caps.accessibleDescription()) for caps in sheet.findChildren(KeyCaps)}
    assert lines == {
        ("Space", "Train or pause"),
        (".", "Step"),
        ("Ctrl+.", "Stop"),
        ("Ctrl+Shift+C", "Copy figure"),
        ("Ctrl+K", "Find a command"),
        ("Ctrl+E", "Export"),
        *_KEYS,
    }
    titles = [label.accessibleName() for label in sheet.findChildren(QLabel) if label.accessibleName()]
    assert titles == ["Run", "Edit", "File", "In a panel"]
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(sheet))


def test_a_command_whose_key_was_taken_away_is_left_out(window: SmallWindow, qtbot: QtBot) -> None:
    window.commands.action("run.step").setShortcut("")
    sheet = Shortcuts(window.commands, (), window)
    sheet.open()
    assert "Step" not in [caps.accessibleDescription() for caps in sheet.findChildren(KeyCaps)]
    (close,) = sheet.findChildren(QPushButton)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not isValid(sheet))


def test_all_of_it_is_seen_at_once_where_the_screen_has_room(window: SmallWindow, qtbot: QtBot) -> None:
    sheet = Shortcuts(window.commands, _OTHERS, window)
    sheet.open()
    qtbot.waitExposed(sheet)
    (scroll,) = sheet.findChildren(QScrollArea)
    assert scroll.verticalScrollBar().maximum() == 0
    sheet.reject()
    qtbot.waitUntil(lambda: not isValid(sheet))
