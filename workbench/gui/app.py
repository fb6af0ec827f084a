"""Opening the window: the application, its theme, its log, and the workbook of last time."""

import os
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from workbench import __version__
from workbench.gui.garbage import Collector
from workbench.gui.keys import guard_keys
from workbench.gui.log import Log, start_log, stop_log
from workbench.gui.memory import Memory
from workbench.gui.preload import Preload
from workbench.gui.theme import MODES, Mode, icon, theme
from workbench.gui.window import MainWindow
from workbench.lab.places import SUFFIX, default_workbook

_ENDED_BADLY = "The window did not end well last time. Runs that trained went on without it."


def run_window(path: Path | None) -> int:
    """Open the window on a workbook, on an experiment file, or on what was open last; return the exit status."""
    application = QApplication(sys.argv[:1])
    application.setApplicationName("RNN Workbench")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("rnn-workbench")
    memory = Memory()
    log = start_log()
    theme().apply(_mode(memory))
    application.setWindowIcon(icon("cell", theme().colours.accent))
    guard_keys(application)
    collector = Collector()
    window = MainWindow(memory, _workbook(path, memory))

    def end() -> None:
        window.close_quietly()
        application.quit()

    # Python may hear of a signal while the window paints: it is closed from the event loop, and the loop surely ends.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, window, end))
    window.built.connect(lambda: _begin(window, log, path))
    window.gone.connect(application.exit)  # hidden before it is closed, it is no last window to Qt
    window.built.connect(collector.set_aside)
    preload = Preload(window)
    preload.loaded.connect(window.build)
    window.show()
    preload.start()
    status = application.exec()
    collector.stop()
    stop_log()
    return status


def _begin(window: MainWindow, log: Log, path: Path | None) -> None:
    """Say what happened before, and bring in what was asked for."""
    notices = window.context.notices
    log.trouble.connect(notices.complain)
    if log.last_crash is not None:
        notices.complain(_ENDED_BADLY, log.last_crash)
    if path is not None and path.suffix != SUFFIX:
        window.context.files.open(path)
    window.show_first_tour()


def _mode(memory: Memory) -> Mode:
    kept = memory.text("theme", "system")
    return next((mode for mode in MODES if mode == kept), "system")


def _workbook(path: Path | None, memory: Memory) -> Path:
    """Return the workbook to open: the one asked for, the one of last time if it is still there, or the first."""
    if path is not None and path.suffix == SUFFIX:
        return path
    last = Path(memory.text("workbook"))
    return last if last.is_file() and os.access(last, os.R_OK) else default_workbook()
