"""The workbench's own window, opened as a user opens it. Says so when it is on the screen."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from workbench.gui.keys import guard_keys
from workbench.gui.memory import Memory
from workbench.gui.theme import theme
from workbench.gui.window import MainWindow

if __name__ == "__main__":
    from benchmarks.exposure import tell_when_exposed

    application = QApplication(sys.argv[:1])
    theme().apply("light")
    guard_keys(application)
    window = MainWindow(Memory(), Path(sys.argv[1]))
    tell_when_exposed(window)
    window.show()
    application.exec()
