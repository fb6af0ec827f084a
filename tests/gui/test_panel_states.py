"""Every panel of the window in every state of a run, and in either theme while a run trains."""

import os
import signal
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.gui.conftest import OpenWindow
from tests.gui.support import PATIENCE, run_from_palette, status, train_small, worker_of
from workbench.gui.panels.panel import Panel
from workbench.gui.theme import theme
from workbench.gui.window import MainWindow

_INVITATION = "Press Train"


def _panels(window: MainWindow) -> dict[str, Panel]:
    """Return the panels that are seen: of those that share a place, the one in front."""
    workspace = window.context.workspace
    return {name: panel for name, panel in workspace.panels.items() if workspace.is_shown(name)}


def _words(window: MainWindow) -> dict[str, str]:
    """Return what each panel says of what it shows."""
    return {name: panel.accessibleDescription() for name, panel in _panels(window).items()}


def _show_a_run(window: MainWindow) -> bool:
    """Tell whether all panels speak of a run."""
    return all(words and _INVITATION not in words for words in _words(window).values())


def _wait_for_end(window: MainWindow, qtbot: QtBot) -> str:
    qtbot.waitUntil(lambda: status(window) not in ("created", "queued", "running"), timeout=PATIENCE)
    return status(window)


def test_without_a_run_each_panel_invites_to_train(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    qtbot.waitUntil(lambda: all(_INVITATION in words for words in _words(window).values()), timeout=PATIENCE)
    assert all(panel.accessibleName() for panel in _panels(window).values())


def test_while_a_run_trains_each_panel_tells_of_it(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    train_small(window, qtbot)
    qtbot.waitUntil(lambda: _show_a_run(window), timeout=PATIENCE)
    assert "1 in training" in _words(window)["runs"]
    before = _words(window)
    new = ("loss", "hidden_state", "parameters", "predictions")  # those that name the training step
    qtbot.waitUntil(lambda: all(_words(window)[name] != before[name] for name in new), timeout=PATIENCE)


def test_each_panel_tells_of_the_last_step_of_a_finished_run(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    train_small(window, qtbot, steps=150)
    assert _wait_for_end(window, qtbot) == "finished"
    naming = ("loss", "hidden_state", "gradient_flow", "parameters", "predictions")
    qtbot.waitUntil(lambda: all("step 150" in _words(window)[name] for name in naming), timeout=PATIENCE)
    assert _show_a_run(window)
    assert "finished" in _words(window)["runs"]


def test_each_panel_shows_what_there_was_before_a_run_failed(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    train_small(window, qtbot, cell="irnn", optimizer="sgd", learning_rate=1000.0, clip_norm=0.0)
    assert _wait_for_end(window, qtbot) == "failed"
    qtbot.waitUntil(lambda: _show_a_run(window), timeout=PATIENCE)
    qtbot.waitUntil(lambda: "diverged at step" in _words(window)["loss"], timeout=PATIENCE)
    assert "failed" in _words(window)["runs"]
    assert len(window.context.notices.sentences) == 1


def test_each_panel_shows_what_there_was_before_a_run_was_interrupted(
    open_window: OpenWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    window = open_window()
    train_small(window, qtbot)
    os.kill(worker_of(tmp_path / "book.rnnw"), signal.SIGKILL)
    assert _wait_for_end(window, qtbot) == "interrupted"
    qtbot.waitUntil(lambda: _show_a_run(window), timeout=PATIENCE)
    assert "interrupted" in _words(window)["runs"]


def _brightness(window: MainWindow) -> dict[str, float]:
    """Return how bright each panel is on the screen, from 0 for black to 1 for white: the median of its pixels."""
    screen = window.screen().grabWindow(window.winId()).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    rows = np.frombuffer(screen.constBits(), np.uint8).reshape(screen.height(), screen.bytesPerLine())
    found = {}
    for name, panel in _panels(window).items():
        place = QRect(panel.mapTo(window, QPoint()), panel.size())
        part = rows[place.top() : place.bottom(), place.left() : place.right()]
        found[name] = float(np.median(part)) / 255
    return found


def test_each_panel_changes_its_theme_while_a_run_trains(open_window: OpenWindow, qtbot: QtBot) -> None:
    window = open_window()
    train_small(window, qtbot)
    qtbot.waitUntil(lambda: _show_a_run(window), timeout=PATIENCE)
    qtbot.waitUntil(lambda: min(_brightness(window).values()) > 0.8)
    run_from_palette(window, "Dark theme", qtbot)
    qtbot.waitUntil(lambda: max(_brightness(window).values()) < 0.2)
    before = _words(window)["predictions"]
    qtbot.waitUntil(lambda: _words(window)["predictions"] != before, timeout=PATIENCE)  # drawn anew in the dark
    assert max(_brightness(window).values()) < 0.2
    run_from_palette(window, "Light theme", qtbot)
    qtbot.waitUntil(lambda: min(_brightness(window).values()) > 0.8)
    assert status(window) == "running"
    assert theme().mode == "light"
