"""The dialog in which a person says what a file of their own is for."""

import re
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.gui import format as text
from workbench.gui.background import Background
from workbench.gui.dialogs.own_data.fields import UseFields
from workbench.gui.dialogs.own_data.file_choice import FileChoice
from workbench.gui.dialogs.own_data.preview import FilePreview
from workbench.gui.dialogs.own_data.reading_fields import ReadingFields
from workbench.gui.dialogs.own_data.use_choice import UseChoice
from workbench.gui.dialogs.own_data.uses import Use, uses_of
from workbench.gui.form.draft import Draft
from workbench.gui.form.dropped import fitted, words_on_fitting
from workbench.gui.form.fields import breakable, sentence
from workbench.gui.theme import set_role
from workbench.gui.theme.roles import Role
from workbench.lab.apart import check_apart, look_apart
from workbench.lab.experiment import Experiment
from workbench.tasks.support.files.look import FileLook

_LOOK, _TRY = "own_data.look", "own_data.try"
_SIDE = 300
_FIELDS = {name: f"the {name}" for name in ("encoding", "delimiter", "columns", "horizon", "level", "vocabulary")}
_FIELDS |= {"held_out": "the share held out"}  # settings that can be changed here
_FIELD = re.compile(rf"\btask\.({'|'.join(_FIELDS)})\b")


class OwnDataDialog(QDialog):
    """Shows the beginning of a file and asks what it is for; "Use it" is one edit of the draft."""

    used = Signal(str)
    """The draft has the file; what had to be shortened for it, in a sentence, or ""."""

    def __init__(self, draft: Draft, background: Background, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Use own data")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._draft, self._background, self._path = draft, background, path
        self.choice = FileChoice(draft.last_valid, path)
        self.fields: UseFields | None = None
        self.name, self.facts, self.note = QLabel(breakable(path.name)), QLabel(), QLabel()
        self.uses, self.reading, self.preview = UseChoice(), ReadingFields(), FilePreview()
        self._place = QVBoxLayout()
        self.cancel, self.use_it = QPushButton("Cancel"), QPushButton("Use it")
        self._lay_out()
        self.uses.chosen.connect(self._choose)
        self.reading.changed.connect(lambda: self._read(self.reading.encoding, self.reading.delimiter))
        self.cancel.clicked.connect(self.reject)
        self.use_it.clicked.connect(self.accept)
        self._read(*self.choice.reading)

    def accept(self) -> None:
        """Try whether the task can be made of the file, and give it to the draft if so."""
        if not self.use_it.isEnabled():
            return
        wanted, size = self.choice.experiment(), self.choice.look.size
        self.use_it.setEnabled(False)
        self._say(f"Reading all of {self._path.name} …", "muted")
        self._background.forget(_TRY)
        self._background.ask(_TRY, lambda: fitted(wanted, size, check_apart), self._take, self._refuse)

    def done(self, result: int) -> None:
        """Close; an answer that is on its way finds nobody."""
        for key in (_LOOK, _TRY):
            self._background.forget(key)
        super().done(result)

    # Reading.

    def _read(self, encoding: str, delimiter: str) -> None:
        path = str(self._path)
        for key in (_LOOK, _TRY):
            self._background.forget(key)
        self.use_it.setEnabled(False)
        self._say("", "muted")
        self.preview.show_waiting(f"Reading {self._path.name} …")
        self._background.ask(_LOOK, lambda: look_apart(path, encoding, delimiter), self._show, self._show_unread)

    def _show(self, look: FileLook) -> None:
        first = self.fields is None
        self.choice.take(look)
        self.facts.setText(facts_of(look))
        self.reading.show_values(look.delimiter, look.encoding)
        self.uses.offer(uses_of(look))
        self.uses.show()
        self._show_use()
        if first:
            self.use_it.setFocus()

    def _show_unread(self, error: WorkbenchError) -> None:
        self.facts.clear()
        self.preview.show_sentence(self._by_name(error))
        if self._path.is_file():  # by another encoding it may be read
            self.reading.offer_encoding()

    # What is chosen.

    def _choose(self, use: Use) -> None:
        self.choice.choose(use)
        self._show_use()

    def _change(self, name: str, value: Any) -> None:
        self.choice.set(name, value)
        self._judge()

    def _show_use(self) -> None:
        use, look = self.choice.use, self.choice.look
        self.uses.show_chosen(use)
        if use.roles:
            self.preview.show_rows(look)
        else:
            self.preview.show_lines(look)
        if self.fields is not None:
            self._place.removeWidget(self.fields)
            self.fields.hide()
            self.fields.deleteLater()
        self.fields = UseFields(use, look, self.choice.settings)
        self.fields.changed.connect(self._change)
        self._place.addWidget(self.fields)
        self.fields.show()  # at once, not when the layout comes round to it
        self._judge()

    def _judge(self) -> None:
        """Say what keeps the choice from being used, as far as the first rows tell."""
        assert self.fields is not None
        self._background.forget(_TRY)
        self.preview.table.show_uses(self.choice.uses_of_columns)
        problems, objection = self.choice.problems, self.choice.objection
        self.fields.show_problems(problems)
        if objection:
            self._say(objection, "reason")
        else:
            self._say(self.choice.remarks, "muted")
        self.use_it.setEnabled(not (problems or objection))

    # The end.

    def _take(self, experiment: Experiment) -> None:
        wanted = self.choice.experiment()
        self._draft.load(experiment, f"Load {self._path.name}")
        super().accept()
        self.used.emit(words_on_fitting(wanted, experiment))

    def _refuse(self, error: WorkbenchError) -> None:
        """Say why it cannot be used so; another choice may do."""
        self._say(self._by_name(error), "reason")

    def _by_name(self, error: WorkbenchError) -> str:
        """Return what an error says: the file by its name alone, settings that have a field here in its words."""
        name = self._path.name
        words = str(error).replace(str(self._path), f"“{name}”")
        if words.startswith(name):  # a file's name keeps its small letter
            words = f"“{name}”{words.removeprefix(name)}"
        return sentence(_FIELD.sub(lambda found: _FIELDS[found[1]], words))

    def _say(self, words: str, role: Role) -> None:
        self.note.setText(breakable(words))
        set_role(self.note, role)

    def _lay_out(self) -> None:
        self.name.setToolTip(str(self._path))
        set_role(self.name, "heading")
        set_role(self.facts, "muted")
        set_role(self.use_it, "accent")
        self.use_it.setDefault(True)
        self.cancel.setAutoDefault(False)
        for label in (self.name, self.note):
            label.setWordWrap(True)
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.uses.hide()
        self.reading.hide()
        side = QWidget()
        side.setFixedWidth(_SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.uses)
        column.addLayout(self._place)
        column.addWidget(self.reading)
        column.addStretch(1)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(side)
        middle.addWidget(self.preview, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.note, 1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.use_it)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.name)
        head.addWidget(self.facts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(head)
        layout.addLayout(middle, 1)
        layout.addLayout(buttons)
        self.resize(940, 580)


def facts_of(look: FileLook) -> str:
    """Return how large a file is, in a line."""
    facts = [text.size(look.size)]
    if look.kind != "text":
        facts += [_count(look.row_count, "row")] if look.row_count is not None else []
        facts.append(_count(len(look.columns), "column"))
    return " · ".join(facts)


def _count(number: int, thing: str) -> str:
    return f"{text.steps(number)} {thing}{'' if number == 1 else 's'}"
