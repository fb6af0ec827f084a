"""What the window's tests share: experiments small enough to train in a second."""

import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from workbench.api import train
from workbench.gui.dialogs.palette import Palette
from workbench.gui.dialogs.palette_row import ROW
from workbench.gui.window import MainWindow
from workbench.lab.errors import LabError
from workbench.lab.experiment import Experiment
from workbench.lab.running import send_command
from workbench.lab.workbook import open_workbook

PATIENCE = 30_000  # milliseconds: a worker starts in one second, on a busy machine in ten


def small_experiment(**fields: Any) -> Experiment:
    """Return an experiment that trains in a second, on the backend that starts soonest."""
    values: dict[str, Any] = {
        "cell": "lstm",
        "task": {"name": "adding", "length": 12},
        "hidden": 8,
        "steps": 60,
        "batch": 8,
        "validate_every": 20,
        "learning_rate": 0.01,
        "backend": "numpy",
    }
    return Experiment(**values | fields)


def train_two_runs(path: Path) -> None:
    """Make a workbook with an LSTM of 8 units as run 1 and an Elman network of 6 units as run 2."""
    train(small_experiment(), path)
    train(small_experiment(cell="elman", hidden=6), path)


def click(widget: QWidget, qtbot: QtBot) -> None:
    """Click in the middle of a widget that can be seen and pressed."""
    assert widget.isVisible(), f"{widget.objectName()} cannot be seen"
    assert widget.isEnabled(), f"{widget.objectName()} cannot be pressed: {widget.toolTip()}"
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def enter(widget: QWidget, text: str, qtbot: QtBot) -> None:
    """Type a text into a field in place of the one that is there, and press Enter."""
    line = widget if isinstance(widget, QLineEdit) else widget.findChild(QLineEdit)
    assert isinstance(line, QLineEdit)
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def choose(box: QComboBox, text: str, qtbot: QtBot) -> None:
    """Choose an entry of a list by opening it and going to the entry."""
    assert box.findText(text) >= 0, f"no entry {text!r}"
    click(box, qtbot)
    view = box.view()
    qtbot.waitUntil(view.isVisible)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    for _ in range(box.count()):  # headings are passed over, so that nobody knows how often
        if view.currentIndex().data() == text:
            break
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().data() == text
    qtbot.keyClick(view, Qt.Key.Key_Return)
    box.window().activateWindow()  # offscreen, nobody does that when the list has closed


def press(window: QWidget, keys: str, qtbot: QtBot) -> None:
    """Press a key, such as "Ctrl+K", where the focus is."""
    combination = QKeySequence(keys)[0]  # type: ignore[index]
    focus = QApplication.focusWidget()
    target = focus if focus is not None else window
    qtbot.keyClick(target, combination.key(), combination.keyboardModifiers())


def run_from_palette(window: MainWindow, title: str, qtbot: QtBot) -> None:
    """Find a command by typing what it is called, and run it."""
    press(window, "Ctrl+K", qtbot)
    palette = window.findChild(Palette)
    assert isinstance(palette, Palette)
    qtbot.waitUntil(palette.line.hasFocus)
    qtbot.keyClicks(palette.line, title.rstrip(" …"))
    assert palette.list.currentItem().data(ROW).title == title
    qtbot.keyClick(palette.line, Qt.Key.Key_Return)


def answer_file_dialog(answer: Callable[[QFileDialog], None]) -> None:
    """Let a file dialog that the next click opens be answered; it holds up whoever opened it."""
    deadline = time.monotonic() + 10

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, QFileDialog) and dialog.isVisible():
            answer(dialog)
        elif time.monotonic() < deadline:
            QTimer.singleShot(20, look)

    QTimer.singleShot(0, look)


def name_file(path: Path, qtbot: QtBot) -> None:
    """Let the file dialog that comes next be answered with a file."""

    def name_it(dialog: QFileDialog) -> None:
        line = dialog.findChild(QLineEdit)
        assert line is not None
        line.setText(str(path))  # typed, it would open a list of names that takes the Return
        qtbot.keyClick(line, Qt.Key.Key_Return)

    answer_file_dialog(name_it)


def train_small(window: MainWindow, qtbot: QtBot, **fields: Any) -> None:
    """Train a small experiment by a click, one that does not end by itself unless told so, until it runs."""
    window.context.draft.load(small_experiment(**{"steps": 1_000_000} | fields))
    click(window.tool_bar.main_button, qtbot)
    qtbot.waitUntil(lambda: status(window) in ("running", "failed", "finished"), timeout=PATIENCE)


def worker_of(book: Path, run: int = 1) -> int:
    """Return the number of the process that trains a run."""
    connection = sqlite3.connect(f"file:{book}?mode=ro", uri=True)
    try:
        return int(connection.execute("SELECT process FROM leases WHERE run = ?", (run,)).fetchone()[0])
    finally:
        connection.close()


def misfits(window: MainWindow) -> list[str]:
    """Return the parts of the tool bar and the status bar that are cut off or stick out of the window."""
    found = []
    for bar in (window.tool_bar, window.statusBar()):
        parts = [own for own in bar.findChildren(QWidget) if own.isVisible() and not own.isWindow()]
        for part in parts:
            place = QRect(part.mapTo(window, QPoint()), part.size())
            if not window.rect().contains(place):
                found.append(f"{type(part).__name__} {part.accessibleName()!r} sticks out: {place}")
            if isinstance(part, QLabel | QToolButton) and part.width() < part.sizeHint().width():
                found.append(f"{type(part).__name__} {part.text()!r}: {part.width()} < {part.sizeHint().width()}")
    return found


def status(window: MainWindow) -> str:
    """Return the status of the run that a window looks at."""
    return window.context.control.status


def end_all_runs(path: Path) -> None:
    """Stop whatever trains in a workbook, and wait until it has ended."""
    deadline = time.monotonic() + 30
    with open_workbook(path, create=True) as workbook:
        while active := [record for record in workbook.runs.all() if record.active]:
            assert time.monotonic() < deadline, f"still training: {active}"
            for record in active:
                try:
                    send_command(workbook, record.id, "stop")
                except LabError:  # it ended meanwhile
                    continue
            time.sleep(0.05)
