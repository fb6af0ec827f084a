"""The widget for each kind of field: all emit what was typed or chosen as text, and show a text."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from workbench.gui.form.fields import FormField
from workbench.gui.form.lines import LineField, NumberField
from workbench.gui.form.path_field import PathField

_DIGITS = 12  # of a hash
_INSIDE = 2  # pixels that the style keeps free beside the text
_WORDS = {
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adamw": "AdamW",
    "auto": "Automatic",
    "numpy": "NumPy",
    "numba": "Compiled (Numba)",
    "cupy": "GPU (CuPy)",
    "float32": "float32",
    "float64": "float64",
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "latin-1": "Latin-1",
}
"""Names that are not their value with a capital."""


class Choice(QComboBox):
    """A list to choose from. The wheel chooses only where it has the focus, so that scrolling changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the list closed; a name that is too long ends in an ellipsis."""
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        place = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        room = place.width() - _INSIDE
        option.currentText = self.fontMetrics().elidedText(self.currentText(), Qt.TextElideMode.ElideRight, room)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Choose the next entry, or let the form scroll."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(Choice):
    """One of the values a field can have."""

    typed = Signal(str)

    def __init__(self, field: FormField) -> None:
        super().__init__()
        for choice in field.choices:
            self.addItem(_WORDS.get(str(choice), str(choice).replace("-", " ").capitalize()), str(choice))
        self.activated.connect(lambda: self.typed.emit(self.currentData()))

    @property
    def marked(self) -> QWidget:
        """The widget that shows whether the value is wrong."""
        return self

    def show_text(self, text: str) -> None:
        """Show the choice; a text that is none shows nothing chosen."""
        self.setCurrentIndex(self.findData(text))


class FlagField(QCheckBox):
    """Yes or no."""

    typed = Signal(str)

    def __init__(self, field: FormField) -> None:
        super().__init__()
        self.clicked.connect(lambda checked: self.typed.emit(field.print(checked)))
        self.setMinimumHeight(28)

    @property
    def marked(self) -> QWidget:
        """The widget that shows whether the value is wrong."""
        return self

    def show_text(self, text: str) -> None:
        """Show yes or no."""
        self.setChecked(text == "true")


class HashField(LineField):
    """The hash that a file must have, shown short and not to be typed."""

    def __init__(self, field: FormField) -> None:
        super().__init__(field)
        self.setReadOnly(True)

    def show_text(self, text: str) -> None:
        """Show its beginning, which tells files apart."""
        super().show_text(f"{text[:_DIGITS]}…" if text else "")


Editor = LineField | ChoiceField | FlagField | PathField


def editor_for(field: FormField) -> Editor:
    """Return the widget in which a field of this kind is edited."""
    match field.kind:
        case "whole" | "number":
            return NumberField(field)
        case "choice":
            return ChoiceField(field)
        case "flag":
            return FlagField(field)
        case "path":
            return PathField(field)
        case "hash":
            return HashField(field)
        case "text":
            return LineField(field)
