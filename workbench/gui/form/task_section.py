"""The task: which one, its own fields, an example of it, and what solving it means."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.gui.background import Background
from workbench.gui.form.draft import Draft
from workbench.gui.form.fields import TASK, TASK_NAME, breakable, task_fields
from workbench.gui.form.letting_go import let_go_of_focus
from workbench.gui.form.preview import example_text, is_picture, shades
from workbench.gui.form.row import FieldRow, lay_out_row, mark_wrong, reason_label, row_label
from workbench.gui.form.section import Section
from workbench.gui.form.task_choice import TaskChoice
from workbench.gui.theme import set_role, theme, with_alpha
from workbench.lab.asking import ask_description
from workbench.lab.describing import Description
from workbench.tasks import Example, TaskSettings, task_types

_EXAMPLES = 8
_SETTLE = 80  # milliseconds without an edit before examples are made
_PREVIEW = "form.preview"
_HELP = "What is to be learned."


class TaskSection(Section):
    """Shows and changes the draft's task."""

    rows_changed = Signal()
    """Another task brought other fields."""

    def __init__(self, draft: Draft, background: Background) -> None:
        super().__init__("Task")
        self._draft, self._background = draft, background
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE)
        self._timer.timeout.connect(self._ask_examples)
        self._name = ""
        self._previewed: tuple[TaskSettings, int, int] | None = None
        self._examples: Sequence[Example] = ()
        self._shown = 0
        self.rows: list[FieldRow] = []
        self.choice = TaskChoice()
        self.choice.setAccessibleName("Task")
        self.choice.setAccessibleDescription(_HELP)
        self.choice.activated.connect(lambda: draft.set(TASK_NAME, self.choice.currentData()))
        self._reason = reason_label()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        self.picture = Picture()
        self.preview = _text(Qt.TextFormat.RichText)
        self.another = _word("another example", "Show another sequence of the training data")
        self.another.clicked.connect(self._show_next)
        self.about_button = _word("about this task", "Show how the data are made and what solving the task means")
        self.about_button.setCheckable(True)
        self.about = _text(Qt.TextFormat.RichText)
        self.about.hide()
        self.about_button.toggled.connect(self.about.setVisible)
        self.note = _text()
        self.note.hide()
        self._lay_out()
        self.destroyed.connect(lambda: background.forget(_PREVIEW))

    def refresh(self) -> None:
        """Show the draft's task, and ask for examples where it is another one."""
        name = self._draft.value(TASK_NAME)
        self.choice.setCurrentIndex(self.choice.findData(name))
        self.choice.setToolTip(task_types()[name].about)
        mark_wrong(self.choice, self._reason, self._draft.problems.get(TASK, ""))
        if name != self._name:
            self._name = name
            self._rebuild_rows()
            self._show_none()  # the examples so far are another task's
        for row in self.rows:
            row.refresh()
        self._timer.start()

    def focus(self) -> None:
        """Put the focus on the choice."""
        self.choice.setFocus()

    def say(self, sentence: str) -> None:
        """Show a sentence about what was dropped here; "" takes it back."""
        self.note.setText(breakable(sentence))
        self.note.setVisible(bool(sentence))

    def mark_file(self, reason: str) -> bool:
        """Mark the file that the task cannot use, or take the mark back; tell whether there is one to mark."""
        files = [row for row in self.rows if row.field.kind == "path" and row.field.path not in self._draft.problems]
        given = [row for row in files if self._draft.value(row.field.path)]
        for row in files:
            row.mark(reason if row in given else "")
        return bool(given and reason)

    def _ask_examples(self) -> None:
        experiment = self._draft.experiment
        if experiment is None:
            return
        # A short text has no more sequences than a batch: so many examples there are.
        wanted = (experiment.task, experiment.seed, min(_EXAMPLES, experiment.batch))
        if wanted == self._previewed:
            return
        self._previewed = wanted
        count = wanted[-1]
        self._background.ask(_PREVIEW, lambda: ask_description(experiment, count), self._show, self._hide)

    def _show(self, found: Description) -> None:
        self._examples = found.examples
        self._shown = 0
        self.about.setText("".join(f"<p>{escape(part)}</p>" for part in found.about))
        self._show_example()

    def _hide(self, error: WorkbenchError) -> None:
        """Show no example; what will be needed says why there is none."""
        self._show_none()
        self.about.setText(escape(breakable(str(error))))

    def _show_none(self) -> None:
        self._background.forget(_PREVIEW)
        self._examples, self._previewed = (), None
        self._show_example()

    def _show_next(self) -> None:
        self._shown += 1
        self._show_example()

    def _show_example(self) -> None:
        """Show an example behind a sentence about the task; the sentence alone where there is none."""
        if not self._examples:
            let_go_of_focus(self.another)
        self.another.setVisible(bool(self._examples))
        picture = bool(self._examples) and is_picture(self._examples[0])
        self.picture.setVisible(picture)
        about = escape(task_types()[self._name].about)
        if not self._examples:
            self.preview.setText(about)
            self.preview.setToolTip("")
            return
        example = self._examples[self._shown % len(self._examples)]
        self.preview.setText(example_text(example) if picture else f"{about} {example_text(example)}")
        self.preview.setToolTip("" if picture else f"<p>{escape(example.inputs)}</p><p>→ {escape(example.target)}</p>")
        if picture:
            self.picture.show_shades(shades(example.inputs))

    def _rebuild_rows(self) -> None:
        for row in self.rows:
            let_go_of_focus(row)
            row.setParent(None)
            row.deleteLater()
        self.rows = [FieldRow(self._draft, field) for field in task_fields(self._name)]
        for row in self.rows:
            self._rows.addWidget(row)
        self.rows_changed.emit()

    def _lay_out(self) -> None:
        row = QWidget()
        lay_out_row(row, row_label("Task", self.choice), self.choice, self._reason)
        example = QHBoxLayout()
        example.setSpacing(8)
        example.addWidget(self.picture)
        example.addWidget(self.preview, 1)
        words = QHBoxLayout()
        words.setSpacing(12)
        words.addWidget(self.another)
        words.addWidget(self.about_button)
        words.addStretch(1)
        self.body.addWidget(row)
        self.body.addLayout(self._rows)
        self.body.addSpacing(4)
        self.body.addLayout(example)
        self.body.addLayout(words)
        self.body.addWidget(self.about)
        self.body.addWidget(self.note)


class Picture(QWidget):
    """A small picture that a task draws in characters."""

    def __init__(self) -> None:
        super().__init__()
        self._shades: list[list[float]] = []
        self.setFixedSize(QSize(48, 48))
        self.setAccessibleName("Example")
        self.hide()

    def show_shades(self, rows: list[list[float]]) -> None:
        """Show rows of shades from 0 to 1."""
        self._shades = rows
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a square for each shade."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().colour("field"))
        height = self.height() / max(1, len(self._shades))
        for place, row in enumerate(self._shades):
            width = self.width() / max(1, len(row))
            for column, shade in enumerate(row):
                square = QRectF(column * width, place * height, width, height)
                painter.fillRect(square, with_alpha(theme().colours.text, shade))
        painter.end()


def _text(text_format: Qt.TextFormat = Qt.TextFormat.PlainText) -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(text_format)
    set_role(label, "caption")
    return label


def _word(text: str, description: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    button.setToolTip(description)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_role(button, "word")
    return button
