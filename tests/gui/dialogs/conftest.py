"""Fixtures of the dialogs' tests: a small window, shown and closed."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.dialogs.support import SmallWindow


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> Iterator[SmallWindow]:
    shown = SmallWindow()
    shown.show()
    qtbot.waitExposed(shown)
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.field.setFocus()
    yield shown
    left = [widget for widget in QApplication.topLevelWidgets() if widget is not shown and widget.isVisible()]
    shown.close()
    shown.deleteLater()
    qtbot.waitUntil(lambda: not isValid(shown))
    assert not left, f"windows left behind: {left}"
