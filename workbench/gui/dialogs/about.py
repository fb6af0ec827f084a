"""About the program: what it is, its versions, and where its files lie."""

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyqtgraph
import PySide6
from PySide6.QtCore import QSize, Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workbench import __version__
from workbench.gui.theme import set_role

NAME = "RNN Workbench"
ABOUT = "A desktop workbench for recurrent networks: pick a cell and a task, and watch it learn."
LICENCE = "MIT"
_WIDTH = 78  # letters in the longest line


@dataclass(frozen=True)
class Place:
    """A folder in which files of the program lie: "Workbooks", "Settings", "Logs"."""

    title: str
    folder: Path


class About(QDialog):
    """Name, version, licence, versions of what it stands on, and folders that can be opened."""

    def __init__(self, places: Sequence[Place], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"About {NAME}")
        self._places = tuple(places)
        heading = QLabel(f"{NAME} {__version__}")
        set_role(heading, "heading")
        about = QLabel(ABOUT)
        about.setWordWrap(True)
        self.copy = QPushButton("Copy details")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details(self._places)))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(about)
        layout.addLayout(self._table())
        layout.addStretch()
        layout.addWidget(buttons)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setFocus()
        self.resize(self.fontMetrics().averageCharWidth() * _WIDTH, self.sizeHint().height())

    def _table(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        facts = {"Licence": LICENCE, **versions()}
        for row, (title, fact) in enumerate(facts.items()):
            grid.addWidget(_muted(title), row, 0)
            grid.addWidget(QLabel(fact), row, 1, 1, 2)
        for row, place in enumerate(self._places, start=len(facts)):
            grid.addWidget(_muted(place.title), row, 0)
            grid.addWidget(_Path(place.folder), row, 1)
            grid.addWidget(_opener(place), row, 2)
        return grid


def versions() -> dict[str, str]:
    """Return the versions of what the program stands on, by name."""
    return {
        "Python": platform.python_version(),
        "Qt": f"{qVersion()} (PySide6 {PySide6.__version__}, pyqtgraph {pyqtgraph.__version__})",
        "NumPy": np.__version__,
        "System": platform.platform(terse=True),
    }


def details(places: Sequence[Place]) -> str:
    """Return all of it as lines of text, as for a report of an error."""
    lines = {NAME: __version__, **versions(), **{place.title: str(place.folder) for place in places}}
    return "".join(f"{title}: {fact}\n" for title, fact in lines.items())


def _muted(title: str) -> QLabel:
    label = QLabel(title)
    set_role(label, "muted")
    return label


def _opener(place: Place) -> QPushButton:
    button = QPushButton("Open")
    set_role(button, "link")
    button.setAutoDefault(False)
    button.setToolTip(f"Open {place.folder}")
    button.setAccessibleName(f"Open the folder: {place.title}")
    button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(place.folder))))
    return button


class _Path(QLabel):
    """A path, shortened in its middle where there is no room for all of it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = str(path)
        self.setToolTip(self._path)
        self.setAccessibleName(self._path)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Return the room of one line; its width is whatever there is."""
        return QSize(0, self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the path to the new width."""
        super().resizeEvent(event)
        self.setText(self.fontMetrics().elidedText(self._path, Qt.TextElideMode.ElideMiddle, self.width()))
