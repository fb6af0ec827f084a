"""Garbage: objects that hold each other in a circle are collected on the window's thread, where widgets may end.

Python's own collector works on whichever thread happens to allocate; on the reader's it would destroy Qt objects there.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY = 1000  # milliseconds between two looks at what is young
_ALL_EVERY = 60  # such looks between two at everything


class Collector(QObject):
    """Collects in Python's place from now on, until `stop`."""

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._looks = 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(_EVERY)

    def set_aside(self) -> None:
        """Look no more at what is there now: the window's parts stay, and going through them takes a while."""
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Leave it to Python again."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()

    def _collect(self) -> None:
        self._looks += 1
        gc.collect(2 if self._looks % _ALL_EVERY == 0 else 1)
