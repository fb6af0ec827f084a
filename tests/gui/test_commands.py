"""Commands as data: one action each, enabled when it can be done, saying why not."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.commands import Command, Commands


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_the_shortcut_of_a_command_does_it(window: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    Commands(window).add(Command("a", "Do it", "Run", lambda: done.append("done"), shortcut="Ctrl+J"))
    qtbot.keyClick(window, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert done == ["done"]


def test_a_command_that_cannot_be_done_is_disabled_and_says_why(window: QWidget) -> None:
    reason = ["There is no run."]
    commands = Commands(window)
    commands.add(Command("a", "Do it", "Run", lambda: None, why_not=lambda: reason[0]))
    assert not commands.action("a").isEnabled()
    assert "There is no run." in commands.action("a").toolTip()
    reason[0] = ""
    commands.refresh()
    assert commands.action("a").isEnabled()


def test_a_switch_shows_whether_it_is_on(window: QWidget) -> None:
    on = [False]
    commands = Commands(window)
    commands.add(Command("a", "Loss", "View", lambda: on.__setitem__(0, not on[0]), checked=lambda: on[0]))
    commands.action("a").trigger()
    commands.refresh()
    assert commands.action("a").isChecked()


def test_menus_come_in_the_order_of_their_first_command(window: QWidget) -> None:
    commands = Commands(window)
    commands.add(
        *(Command(name, name, menu, lambda: None) for name, menu in (("a", "File"), ("b", "Run"), ("c", "File")))
    )
    assert commands.menus() == ("File", "Run")
