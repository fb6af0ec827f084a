"""The workbench's own window, opened as a user opens it. Says when it is on the screen, and when it is ready."""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.exposure import end, tell, tell_when_painted
from workbench.gui.keys import guard_keys
from workbench.gui.memory import Memory
from workbench.gui.preload import Preload
from workbench.gui.theme import theme
from workbench.gui.window import MainWindow

READY = "ready"


def main() -> None:
    """Open the window; end when its parts are painted and the workbook is open."""
    application = QApplication(sys.argv[:1])
    theme().apply("light")
    guard_keys(application)
    window = MainWindow(Memory(), Path(sys.argv[1]))
    tell_when_painted(window)
    preload = Preload(window)
    preload.loaded.connect(window.build)
    window.built.connect(lambda: window.context.session.opened.connect(lambda: QTimer.singleShot(0, ready)))
    window.show()
    preload.start()
    application.exec()


def ready() -> None:
    """Tell, when what was asked for before is painted."""
    tell(READY)
    end()


if __name__ == "__main__":
    main()
