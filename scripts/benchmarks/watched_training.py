"""Trains an experiment with the window open and all panels visible; prints what that did to both as JSON.

Arguments: a workbook, an experiment as JSON.
"""

import json
import sys
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.residence import occupied
from workbench.gui.keys import guard_keys
from workbench.gui.memory import Memory
from workbench.gui.theme import theme
from workbench.gui.window import MainWindow
from workbench.lab.experiment import Experiment

BEAT = 5  # milliseconds


class Observer:
    """Beats in the window's event loop: how late a beat comes is how long the loop stood still."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.stalls: list[float] = []
        self.memory: list[tuple[float, int]] = []
        self._begin = self._last = perf_counter()
        self._training = self._seen = False
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._beat)
        self._timer.start(BEAT)

    def _beat(self) -> None:
        now = perf_counter()
        record = self.window.context.session.runs.current_record
        if self._training:
            self.stalls.append(max(0.0, 1000 * (now - self._last) - BEAT))
        self._training = record is not None and record.active
        self._seen = self._seen or self._training  # before, an earlier run of the workbook is looked at
        if not self.memory or now - self._begin - self.memory[-1][0] > 1:
            self.memory.append((now - self._begin, occupied()))
        self._last = now
        if self._seen and record is not None and record.ended is not None and not record.active:
            self._timer.stop()
            QTimer.singleShot(500, self._end)

    def _end(self) -> None:
        record = self.window.context.session.runs.current_record
        assert record is not None
        assert record.started is not None
        assert record.ended is not None
        shown = [name for name, panel in self.window.context.workspace.panels.items() if panel.isVisible()]
        print(
            json.dumps(
                {
                    "status": record.status,
                    "seconds": record.ended - record.started,
                    "stalls": self.stalls,
                    "memory": self.memory,
                    "panels": shown,
                }
            ),
            flush=True,
        )
        self.window.close()
        QApplication.quit()


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    theme().apply("light")
    guard_keys(application)
    window = MainWindow(Memory(), Path(sys.argv[1]))
    window.resize(1600, 1000)
    window.build()
    window.context.draft.load(Experiment.from_json(sys.argv[2]))
    window.context.session.opened.connect(window.context.control.train)
    window.show()
    observer = Observer(window)
    application.exec()
