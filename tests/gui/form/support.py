"""What the form's tests do with it: type and drop."""

import warnings
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from workbench.gui.form.form import ExperimentForm


def line(form: ExperimentForm, path: str) -> QLineEdit:
    """Return the line in which a field is typed."""
    editor = form.row(path).editor.focusProxy() or form.row(path).editor
    assert isinstance(editor, QLineEdit)
    return editor


def type_into(qtbot: QtBot, field: QLineEdit, text: str) -> None:
    """Click into a line, select what stands there and type."""
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    if text:
        qtbot.keyClicks(field, text)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Backspace)


def drop(widget: QWidget, *paths: Path) -> bool:
    """Drag files over a widget and let go of them; tell whether it took them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    keys = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the successor is unknown to older PySide6
        enter = QDragEnterEvent(QPoint(20, 300), *keys)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(20, 300), *keys))
    return enter.isAccepted()
