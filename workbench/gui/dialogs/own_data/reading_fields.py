"""How the bytes of a file are read: its delimiter and its encoding."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from workbench.gui.form.editors import ChoiceField
from workbench.gui.form.fields import FormField, task_fields
from workbench.gui.form.row import lay_out_row, reason_label, row_label
from workbench.gui.theme import set_role

_AUTO = "auto"


class ReadingFields(QWidget):
    """Small choices: `changed` comes when a person chooses otherwise."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        heading = QLabel("FILE")
        set_role(heading, "section")
        self._column.addWidget(heading)
        self._rows: dict[str, QWidget] = {}
        self.choices: dict[str, ChoiceField] = {}
        for name, task in (("delimiter", "sentiment"), ("encoding", "language-model")):
            self._add(name, next(field for field in task_fields(task) if field.path == f"task.{name}"))

    @property
    def delimiter(self) -> str:
        """What separates the columns; "" while nobody knows."""
        return self.choices["delimiter"].currentData() or ""

    @property
    def encoding(self) -> str:
        """How letters are kept; "" while nobody knows."""
        return self.choices["encoding"].currentData() or ""

    def show_values(self, delimiter: str, encoding: str) -> None:
        """Show how a file was read; what has no meaning for it, "", is hidden."""
        for name, value in (("delimiter", delimiter), ("encoding", encoding)):
            choice = self.choices[name]
            choice.setCurrentIndex(choice.findData(value))
            self._rows[name].setVisible(bool(value))
        self.setVisible(bool(delimiter or encoding))

    def offer_encoding(self) -> None:
        """Let another encoding be chosen for a file that could not be read."""
        self._rows["delimiter"].hide()
        self._rows["encoding"].show()
        self.show()

    def _add(self, name: str, field: FormField) -> None:
        plain = replace(field, choices=tuple(choice for choice in field.choices if choice != _AUTO))
        choice = self.choices[name] = ChoiceField(plain)
        choice.setAccessibleName(field.title)
        choice.typed.connect(lambda _: self.changed.emit())
        row = self._rows[name] = QWidget()
        lay_out_row(row, row_label(field.title, choice), choice, reason_label())
        self._column.addWidget(row)
