"""The device chip looks for devices in a process of its own, and ends that with the window."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QProcess
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from workbench.backends.installed import numba_version
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
    compiled = next(action for action in menu.actions() if "compiled" in action.text())
    assert compiled.text().startswith(f"CPU, compiled (Numba {numba_version()}, ")
    assert compiled.isEnabled()
    numpy = next(action for action in menu.actions() if "NumPy" in action.text())
    numpy.trigger()
    menu.close()
    assert window.context.draft.value("backend") == "numpy"
    assert "CPU, NumPy" in window.tool_bar.device_chip.text()


def test_what_is_not_installed_cannot_be_chosen_and_says_how_to_get_it(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys; sys.modules['numba'] = None")
    found = os.pathsep.join(filter(None, (str(tmp_path), os.environ.get("PYTHONPATH"))))
    monkeypatch.setenv("PYTHONPATH", found)
    window = open_window()
    menu = opened_menu(window)
    qtbot.waitUntil(lambda: len(menu.actions()) > 1)
    compiled = next(action for action in menu.actions() if "compiled" in action.text())
    assert compiled.text() == "CPU, compiled (Numba is not installed: pip install numba)"
    assert not compiled.isEnabled()
    menu.close()


def test_a_search_ends_with_the_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    menu = opened_menu(window)
    search = window.tool_bar.device_chip.findChild(QProcess)
    assert isinstance(search, QProcess)
    menu.close()
    window.close_quietly()
    assert search.state() == QProcess.ProcessState.NotRunning
