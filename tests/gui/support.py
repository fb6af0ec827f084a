"""What the window's tests share: experiments small enough to train in a second."""

import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from workbench.api import train
from workbench.gui.window import MainWindow
from workbench.lab.errors import LabError
from workbench.lab.experiment import Experiment
from workbench.lab.running import send_command
from workbench.lab.workbook import open_workbook


def small_experiment(**fields: Any) -> Experiment:
    """Return an experiment that trains in a second."""
    values: dict[str, Any] = {
        "cell": "lstm",
        "task": {"name": "adding", "length": 12},
        "hidden": 8,
        "steps": 60,
        "batch": 8,
        "validate_every": 20,
        "learning_rate": 0.01,
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
    for _ in range(box.findText(text)):
        qtbot.keyClick(view, Qt.Key.Key_Down)
    assert view.currentIndex().data() == text
    qtbot.keyClick(view, Qt.Key.Key_Return)
    box.window().activateWindow()  # offscreen, nobody does that when the list has closed


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
