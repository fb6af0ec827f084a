"""The field of a file of one's own: its name, what is read in it, and the way back to the built-in data."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from workbench.gui.form.fields import FormField
from workbench.gui.form.lines import LineField
from workbench.gui.theme import icon, set_role, theme

_AROUND = 52  # pixels of a line that the cross and its margins take


class PathLine(LineField):
    """A path of which only the name is shown, and all of it while it is typed."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.path = ""
        self.setPlaceholderText("none")
        self.clear_action = QAction("Clear", self)
        self.clear_action.setToolTip("No file of your own: back to the built-in data")
        self.addAction(self.clear_action, QLineEdit.ActionPosition.TrailingPosition)
        self.textEdited.connect(self._keep)
        theme().changed.connect(self._dress)
        self._dress()

    def show_text(self, text: str) -> None:
        """Show what the draft holds."""
        self.path = text
        self._show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the whole path."""
        super().focusInEvent(event)
        self._show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the name alone."""
        super().focusOutEvent(event)
        self._show()

    def _keep(self, text: str) -> None:
        self.path = text

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as much of the name as there is room for."""
        super().resizeEvent(event)
        self._show()

    def _show(self) -> None:
        super().show_text(self.path if self.hasFocus() else self._short_name())
        self.clear_action.setVisible(bool(self.path))
        self.setToolTip(self.path)

    def _short_name(self) -> str:
        room = self.width() - _AROUND
        return self.fontMetrics().elidedText(Path(self.path).name, Qt.TextElideMode.ElideMiddle, room)

    def _dress(self) -> None:
        self.clear_action.setIcon(icon("close", theme().colours.muted))


class PathField(QWidget):
    """A file, typed or browsed for."""

    typed = Signal(str)
    browse_asked = Signal()
    """A file is to be chosen, of which more is to be asked before it is taken."""
    reading_asked = Signal(str)
    """How this file is read is to be chosen."""
    renewal_asked = Signal()
    """A file that has changed is to be taken as it is now."""

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.line = PathLine(field)
        self.line.typed.connect(self.typed)
        self.line.clear_action.triggered.connect(lambda: self.typed.emit(""))
        self.button = QToolButton()
        set_role(self.button, "quiet")
        self.button.setFixedSize(28, 28)
        self.button.setToolTip("Browse…")
        self.button.setAccessibleName(f"Browse for {field.title}")
        self.button.clicked.connect(self.browse_asked)
        self.reading = _word("columns…", "See the file, and choose what is read in it")
        self.reading.clicked.connect(lambda: self.reading_asked.emit(self.line.path))
        self.another = _word("another…", "Choose another file")
        self.another.clicked.connect(self.browse_asked)
        self.renewal = _word("take it as it is now", "Take the file as it is now: train on what it holds today")
        self.renewal.clicked.connect(self.renewal_asked)
        self._lay_out()
        self.setFocusProxy(self.line)
        theme().changed.connect(self._dress)
        self._dress()

    @property
    def marked(self) -> QWidget:
        """The widget that shows whether the value is wrong."""
        return self.line

    def show_text(self, text: str) -> None:
        """Show the file."""
        self.line.show_text(text)
        self.button.setVisible(not text)
        for word in (self.reading, self.another):
            word.setVisible(bool(text))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.line)
        row.addWidget(self.button)
        words = QHBoxLayout()
        words.setSpacing(12)
        words.addWidget(self.reading)
        words.addWidget(self.another)
        words.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(row)
        layout.addLayout(words)
        layout.addWidget(self.renewal)
        for word in (self.reading, self.another, self.renewal):
            word.hide()

    def _dress(self) -> None:
        self.button.setIcon(icon("open", theme().colours.muted))


def _word(text: str, description: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setToolTip(description)
    set_role(button, "word")
    return button
