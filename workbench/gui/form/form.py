"""The set-up form: a card with all fields of the experiment, and what it will need."""

from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from workbench.gui.background import Background
from workbench.gui.dialogs.cell_editor import CellEditor
from workbench.gui.dialogs.cells import CellBrowser
from workbench.gui.dialogs.own_data import OwnDataDialog
from workbench.gui.form.cell_section import CellSection
from workbench.gui.form.cell_words import CellWords
from workbench.gui.form.draft import Draft
from workbench.gui.form.dropped import experiment_for, is_own_data, one_of_several
from workbench.gui.form.fields import CELL, TASK, TASK_COLUMNS, TASK_HASH, TASK_NAME, experiment_fields, sentence
from workbench.gui.form.lines import LineField
from workbench.gui.form.needs import NeedsSection, Records
from workbench.gui.form.path_field import PathField
from workbench.gui.form.row import FieldRow
from workbench.gui.form.scroll import MARGIN, ScrollingColumn
from workbench.gui.form.section import FoldingSection, PlainSection, Section
from workbench.gui.form.task_section import TaskSection
from workbench.gui.theme import set_role
from workbench.lab.workbook import SUFFIX
from workbench.tasks import TaskError

NARROWEST = 260
_RARELY = ("Watching", "Machine")
_DROP = "form.drop"


