"""What a window of PySide6 and pyqtgraph costs at least: one empty plot. Says so when it is on the screen."""

import sys

import pyqtgraph as pg
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from benchmarks.exposure import end, tell_when_painted

if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1440, 900)
    window.setCentralWidget(pg.PlotWidget())
    tell_when_painted(window)
    window.show()
    QTimer.singleShot(200, end)
    application.exec()
