"""Panels that share one place: chosen by the title's list or the View menu, hidden, and kept for the next start."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from workbench.gui.panels.tools import TitleMenu
from workbench.gui.window import MainWindow


def _title(window: MainWindow, name: str) -> TitleMenu:
    title = window.context.workspace.panels[name].findChild(TitleMenu)
    assert isinstance(title, TitleMenu)
    return title


def _choose(window: MainWindow, front: str, text: str, qtbot: QtBot) -> None:
    """Open the list of the panel in front by its key, go to an entry and take it."""
    title = _title(window, front)
    menu = title.menu()

    title.setFocus()
    action = next(action for action in menu.actions() if action.text() == text)
    menu.popup(title.mapToGlobal(title.rect().bottomLeft()))
    qtbot.waitUntil(menu.isVisible)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def test_the_title_s_list_shows_another_panel_in_its_place(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    workspace = window.context.workspace
    assert workspace.panels["loss"].isVisible()
    _choose(window, "loss", "By length", qtbot)
    qtbot.waitUntil(workspace.panels["by_length"].isVisible)
    assert not workspace.panels["loss"].isVisible()
    assert [workspace.is_shown(name) for name in ("loss", "by_length", "by_window")] == [False, True, False]
    assert [action.isChecked() for action in _title(window, "by_length").menu().actions()] == [False, True, False]


def test_the_view_menu_brings_a_panel_to_the_front_and_back(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    workspace, commands = window.context.workspace, window.context.commands
    action = commands.action("view.by_window")
    action.trigger()
    assert workspace.panels["by_window"].isVisible()
    assert action.isChecked()
    assert not commands.action("view.loss").isChecked()
    action.trigger()
    assert workspace.panels["loss"].isVisible()
    commands.action("view.loss").trigger()
    assert not any(workspace.panels[name].isVisible() for name in ("loss", "by_length", "by_window"))
    action.trigger()
    assert workspace.panels["by_window"].isVisible()


def test_the_panel_in_front_is_in_front_at_the_next_start(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    first = open_window()
    first.context.commands.action("view.by_length").trigger()
    saved = first.context.workspace.saved()
    second = open_window(tmp_path / "other.rnnw")
    second.context.workspace.restore(saved)
    assert second.context.workspace.panels["by_length"].isVisible()
    assert not second.context.workspace.panels["loss"].isVisible()


def test_a_panel_that_stands_alone_has_a_plain_title(open_window: OpenWindow) -> None:
    window = open_window()
    assert window.context.workspace.panels["runs"].findChild(TitleMenu) is None
