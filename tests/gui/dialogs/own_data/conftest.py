"""Fixtures of the dialog about own data."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from tests.gui.support import small_experiment
from workbench.gui.background import Background
from workbench.gui.dialogs.own_data import OwnDataDialog
from workbench.gui.form.draft import Draft

OpenDialog = Callable[[Path], OwnDataDialog]


@pytest.fixture
def draft() -> Draft:
    return Draft(small_experiment())


@pytest.fixture
def open_dialog(background: Background, draft: Draft, qtbot: QtBot) -> Iterator[OpenDialog]:
    """Opens the dialog on a file."""
    opened: list[OwnDataDialog] = []

    def open_one(path: Path) -> OwnDataDialog:
        dialog = OwnDataDialog(draft, background, path)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        opened.append(dialog)
        dialog.open()
        qtbot.waitExposed(dialog)
        return dialog

    yield open_one
    for dialog in opened:
        if isValid(dialog):
            dialog.close()
            dialog.deleteLater()
