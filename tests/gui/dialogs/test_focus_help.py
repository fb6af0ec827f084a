"""F1 explains what has the focus: a field, a button, a panel, or what they are part of."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.dialogs.support import SmallWindow
from workbench.gui.dialogs.focus_help import FocusHelp, explain_focus, help_for
from workbench.gui.panels.panel import Panel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock


class _Panel(Panel):
    name, title, help = "own", "Loss", "How wrong the network is: lower is better."

    def summary(self) -> str:
        return "loss 0.043 at step 1 240, falling"


@pytest.fixture
def panel(session: Session, clock: Clock, window: SmallWindow) -> Panel:
    made = _Panel(session, clock)
    made.show_body()
    dock = QDockWidget()
    dock.setWidget(made)
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    return made


def _inside(panel: Panel) -> QLineEdit:
    line = QLineEdit()
    line.setAccessibleName("Curve")
    line.setAccessibleDescription("falls from 1 to 0")
    panel.body.addWidget(line)
    return line


def test_a_field_is_explained_by_its_description(window: SmallWindow) -> None:
    window.field.setAccessibleName("Hidden")
    window.field.setAccessibleDescription("How many units the cell has.")
    assert help_for(window.field) == ("Hidden", "How many units the cell has.")


def test_a_button_is_explained_by_its_tip(window: SmallWindow) -> None:
    window.button.setToolTip("Train the experiment in the form.")
    assert help_for(window.button) == ("Train", "Train the experiment in the form.")


def test_a_part_of_a_panel_is_explained_by_the_panel_not_by_what_it_shows_just_now(panel: Panel) -> None:
    assert help_for(_inside(panel)) == ("Loss", "How wrong the network is: lower is better.")


def test_a_tool_of_a_panel_speaks_for_itself(panel: Panel) -> None:
    tool = QPushButton("Follow")
    tool.setToolTip("Show the newest data.")
    panel.tools.addWidget(tool)
    assert help_for(tool) == ("Follow", "Show the newest data.")


def test_what_says_nothing_leads_to_how_help_works(window: SmallWindow) -> None:
    title, text = help_for(window.field)
    assert title == "Help"
    assert "F1" in text


def test_the_card_stands_beside_the_panel_in_focus_without_hiding_it(
    panel: Panel, window: SmallWindow, qtbot: QtBot
) -> None:
    line = _inside(panel)
    qtbot.waitUntil(line.isVisible)
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    card = explain_focus(window)
    assert [label.text() for label in card.findChildren(QLabel)] == ["Loss", panel.help]
    place = panel.rect().translated(panel.mapTo(window, QPoint()))
    assert not card.card.geometry().intersects(place)
    assert window.rect().contains(card.card.geometry())
    qtbot.keyClick(card.done, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(card))
    assert line.hasFocus()


@pytest.mark.parametrize("way", ["enter", "button", "beside"])
def test_it_is_closed_by_enter_its_button_and_a_click_beside_it(window: SmallWindow, qtbot: QtBot, way: str) -> None:
    card = explain_focus(window)
    if way == "enter":
        qtbot.keyClick(card.done, Qt.Key.Key_Return)
    elif way == "button":
        qtbot.mouseClick(card.done, Qt.MouseButton.LeftButton)
    else:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    qtbot.waitUntil(lambda: not isValid(card))
    assert not window.findChildren(FocusHelp)


def test_shortcuts_of_the_window_rest_while_it_is_open(window: SmallWindow, qtbot: QtBot) -> None:
    card = explain_focus(window)
    qtbot.keyClick(card.done, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(card.done, Qt.Key.Key_Tab)
    assert card.done.hasFocus()
    qtbot.keyClick(card.done, Qt.Key.Key_Space)
    assert window.done == []
    qtbot.waitUntil(lambda: not isValid(card))


def test_long_words_are_never_cut(window: SmallWindow, qtbot: QtBot) -> None:
    window.field.setAccessibleName("Hidden")
    window.field.setAccessibleDescription("How many units the cell has, in words that go on and on. " * 8)
    font = window.font()
    font.setPixelSize(19)
    window.setFont(font)
    card = explain_focus(window)
    assert card.text.height() >= card.text.heightForWidth(card.text.width())
    card.close()
    qtbot.waitUntil(lambda: not isValid(card))
