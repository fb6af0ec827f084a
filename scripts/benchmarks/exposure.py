"""Tells the parent process when a window is on the screen, painted."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

SHOWN = "shown"


class _Watch(QObject):
    """Waits for the first paint of a window, then for all that was asked for until then."""

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._then = then
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what arrives at the window."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._then)
        return False


def tell_when_exposed(window: QWidget) -> None:
    """Print a line when the window has been painted, then close it."""

    def tell() -> None:
        print(SHOWN, flush=True)
        window.close()
        QApplication.quit()

    _Watch(window, tell)