class ExperimentForm(QFrame):
    """Shows and edits a draft. ``records`` returns the runs that tell how fast this machine is."""

    refusal_changed = Signal()
    fold_changed = Signal()
    data_asked = Signal()
    """A file of one's own is to be chosen: `use_own_data` takes it."""

    def __init__(self, draft: Draft, background: Background, records: Records, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "panel")
        self.setObjectName("form")
        self.setAccessibleName("Experiment")
        self.setMinimumWidth(NARROWEST)
        self.setAcceptDrops(True)
        self.draft, self._background = draft, background
        self.cell, self.task = CellSection(draft), TaskSection(draft, background)
        self.needs = NeedsSection(draft, background, records)
        self.sections: dict[str, Section] = {
            "Experiment": PlainSection("Experiment"),
            "Cell": self.cell,
            "Task": self.task,
        }
        self._rows: dict[str, FieldRow] = {}
        self._typed_cell: CellWords | None = None
        self._scroll = ScrollingColumn()
        self._add_fields()
        self._lay_out()
        self.cell.edit_asked.connect(lambda: self.edit_cell())
        self.cell.own_asked.connect(lambda: self.edit_cell(self._typed_cell))
        self.cell.browse_asked.connect(self.browse_cells)
        self.task.rows_changed.connect(self._listen_to_file)
        self.needs.told.connect(self._told)
        draft.changed.connect(self.refresh)
        self.destroyed.connect(lambda: background.forget(_DROP))
        self.refresh()

    @property
    def refusal(self) -> str:
        """Why the draft cannot be trained, in one sentence; "" where nothing is known against it."""
        return self.draft.refusal or self.needs.refusal

    def row(self, path: str) -> FieldRow:
        """Return the row of a field, as "hidden" or "task.length". Raises KeyError where there is none."""
        return {**self._rows, **{row.field.path: row for row in self.task.rows}}[path]

    def refresh(self) -> None:
        """Show the draft as it is."""
        self.task.say("")
        self.cell.refresh()
        self.task.refresh()
        self._mark_file()  # as far as is known: the sentence must not come and go with every key
        for path, row in self._rows.items():
            row.refresh()
            if path in self.draft.problems:
                self.sections[row.field.group].unfold()
        self._suggest_name()
        self.needs.refresh()

    def focus_field(self, path: str) -> None:
        """Scroll to a field and put the focus on it; "cell" and "task" are fields too."""
        if path.partition(".")[0] == CELL:
            section: Section = self.cell
            self.cell.focus()
        elif path in (TASK, TASK_NAME) or path not in {
            row.field.path for row in (*self._rows.values(), *self.task.rows)
        }:
            section = self.task
            self.task.focus()
        else:
            row = self.row(path)
            self.sections[row.field.group].unfold()
            row.editor.setFocus(Qt.FocusReason.TabFocusReason)
            self._scroll.bring(row)
            return
        self._scroll.bring(section)

    def folded(self) -> list[str]:
        """Return the titles of the sections that are folded."""
        return [title for title, section in self.sections.items() if section.folded]

    def fold(self, titles: list[str]) -> None:
        """Fold these sections and unfold all others."""
        for title, section in self.sections.items():
            if isinstance(section, FoldingSection):
                section.fold() if title in titles else section.unfold()

    def edit_cell(self, words: CellWords | None = None) -> CellEditor:
        """Open the editor on the cell in use, or on what was typed there before."""
        editor = CellEditor(self.draft, self._background, words, self.window())
        editor.finished.connect(lambda: self._keep_words(editor))
        editor.open()
        return editor

    def browse_cells(self) -> CellBrowser:
        """Open the catalogue."""
        browser = CellBrowser(self.draft, self._background, self.window())
        browser.own_asked.connect(self.edit_cell)
        browser.finished.connect(browser.deleteLater)
        browser.open()
        return browser

    def use_own_data(self, path: Path) -> OwnDataDialog:
        """Ask what a file is for."""
        dialog = OwnDataDialog(self.draft, self._background, path.absolute(), self.window())
        dialog.used.connect(self._say)
        dialog.open()
        return dialog

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Undo and redo edits of the draft."""
        if event.matches(QKeySequence.StandardKey.Undo):
            self.draft.undo_stack.undo()
        elif event.matches(QKeySequence.StandardKey.Redo):
            self.draft.undo_stack.redo()
        else:
            super().keyPressEvent(event)

    # Files dropped here.

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files, but workbooks, which are the window's."""
        if _dropped_files(event.mimeData()):
            event.acceptProposedAction()
            self.task.say("Drop a text, a table or arrays to learn them, or an experiment or a cell to load it.")
        else:
            event.ignore()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Take the invitation back."""
        self.task.say("")

    def dropEvent(self, event: QDropEvent) -> None:
        """Make of the first file what it means, away from the window's thread."""
        paths = _dropped_files(event.mimeData())
        if not paths:
            event.ignore()
            return
        event.acceptProposedAction()
        self._say(one_of_several(paths))
        if is_own_data(paths[0]):
            self.use_own_data(paths[0])
        else:
            self._load(paths[0])

    def _load(self, path: Path) -> None:
        current = self.draft.last_valid
        self._background.ask(
            _DROP,
            lambda: experiment_for(path, current),
            lambda experiment: self.draft.load(experiment, f"Load {path.name}"),
            lambda error: self._say(sentence(str(error))),
        )

    def _say(self, words: str) -> None:
        """Say what became of a file, where it can be seen."""
        self.task.say(words)
        if words:
            self._scroll.bring(self.task.note)

    # Parts.

    def _path_fields(self) -> list[PathField]:
        return [row.editor for row in self.task.rows if isinstance(row.editor, PathField)]

    def _listen_to_file(self) -> None:
        """Ask more where a file is chosen in the task's rows, or how it is read."""
        by_column = any(row.field.path in TASK_COLUMNS for row in self.task.rows)
        for editor in self._path_fields():
            editor.reading.setText("columns…" if by_column else "reading…")
            editor.browse_asked.connect(self.data_asked)
            editor.reading_asked.connect(lambda path: self.use_own_data(Path(path)))
            editor.renewal_asked.connect(lambda: self.draft.set(TASK_HASH, ""))

    def _keep_words(self, editor: CellEditor) -> None:
        self._typed_cell = editor.words()
        editor.deleteLater()

    def _suggest_name(self) -> None:
        """Show in an empty name what the run will be called."""
        name, experiment = self._rows.get("name"), self.draft.experiment
        if name is not None and experiment is not None and isinstance(name.editor, LineField):
            name.editor.setPlaceholderText(experiment.label)

    def _told(self) -> None:
        self._mark_file()
        self.refusal_changed.emit()

    def _mark_file(self) -> None:
        """Show at the file itself why it cannot be used."""
        reason = str(self.needs.error) if isinstance(self.needs.error, TaskError) else ""
        if self.task.mark_file(reason):
            self.needs.show_refusal(False)
        for editor in self._path_fields():
            editor.renewal.setVisible(TASK_HASH in reason)  # the sentence names what there is to clear

    def _add_fields(self) -> None:
        for field in experiment_fields(self.draft.model):
            if field.group not in self.sections:
                kind = FoldingSection if field.group in _RARELY else Section
                self.sections[field.group] = kind(field.group)
            self._rows[field.path] = row = FieldRow(self.draft, field)
            section = self.sections[field.group]
            section.body.addWidget(row)
            if isinstance(section, PlainSection):
                row.use_whole_width()
        for section in self.sections.values():
            if isinstance(section, FoldingSection):
                section.fold()
                section.fold_changed.connect(self.fold_changed)

    def _lay_out(self) -> None:
        title = QLabel("Experiment")
        set_role(title, "title")
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, 10, MARGIN, 0)
        head.addWidget(title)
        foot = QVBoxLayout()
        foot.setContentsMargins(MARGIN, 10, MARGIN, MARGIN)
        foot.addWidget(self.needs)
        line = QFrame()
        line.setFixedHeight(1)
        set_role(line, "line")
        for section in self.sections.values():
            self._scroll.column.addWidget(section)
        self._scroll.column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(line)
        layout.addLayout(foot)


def _dropped_files(data: QMimeData) -> list[Path]:
    """Return the files that are dragged; none where a workbook comes first."""
    files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return files if files and files[0].suffix.lower() != SUFFIX else []
