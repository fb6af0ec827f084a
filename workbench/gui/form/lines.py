"""Fields of one line: text and numbers, with the unit at the right and steps by keys and wheel."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLabel, QLineEdit

from workbench.gui.form.fields import FormField
from workbench.gui.form.stepping import stepped
from workbench.gui.format import THIN_SPACE
from workbench.gui.theme import set_role

_LONGEST = 4096
_GAP = 8


class LineField(QLineEdit):
    """A line of text. Undo and redo are left to the draft, which knows more than this line."""

    typed = Signal(str)

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.field = field
        self.setMaxLength(_LONGEST)
        self.textEdited.connect(self.typed)

    @property
    def marked(self) -> QLineEdit:
        """The widget that shows whether the value is wrong."""
        return self

    def show_text(self, text: str) -> None:
        """Show what the draft holds, unless the same was just typed here."""
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def event(self, event: QEvent) -> bool:
        """Let the window have Ctrl+Z."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand undo and redo up."""
        if _is_undo(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class NumberField(LineField):
    """A number with its unit. Up and Down step, with Ctrl tenfold; so does the wheel where the field has the focus."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self._unit = QLabel(field.unit, self)
        set_role(self._unit, "unit")
        self._unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._unit.setVisible(bool(field.unit))

    def show_text(self, text: str) -> None:
        """Show the draft's text; digits stand together while the field is typed in."""
        if self.hasFocus():
            if self.field.parse(text) != self.field.parse(self.text()):
                self.setText(self._together(text))
        else:
            super().show_text(text)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Put the digits together."""
        super().show_text(self._together(self.text()))
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Set the thousands apart again."""
        value = self.field.parse(self.text())
        if self.field.kind == "whole" and isinstance(value, int):
            super().show_text(self.field.print(value))
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step by Up and Down."""
        direction = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if direction:
            self._step(direction, event.modifiers())
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Step where the field has the focus; else the form scrolls."""
        notches = event.angleDelta().y() or event.angleDelta().x()  # Alt and Ctrl may turn the wheel's axis
        if self.hasFocus() and notches:
            self._step(1 if notches > 0 else -1, event.modifiers())
            event.accept()
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the unit at the right, and the text off it."""
        super().resizeEvent(event)
        width = self._unit.sizeHint().width()
        self._unit.setGeometry(self.width() - width - _GAP, 0, width, self.height())
        self.setTextMargins(0, 0, width if self.field.unit else 0, 0)

    def _step(self, direction: int, modifiers: Qt.KeyboardModifier) -> None:
        value = self.field.parse(self.text())
        if isinstance(value, str):
            return
        ten = bool(modifiers & Qt.KeyboardModifier.ControlModifier) and self.field.kind == "whole"
        text = str(stepped(self.field, value, direction * (10 if ten else 1)))
        self.setText(text)
        self.typed.emit(text)

    def _together(self, text: str) -> str:
        return text.replace(THIN_SPACE, "")


def _is_undo(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
