"""Loads what the window is made of, a piece at a turn of the event loop, so that the window shows itself first.

On the window's own thread: PySide6 crashes now and then when another thread loads modules while this one paints.
"""

import importlib

from PySide6.QtCore import QObject, QTimer, Signal

PIECES = (
    "numpy",
    "pyqtgraph",
    "workbench.cells",
    "workbench.tasks",
    "workbench.lab.running",
    "workbench.gui.form.form",
    "workbench.gui.panels.registry",
    "workbench.gui.parts",
)


class Preload(QObject):
    """Emits `loaded` when all is there."""

    loaded = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting = list(PIECES)

    def start(self) -> None:
        """Begin to load."""
        QTimer.singleShot(0, self, self._load)

    def _load(self) -> None:
        importlib.import_module(self._waiting.pop(0))
        if self._waiting:
            self.start()
        else:
            self.loaded.emit()
