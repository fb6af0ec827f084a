"""Every dialog of the window: found by its key or in the palette, closed by Escape, and gone behind it."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import answer_file_dialog, name_file, press, run_from_palette
from workbench.gui.dialogs.about import About
from workbench.gui.dialogs.cell_editor import CellEditor
from workbench.gui.dialogs.cells import CellBrowser
from workbench.gui.dialogs.export import ExportDialog
from workbench.gui.dialogs.focus_help import FocusHelp
from workbench.gui.dialogs.overlay import Overlay
from workbench.gui.dialogs.palette import Palette
from workbench.gui.dialogs.run_details import RunDetails
from workbench.gui.dialogs.shortcuts import Shortcuts
from workbench.gui.dialogs.spotlight import Spotlight
from workbench.gui.dialogs.tour import TourCard
from workbench.gui.dialogs.trash import TrashDialog
from workbench.gui.dialogs.window_comparison import WindowComparison
from workbench.gui.window import MainWindow
from workbench.lab.experiment import load_experiment
from workbench.lab.workbook import open_workbook

_OPENS: dict[str, type[QWidget]] = {
    "cells.catalogue": CellBrowser,
    "cells.own": CellEditor,
    "edit.palette": Palette,
    "figure.export": ExportDialog,
    "help.about": About,
    "help.focus": FocusHelp,
    "help.shortcuts": Shortcuts,
    "help.tour": TourCard,
    "run.compare_windows": WindowComparison,
    "run.details": RunDetails,
    "run.open_trash": TrashDialog,
}
_FILES = ("file.new", "file.open", "file.own_data", "file.copy", "file.save_experiment")
_KEYS = ("edit.palette", "figure.export", "help.focus", "help.shortcuts", "run.details")


@pytest.fixture
def window(open_window: OpenWindow, two_runs: Path, qtbot: QtBot) -> MainWindow:
    """The window on two finished runs."""
    opened = open_window(two_runs)
    qtbot.waitUntil(lambda: opened.context.session.film.snapshot is not None)
    return opened


def _over_the_window(window: MainWindow) -> list[QWidget]:
    """Return what lies over the window, or is kept though nobody will see it again."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    over = [*window.findChildren(QDialog), *window.findChildren(TourCard), *window.findChildren(Spotlight)]
    return over + [own for own in window.findChildren(Overlay) if own.isVisible() or not isinstance(own, Palette)]


def _close_by_escape(window: MainWindow, kind: type[QWidget], qtbot: QtBot) -> None:
    def shown() -> list[QWidget]:
        return [own for own in window.findChildren(kind) if own.isVisible()]

    qtbot.waitUntil(lambda: len(shown()) == 1)
    opened = shown()[0]
    qtbot.waitUntil(lambda: (focus := QApplication.focusWidget()) is not None and opened.isAncestorOf(focus))
    assert opened.windowTitle() or opened.accessibleName(), "a dialog without a name"
    press(window, "Escape", qtbot)
    qtbot.waitUntil(lambda: not _over_the_window(window))
    assert QApplication.activeModalWidget() is None


def test_each_command_that_promises_a_dialog_is_tried_here(window: MainWindow) -> None:
    promising = {command.id for command in window.context.commands if command.title.endswith("…")}
    assert promising <= {*_OPENS, *_FILES}


@pytest.mark.parametrize("name", [name for name in _OPENS if name != "edit.palette"])
def test_a_dialog_is_found_in_the_palette_and_escape_leaves_nothing_of_it(
    name: str, window: MainWindow, qtbot: QtBot
) -> None:
    run_from_palette(window, window.context.commands[name].title, qtbot)
    _close_by_escape(window, _OPENS[name], qtbot)


@pytest.mark.parametrize("name", _KEYS)
def test_a_dialog_opens_by_its_key_and_escape_leaves_nothing_of_it(name: str, window: MainWindow, qtbot: QtBot) -> None:
    press(window, window.context.commands[name].shortcut, qtbot)
    _close_by_escape(window, _OPENS[name], qtbot)


def test_each_command_stands_in_its_menu(window: MainWindow) -> None:
    in_menus = {
        action.objectName(): menu.text()
        for menu in window.menuBar().actions()
        for action in menu.menu().actions()  # type: ignore[attr-defined]
        if action.objectName()
    }
    assert in_menus == {command.id: command.menu for command in window.context.commands}


@pytest.mark.parametrize("name", _FILES)
def test_a_file_dialog_that_is_left_by_escape_changes_nothing(
    name: str, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    titles: list[str] = []

    def leave(dialog: QFileDialog) -> None:
        titles.append(dialog.windowTitle())
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    answer_file_dialog(leave)
    run_from_palette(window, window.context.commands[name].title, qtbot)
    assert len(titles) == 1
    assert [path.name for path in tmp_path.iterdir() if path.suffix in (".rnnw", ".toml")] == ["two.rnnw"]
    assert len(window.context.session.runs.records) == 2
    assert window.context.notices.sentences == ()


def test_a_new_workbook_is_made_and_opened(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    name_file(tmp_path / "new", qtbot)
    press(window, "Ctrl+N", qtbot)
    qtbot.waitUntil(lambda: window.windowTitle() == "new.rnnw – RNN Workbench")
    assert (tmp_path / "new.rnnw").is_file()
    assert window.context.session.runs.records == ()


def test_a_workbook_is_opened_in_place_of_the_one_before(open_window: OpenWindow, two_runs: Path, qtbot: QtBot) -> None:
    window = open_window()
    name_file(two_runs, qtbot)
    press(window, "Ctrl+O", qtbot)
    qtbot.waitUntil(lambda: len(window.context.session.runs.records) == 2)
    assert window.windowTitle() == "two.rnnw – RNN Workbench"


def test_a_saved_copy_has_all_runs_and_the_window_stays_where_it_is(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.rnnw"
    name_file(copy, qtbot)
    run_from_palette(window, "Save a copy of the workbook …", qtbot)
    qtbot.waitUntil(lambda: any("copy.rnnw" in sentence for sentence in window.context.notices.sentences))
    with open_workbook(copy) as workbook:
        assert [record.status for record in workbook.runs.all()] == ["finished", "finished"]
    assert window.windowTitle() == "two.rnnw – RNN Workbench"


def test_a_saved_experiment_is_the_one_in_the_form(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    name_file(tmp_path / "own", qtbot)
    press(window, "Ctrl+S", qtbot)
    assert load_experiment(tmp_path / "own.toml") == window.context.draft.experiment
