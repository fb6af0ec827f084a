"""The hidden-state panel on a session, and on the runs of a workbook."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.panels.hidden_state import HiddenStatePanel
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(800, 250)
    return widget


@pytest.fixture
def panel(session: Session, clock: Clock, window: QWidget, qtbot: QtBot) -> HiddenStatePanel:
    """The panel, shown, on a session without a workbook."""
    widget = HiddenStatePanel(session, clock)
    widget.setParent(window)
    widget.resize(800, 250)
    with qtbot.waitExposed(window):
        window.show()
    return widget


@pytest.fixture
def look_at(panel: HiddenStatePanel, session: Session, qtbot: QtBot) -> Callable[[Path, int], None]:
    """Open a workbook and look at one of its runs, until its picture is drawn."""

    def look(path: Path, run: int) -> None:
        if session.workbook is None or session.workbook.path != path:
            session.open(path)
            qtbot.waitUntil(lambda: session.workbook is not None and session.workbook.path == path)
            qtbot.waitUntil(lambda: bool(session.runs.records))
        session.runs.select(run)
        qtbot.waitUntil(lambda: panel.picture is not None and panel.picture.sequence.snapshot.run == run)

    return look


@pytest.fixture
def lstm(panel: HiddenStatePanel, look_at: Callable[[Path, int], None], two_runs: Path) -> HiddenStatePanel:
    """The panel on an LSTM of 8 units that read 12 steps."""
    look_at(two_runs, 1)
    return panel
