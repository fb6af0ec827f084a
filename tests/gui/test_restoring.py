"""What a window looked like, and what was typed into it, is there again in the next one."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QMenu, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import click, enter
from workbench.gui.form.section import FoldingSection
from workbench.gui.memory import Memory
from workbench.gui.panels.loss import LossPanel
from workbench.gui.panels.parameters import ParametersPanel
from workbench.gui.theme import theme
from workbench.gui.window import MainWindow

_ROOT = Path(__file__).resolve().parents[2]
_SCREEN = '{"screens": [{"name": "wide", "x": 0, "y": 0, "width": 1920, "height": 1080}]}'
_TWO_WINDOWS = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from workbench.gui.memory import Memory
from workbench.gui.window import MainWindow

application = QApplication([])
window = MainWindow(Memory(), Path(sys.argv[1]))
window.show()
window.build()
window.resize(1240, 790)
application.processEvents()
window.close()
second = MainWindow(Memory(), Path(sys.argv[1]))
print(second.width(), second.height())
"""


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(_ROOT), "QT_QPA_PLATFORM": "offscreen"}


def _choose_in_menu(window: MainWindow, name: str, title: str, qtbot: QtBot) -> None:
    """Open a menu of the menu bar and click on an entry."""
    menu = next(action.menu() for action in window.menuBar().actions() if action.text() == name)
    assert isinstance(menu, QMenu)
    action = next(own for own in menu.actions() if own.text() == title)
    menu.popup(window.mapToGlobal(QPoint()))
    qtbot.waitUntil(menu.isVisible)
    qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())
    qtbot.waitUntil(lambda: not menu.isVisible())


def _is_ticked(window: MainWindow, command: str) -> bool:
    action: QAction = window.context.commands.action(command)
    return action.isChecked()


def _drag(handle: QWidget, way: QPoint, qtbot: QtBot) -> None:
    start = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(handle, start + way)
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=handle.rect().center())


def _sizes(window: MainWindow) -> dict[str, Any]:
    sizes = window.context.workspace.saved()["sizes"]
    assert isinstance(sizes, dict)
    return sizes


def _sections(window: MainWindow) -> dict[str, FoldingSection]:
    sections = window.context.workspace.form.sections
    return {title: own for title, own in sections.items() if isinstance(own, FoldingSection)}


def test_the_size_of_the_window_is_there_again(tmp_path: Path) -> None:
    (tmp_path / "screen.json").write_text(_SCREEN)  # the screen of the other tests is narrower than the window
    environment = _environment() | {"QT_QPA_PLATFORM": f"offscreen:configfile={tmp_path / 'screen.json'}"}
    program = subprocess.run(
        [sys.executable, "-c", _TWO_WINDOWS, tmp_path / "book.rnnw"],
        env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert program.stdout.split() == ["1240", "790"], program.stderr


def test_hidden_panels_are_hidden_again_and_can_all_be_shown(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    title = window.context.workspace.panels["gradient_flow"].title
    _choose_in_menu(window, "View", title, qtbot)
    assert not window.context.workspace.panels["gradient_flow"].isVisible()
    window.close()

    second = open_window()
    panels = second.context.workspace.panels
    behind = {"by_length", "by_window", "attention"}
    assert {name for name, panel in panels.items() if not panel.isVisible()} == {"gradient_flow"} | behind
    assert not _is_ticked(second, "view.gradient_flow")
    _choose_in_menu(second, "View", "Show all panels", qtbot)
    assert all(panel.isVisible() for name, panel in panels.items() if name not in behind)


def test_what_was_dragged_wider_is_as_wide_again(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    before = _sizes(window)
    splitters = [own for own in window.context.workspace.findChildren(QSplitter) if own.handle(1)]
    columns = next(own for own in splitters if own.widget(0) is window.context.workspace.form)
    _drag(columns.handle(1), QPoint(60, 0), qtbot)
    runs = window.context.workspace.runs_panel
    side = next(own for own in splitters if (first := own.widget(0)) is not None and first.isAncestorOf(runs))
    _drag(side.handle(1), QPoint(0, 30), qtbot)
    dragged = _sizes(window)
    assert dragged["columns"][0] == before["columns"][0] + 60
    assert dragged["side"][0] == before["side"][0] + 30
    window.close()
    assert _sizes(open_window()) == dragged


def test_the_theme_chosen_in_the_menu_is_kept_and_in_force(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    _choose_in_menu(window, "View", "Dark theme", qtbot)
    assert theme().mode == "dark"
    window.close()
    assert Memory().text("theme") == "dark"
    assert _is_ticked(open_window(), "view.theme.dark")


def test_sections_are_folded_and_unfolded_as_they_were(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    before = {title: section.folded for title, section in _sections(window).items()}
    assert before == {"Watching": True, "Machine": True}
    click(_sections(window)["Machine"].heading, qtbot)
    window.close()
    second = open_window()
    assert {title: section.folded for title, section in _sections(second).items()} == before | {"Machine": False}


def test_the_settings_of_the_panels_are_there_again(open_window: OpenWindow, two_runs: Path, qtbot: QtBot) -> None:
    window = open_window(two_runs)
    workspace = window.context.workspace
    qtbot.waitUntil(lambda: window.context.session.film.snapshot is not None)
    loss = workspace.panel(LossPanel).controls
    click(loss.scale.buttons["linear"], qtbot)
    click(loss.across.buttons["samples"], qtbot)
    quantity = workspace.panel(ParametersPanel).choice
    other = next(key for key in quantity.buttons if key != quantity.value)
    click(quantity.buttons[other], qtbot)
    kept = {name: panel.settings() for name, panel in workspace.panels.items()}
    window.close()

    again = open_window(two_runs).context.workspace
    controls = again.panel(LossPanel).controls
    assert (controls.scale.value, controls.across.value) == ("linear", "samples")
    assert again.panel(ParametersPanel).choice.value == other
    assert {name: panel.settings() for name, panel in again.panels.items()} == kept


def test_what_was_typed_is_there_again_even_where_it_is_wrong(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    form = window.context.workspace.form
    enter(form.row("steps").editor, "4321", qtbot)
    enter(form.row("hidden").editor, "many", qtbot)
    reason = form.row("hidden").reason.text()
    assert reason
    window.close()

    second = open_window()
    row = second.context.workspace.form.row("hidden")
    assert isinstance(row.editor, QLineEdit)
    assert (row.editor.text(), row.reason.text(), row.reason.isVisible()) == ("many", reason, True)
    assert second.context.draft.values["steps"] == 4321
    assert second.context.draft.experiment is None


def test_a_program_started_without_a_word_opens_the_workbook_of_last_time(
    open_window: OpenWindow, two_runs: Path, qtbot: QtBot
) -> None:
    open_window(two_runs).close()
    memory = Memory()
    memory.set_text("tour", "")  # shown again, it tells below that the window is filled
    memory.save()
    program = subprocess.Popen([sys.executable, "-m", "workbench"], env=_environment(), cwd=two_runs.parent)
    try:
        qtbot.waitUntil(lambda: Memory().text("tour") == "shown", timeout=30_000)
        program.send_signal(signal.SIGTERM)
        assert program.wait(timeout=30) == 0
    finally:
        program.kill()
        program.wait()
    assert Memory().text("workbook") == str(two_runs)
