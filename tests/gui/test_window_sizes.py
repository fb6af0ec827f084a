"""At its smallest screen, and on one of twice the pixels, nothing in the window is cut off or sticks out."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import PATIENCE, click, misfits, status, train_small
from workbench.gui.window import MainWindow

_ROOT = Path(__file__).resolve().parents[2]
_AT_TWICE_THE_PIXELS = """
import sys
from pathlib import Path
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication
from tests.gui.support import misfits
from workbench.gui.memory import Memory
from workbench.gui.theme import theme
from workbench.gui.window import MainWindow

application = QApplication([])
theme().apply("light")
window = MainWindow(Memory(), Path(sys.argv[1]))
window.resize(1280, 800)
window.show()
window.build()
opening = QEventLoop()
window.context.session.opened.connect(opening.quit)
QTimer.singleShot(30_000, lambda: application.exit(3))
opening.exec()
assert window.context.session.workbook is not None, "the workbook was not opened"
application.processEvents()
assert window.devicePixelRatio() == 2, window.devicePixelRatio()
assert (window.width(), window.height()) == (1280, 800), window.size()
picture = window.grab()
assert (picture.width(), picture.height()) == (2560, 1600), picture.size()
found = misfits(window)
window.close_quietly()
assert found == [], found
"""


def _outside(window: MainWindow) -> list[str]:
    """Return the panels that are hidden, squeezed below their least size, or reach out of the window.

    Of those that share a place each is brought to the front, the first one last.
    """
    found = []
    workspace = window.context.workspace
    for name, panel in reversed(workspace.panels.items()):
        workspace.bring(name)
        place = QRect(panel.mapTo(window, QPoint()), panel.size())
        least = panel.minimumSizeHint()
        if not panel.isVisible() or not window.rect().contains(place):
            found.append(f"{name} is at {place}")
        if panel.width() < least.width() or panel.height() < least.height():
            found.append(f"{name} is {panel.size()}, and needs {least}")
    return found


def _assert_all_fits(window: MainWindow) -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # texts that have just changed get their room
    assert (window.width(), window.height()) == (1280, 800)
    assert misfits(window) == []
    assert _outside(window) == []


def test_all_fits_before_the_first_run(open_window: OpenWindow) -> None:
    window = open_window()
    assert window.tool_bar.main_button.text() == "Train"
    _assert_all_fits(window)


def test_all_fits_while_a_run_trains_and_while_it_waits(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    train_small(window, qtbot)
    figures = window.tool_bar.figures
    qtbot.waitUntil(lambda: "left" in figures.text(), timeout=PATIENCE)  # at its longest
    qtbot.waitUntil(window.tool_bar.rate_button.isVisible)
    qtbot.waitUntil(lambda: window.context.session.film.snapshot is not None, timeout=PATIENCE)
    _assert_all_fits(window)

    click(window.tool_bar.main_button, qtbot)
    qtbot.waitUntil(lambda: status(window) == "paused", timeout=PATIENCE)
    qtbot.waitUntil(lambda: "paused" in figures.text())
    assert window.tool_bar.rate_button.isVisible()
    _assert_all_fits(window)


def test_all_fits_where_each_point_is_four_pixels(tmp_path: Path) -> None:
    environment = os.environ | {
        "PYTHONPATH": str(_ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", _AT_TWICE_THE_PIXELS, str(tmp_path / "book.rnnw")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
