"""The fields of a use: its columns, and the settings of its task that are worth a choice at once."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.gui.dialogs.own_data.uses import Role, Use, joined
from workbench.gui.form.editors import Choice, Editor, editor_for
from workbench.gui.form.fields import FormField, task_fields
from workbench.gui.form.row import describe, lay_out_row, mark_wrong, reason_label, row_label
from workbench.tasks.support.files.look import FileLook

_MOST_TICKS = 7  # shown without scrolling
_UNFIT = "Some cells of this column are no numbers, or its name has a comma in it."


class UseFields(QWidget):
    """One column of rows for a use of a file; `changed` tells a setting and its new value."""

    changed = Signal(str, object)

    def __init__(self, use: Use, look: FileLook, settings: Mapping[str, Any]) -> None:
        super().__init__()
        self.use = use
        self.choices: dict[str, Choice] = {}
        self.editors: dict[str, Editor] = {}
        self.ticks: ColumnTicks | None = None
        self._reasons: dict[str, QLabel] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        for role in use.roles:
            add = self._add_ticks if role.several else self._add_choice
            add(role, look, str(settings[role.setting]))
        known = {field.path.partition(".")[2]: field for field in task_fields(use.task)}
        for name in use.settings:
            self._add_editor(name, known[name], settings[name])

    def show_problems(self, problems: Mapping[str, str]) -> None:
        """Mark the settings that are wrong, and say why."""
        for name, reason in self._reasons.items():
            mark_wrong(self.editors[name].marked, reason, problems.get(name, ""))

    def _add_choice(self, role: Role, look: FileLook, chosen: str) -> None:
        choice = Choice()
        choice.setAccessibleName(f"{role.title} column")
        for column in look.columns:
            if role.fits(column):
                choice.addItem(column.name, column.name)
        choice.setCurrentIndex(choice.findData(chosen))
        choice.activated.connect(lambda: self.changed.emit(role.setting, choice.currentData()))
        self.choices[role.setting] = choice
        self._add_row(role.title, choice, reason_label())

    def _add_ticks(self, role: Role, look: FileLook, chosen: str) -> None:
        ticks = self.ticks = ColumnTicks(role, look, role.names(chosen))
        ticks.changed.connect(lambda: self.changed.emit(role.setting, joined(ticks.ticked)))
        self._add_row(role.title, ticks, reason_label())

    def _add_editor(self, name: str, field: FormField, value: Any) -> None:
        editor = editor_for(field)
        editor.show_text(field.print(value))
        editor.typed.connect(lambda text: self.changed.emit(name, field.parse(text)))
        target = editor.focusProxy() or editor
        target.setAccessibleName(field.title)
        target.setAccessibleDescription(describe(field))
        editor.setToolTip(describe(field))
        self.editors[name], self._reasons[name] = editor, reason_label()
        self._add_row(field.title, editor, self._reasons[name])

    def _add_row(self, title: str, editor: QWidget, reason: QLabel) -> None:
        row = QWidget()
        lay_out_row(row, row_label(title, editor), editor, reason)
        self._column.addWidget(row)


class ColumnTicks(QListWidget):
    """The columns of a file, to be ticked; what cannot be used is there, muted, and says why."""

    changed = Signal()

    def __init__(self, role: Role, look: FileLook, ticked: list[str]) -> None:
        super().__init__()
        self.setAccessibleName(role.title)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for column in look.columns:
            item = QListWidgetItem(column.name, self)
            fits = role.fits(column)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if fits and column.name in ticked else Qt.CheckState.Unchecked)
            if not fits:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setText(f"{column.name} – {column.kind}")
                item.setToolTip(_UNFIT)
        self.setFixedHeight(self.sizeHintForRow(0) * min(_MOST_TICKS, self.count()) + 2 * self.frameWidth() + 2)
        self._names = [column.name for column in look.columns]
        self.itemChanged.connect(lambda _: self.changed.emit())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys are: on the first column that can be ticked, or where they were."""
        super().focusInEvent(event)
        if event.reason() != Qt.FocusReason.MouseFocusReason:
            fit = [place for place in range(self.count()) if self.item(place).flags()]
            self.setCurrentRow(self.currentRow() if self.currentRow() in fit else next(iter(fit), 0))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Mark no column any more."""
        super().focusOutEvent(event)
        self.clearSelection()

    @property
    def ticked(self) -> list[str]:
        """The names of the columns that are ticked, in the file's order."""
        return [
            name for place, name in enumerate(self._names) if self.item(place).checkState() == Qt.CheckState.Checked
        ]
