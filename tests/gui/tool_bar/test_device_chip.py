"""The device chip looks for devices in a process of its own, and ends that with the window."""

from PySide6.QtCore import QPoint, QProcess
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from workbench.gui.window import MainWindow


def opened_menu(window: MainWindow) -> QMenu:
    """Open the menu of the chip; a click would wait in it."""
    menu = window.tool_bar.device_chip.menu()
    assert menu is not None
    menu.popup(QPoint(0, 0))
    return menu


def test_the_menu_names_the_devices_of_this_machine_and_takes_a_choice(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    menu = opened_menu(window)
    assert [action.text() for action in menu.actions()] == ["Looking for devices …"]
    qtbot.waitUntil(lambda: len(menu.actions()) > 1, timeout=30_000)
    numpy = next(action for action in menu.actions() if "NumPy" in action.text())
    numpy.trigger()
    menu.close()
    assert window.context.draft.value("backend") == "numpy"
    assert "NumPy" in window.tool_bar.device_chip.text()


def test_a_search_ends_with_the_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    menu = opened_menu(window)
    search = window.tool_bar.device_chip.findChild(QProcess)
    assert isinstance(search, QProcess)
    menu.close()
    window.close_quietly()
    assert search.state() == QProcess.ProcessState.NotRunning
