"""The first start: the tour leads through the window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.dialogs.tour import TourCard
from workbench.gui.memory import Memory
from workbench.gui.window import MainWindow


@pytest.fixture
def shown_window(dressed: QApplication, tmp_path: Path) -> Iterator[MainWindow]:
    """A window as the program shows it: before its parts are there."""
    window = MainWindow(Memory(), tmp_path / "book.rnnw")
    window.show()
    yield window
    window.close_quietly()
    window.deleteLater()


def _card(window: MainWindow) -> TourCard | None:
    return next((card for card in window.findChildren(TourCard) if card.isVisible()), None)


def test_the_tour_starts_at_its_first_stop_as_soon_as_the_window_is_built(
    shown_window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.waitExposed(shown_window)
    shown_window.built.connect(shown_window.show_first_tour)
    shown_window.build()
    qtbot.waitUntil(lambda: _card(shown_window) is not None)
    card = _card(shown_window)
    assert card is not None
    assert card.title.text() == "An experiment"
    qtbot.keyClick(card.next, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: _card(shown_window) is None)
