"""The dialog about the program opens folders and copies what a report of an error needs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.dialogs.support import SmallWindow
from workbench import __version__
from workbench.gui.dialogs.about import About, Place


class _Desktop(QObject):
    """Stands for the file manager."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


@pytest.fixture
def desktop() -> Iterator[_Desktop]:
    made = _Desktop()
    # The stub asks for bytes, the binding for a str.
    QDesktopServices.setUrlHandler("file", made, "open")  # type: ignore[arg-type]
    yield made
    QDesktopServices.unsetUrlHandler("file")


@pytest.fixture
def dialog(window: SmallWindow, tmp_path: Path, qtbot: QtBot) -> Iterator[About]:
    made = About([Place("Workbooks", tmp_path / ("long" * 40)), Place("Logs", tmp_path)], window)
    made.open()
    qtbot.waitExposed(made)
    yield made
    qtbot.keyClick(made, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not isValid(made))


def test_it_says_name_version_and_licence(dialog: About) -> None:
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert f"RNN Workbench {__version__}" in words
    assert words[words.index("Licence") + 1] == "MIT"


def test_the_button_of_a_folder_opens_it(dialog: About, desktop: _Desktop, tmp_path: Path, qtbot: QtBot) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.accessibleName() == "Open the folder: Logs")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desktop.opened == [str(tmp_path)]


def test_a_long_path_is_shortened_on_the_screen_but_copied_whole(dialog: About, tmp_path: Path, qtbot: QtBot) -> None:
    path = str(tmp_path / ("long" * 40))
    (label,) = (label for label in dialog.findChildren(QLabel) if label.accessibleName() == path)
    assert "…" in label.text()
    assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()
    qtbot.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == f"RNN Workbench: {__version__}"
    assert f"Workbooks: {path}" in lines
    assert [line.split(":")[0] for line in lines[1:5]] == ["Python", "Qt", "NumPy", "System"]
