"""The presets in the tool bar: under what their tasks are used for, each loaded by a click."""

from typing import get_args

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import click
from workbench.gui.window import MainWindow
from workbench.lab.experiment import presets
from workbench.tasks import Use


def _open(window: MainWindow, qtbot: QtBot) -> QMenu:
    """Open the menu, as a click on its button does, which would wait here until it is closed."""
    button = window.tool_bar.preset_button
    menu = button.menu()
    menu.popup(button.mapToGlobal(button.rect().bottomLeft()))
    qtbot.waitUntil(menu.isVisible)
    return menu


def _groups(menu: QMenu) -> dict[str, QMenu]:
    return {action.text(): group for action in menu.actions() if isinstance(group := action.menu(), QMenu)}


def test_each_preset_stands_once_under_the_use_of_its_task(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    menu = _open(window, qtbot)
    groups = _groups(menu)
    assert list(groups) == [use for use in get_args(Use) if use in groups]
    stands = {action.toolTip(): use for use, group in groups.items() for action in group.actions()}
    assert stands == {name: type(experiment.task).use for name, experiment in presets().items()}
    assert sum(len(group.actions()) for group in groups.values()) == len(presets())
    menu.close()


def test_opening_it_again_shows_the_same_groups(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    before = _groups(_open(window, qtbot))
    window.tool_bar.preset_button.menu().close()
    menu = _open(window, qtbot)
    assert _groups(menu) == before
    menu.close()


def _choose(window: MainWindow, use: str, name: str, qtbot: QtBot) -> None:
    menu = _open(window, qtbot)
    group = _groups(menu)[use]
    group.popup(menu.mapToGlobal(menu.rect().topRight()))
    qtbot.waitUntil(group.isVisible)
    action = next(action for action in group.actions() if action.toolTip() == name)
    qtbot.mouseClick(group, Qt.MouseButton.LeftButton, pos=group.actionGeometry(action).center())
    qtbot.waitUntil(lambda: window.context.draft.experiment == presets()[name])


def test_a_preset_is_loaded_into_the_form_by_a_click(open_window: OpenWindow, qtbot: QtBot) -> None:
    _choose(open_window(), "Images", "digits-gated", qtbot)


def test_a_preset_without_the_field_in_use_leaves_the_focus_to_the_window(
    open_window: OpenWindow, qtbot: QtBot
) -> None:
    window = open_window()
    field = window.context.workspace.form.row("task.test_length").editor
    click(field, qtbot)
    assert field.hasFocus()
    _choose(window, "Images", "digits-gated", qtbot)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is window)
