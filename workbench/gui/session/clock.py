"""The one clock: looks at the workbook, and sees to it that drawing leaves time for everything else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from workbench.gui.session.session import Session

FASTEST = 100  # milliseconds between two frames
SLOWEST = 1000
TABLES = 500  # milliseconds between two looks at numbers and tables
SHARE = 5  # a frame may take one part in so many of the time


class Clock(QObject):
    """Ticks ten times a second, less often when frames take long; not while the mouse drags something."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._drawn = 0.0
        self._last_tables = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin to tick."""
        self._timer.start(FASTEST)

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()

    @property
    def interval(self) -> int:
        """Milliseconds to the next tick."""
        return self._timer.interval()

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Count what is done inside as drawing."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self._drawn += time.perf_counter() - begin

    def _tick(self) -> None:
        if QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton:
            return
        now = 1000 * time.monotonic()
        tables = now - self._last_tables >= TABLES
        if tables:
            self._last_tables = now
        self._session.look(with_records=tables)
        wanted = min(max(FASTEST, int(1000 * SHARE * self._drawn)), SLOWEST)
        self._drawn = 0.0
        if wanted != self._timer.interval():
            self._timer.setInterval(wanted)
