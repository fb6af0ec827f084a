"""The device chip looks for devices in a process of its own, and ends that with the window."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QProcess, Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from tests.backends.cupy.installations import CARD, install_stand_in
from tests.gui.conftest import OpenWindow
from workbench.backends.installed import numba_version
from workbench.gui.notices import Notice
from workbench.gui.window import MainWindow
from workbench.lab.origin import Origin
from workbench.lab.workbook import open_workbook


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


def put_card(folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str = "") -> None:
    """Install a card that NumPy stands in for, or a broken one."""
    for name, value in install_stand_in(folder, broken).items():
        monkeypatch.setenv(name, value)


def test_a_gpu_that_works_is_named_and_can_be_chosen(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(tmp_path, monkeypatch)
    window = open_window()
    menu = opened_menu(window)
    qtbot.waitUntil(lambda: len(menu.actions()) > 1)
    automatic, gpu, *_ = menu.actions()
    assert automatic.text() == "Automatic (the faster for each experiment, measured)"
    assert gpu.text() == f"GPU, {CARD} (8.0 GiB, CuPy 14.2.0, CUDA 12.9, compute capability 9.0)"
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(gpu).center())
    assert window.context.draft.value("backend") == "cupy"
    assert window.tool_bar.device_chip.text() == "GPU ▾"
    assert "cupy" not in sys.modules


def test_a_gpu_that_cannot_be_used_says_why_and_on_request_what_to_do(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_card(tmp_path, monkeypatch, "headers")
    window = open_window()
    menu = opened_menu(window)
    qtbot.waitUntil(lambda: len(menu.actions()) > 1)
    gpu = next(action for action in menu.actions() if action.text().startswith("GPU"))
    assert gpu.text() == "GPU (the CUDA headers that CuPy compiles with are missing)"
    assert not gpu.isEnabled()
    how = menu.actions()[-1]
    assert how.text() == "How to use the GPU …"
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(how).center())
    notices = window.findChildren(Notice)
    assert any('Install them: pip install "rnn-workbench[cuda12]"' in notice.sentence for notice in notices)


def test_the_chip_says_on_which_gpu_a_run_was_made_and_why(
    open_window: OpenWindow, qtbot: QtBot, two_runs: Path
) -> None:
    with open_workbook(two_runs) as workbook:
        origin = Origin.from_values(workbook.runs.get(2).origin)
        made = replace(origin, backend="cupy").changed(
            device=CARD, reason="GPU: 3.1 times faster for H=6, B=4.", way="persistent: one launch of 4 blocks"
        )
        workbook.runs.set_origin(2, made.values())
    window = open_window(two_runs)
    chip = window.tool_bar.device_chip
    qtbot.waitUntil(lambda: chip.text() == "GPU ▾")
    assert chip.toolTip().splitlines() == [
        f"Where the run computes: {CARD}",
        "GPU: 3.1 times faster for H=6, B=4.",
        "persistent: one launch of 4 blocks",
    ]
    assert chip.accessibleDescription() == chip.toolTip()


def test_a_search_ends_with_the_window(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    menu = opened_menu(window)
    search = window.tool_bar.device_chip.findChild(QProcess)
    assert isinstance(search, QProcess)
    menu.close()
    window.close_quietly()
    assert search.state() == QProcess.ProcessState.NotRunning
