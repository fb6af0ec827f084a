"""Equations of one's own: typed, checked and typeset as one types, then handed to the draft."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from workbench.backends import get_backend
from workbench.backends.check import GradientCheck, check_gradients
from workbench.cells import Cell, CellError, catalogue
from workbench.errors import WorkbenchError
from workbench.gui.background import Background
from workbench.gui.dialogs.cell_view import CellView
from workbench.gui.dialogs.code import CodeEdit
from workbench.gui.form.cell_words import CellWords, Verdict, judge, save_cell
from workbench.gui.form.draft import Draft
from workbench.gui.form.fields import CELL, sentence
from workbench.gui.form.row import mark_wrong
from workbench.gui.theme import set_role
from workbench.gui.theme.roles import Role
from workbench.lab.experiment import CellText

_CHECK, _GRADIENT = "cell-editor.check", "cell-editor.gradient"
_SETTLE = 120  # milliseconds without a key before the equations are checked
_TOP = Qt.AlignmentFlag.AlignTop
_CELL_FILES = "Cell files (*.toml)"
_HELP = (
    "One assignment a line, in order. x is the input; a state means its previous value until its own line. "
    "A name that is never assigned is a parameter: a matrix left of @, else a vector."
)


class CellEditor(QDialog):
    """Edits a cell; accepted, it gives its text to the draft as one edit."""

    def __init__(
        self, draft: Draft, background: Background, words: CellWords | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Own equations")
        self._draft, self._background = draft, background
        self._start = words or words_of_draft(draft)
        self._verdict: Verdict | None = None
        self.name = QLineEdit(self._start.title)
        self.states = QLineEdit(self._start.states)
        self.equations = CodeEdit(self._start.equations)
        self.init = CodeEdit(self._start.init)
        self.fixed = QLineEdit(self._start.fixed)
        self.error = QLabel()
        self.view = CellView()
        self.gradient = QLabel()
        self.use, self.check = _button("Use these equations"), _button("Check gradient")
        set_role(self.use, "accent")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SETTLE)
        self._timer.timeout.connect(self._ask)
        self._lay_out()
        self._connect()
        for key in (_CHECK, _GRADIENT):
            self.destroyed.connect(lambda _=None, key=key: background.forget(key))
        self._ask()
        self.equations.setFocus()

    def words(self) -> CellWords:
        """Return what is typed."""
        return CellWords(
            self.name.text(),
            self._start.about,
            self._start.source,
            self.states.text(),
            self.equations.toPlainText(),
            self.init.toPlainText(),
            self.fixed.text(),
        )

    def done(self, result: int) -> None:
        """Drop what is still being worked out."""
        self._timer.stop()
        self._background.forget(_CHECK)
        self._background.forget(_GRADIENT)
        super().done(result)

    def accept(self) -> None:
        """Give the cell to the draft."""
        if self._verdict is not None:
            self._draft.set(CELL, self._verdict.text)
            super().accept()

    def load(self, path: Path) -> None:
        """Show the cell of a file, or say why it has none."""
        try:
            words = CellWords.of(Cell.from_file(path))
        except CellError as error:
            self._refuse(error)
            return
        self._start = words
        for line, text in ((self.name, words.title), (self.states, words.states), (self.fixed, words.fixed)):
            line.setText(text)
        self.equations.setPlainText(words.equations)
        self.init.setPlainText(words.init)

    def save(self, path: Path) -> None:
        """Write the cell to a file."""
        if self._verdict is None:
            return
        try:
            save_cell(self._verdict.text, path if path.suffix else path.with_suffix(".toml"))
        except CellError as error:
            self._refuse(error)

    def check_gradient(self) -> None:
        """Compare the gradient with finite differences and say in words what came out."""
        if self._verdict is None:
            return
        cell = self._verdict.cell
        self._say_gradient("Checking the gradient…", "muted")
        self._background.ask(
            _GRADIENT,
            lambda: check_gradients(cell, get_backend("numpy")),
            self._show_gradient,
            lambda error: self._say_gradient(sentence(str(error)), "bad"),
        )

    # Checking what is typed.

    def _edited(self) -> None:
        self._verdict = None
        self._enable()
        self._background.forget(_GRADIENT)
        self._say_gradient("", "muted")
        self._timer.start()

    def _ask(self) -> None:
        words, experiment = self.words(), self._draft.last_valid
        self._background.ask(_CHECK, lambda: judge(words, experiment), self._show, self._refuse)

    def _show(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self.view.show_cell(verdict.cell, verdict.sizes, verdict.misfit)
        mark_wrong(self.equations, self.error, "")
        self.equations.mark(0, 0)
        self._enable()

    def _refuse(self, error: WorkbenchError) -> None:
        self._verdict = None
        line, column = (error.line, error.column) if isinstance(error, CellError) else (0, 0)
        where = f"Line {line}, column {column}: " if line else ""
        message = error.message if isinstance(error, CellError) else str(error)
        mark_wrong(self.equations, self.error, where + message)
        self.equations.mark(line, column)
        self._enable()

    def _enable(self) -> None:
        self.view.set_current(self._verdict is not None)
        for button in (self.use, self.check, self._save):
            button.setEnabled(self._verdict is not None)

    def _show_gradient(self, check: GradientCheck) -> None:
        if check.passed:
            self._say_gradient(
                f"The gradient is right: it agrees with finite differences to {check.directional_error:.0e}, and "
                f"with the slow reference to {check.oracle_error:.0e}.",
                "good",
            )
        else:
            worst = max(check.oracle_errors, key=lambda name: check.oracle_errors[name])
            self._say_gradient(
                f"The gradient is wrong: it differs from finite differences by {check.directional_error:.0e}; "
                f"furthest from the reference is {worst}, by {check.oracle_error:.0e}. Please report this cell.",
                "bad",
            )

    def _say_gradient(self, words: str, role: Role) -> None:
        set_role(self.gradient, role)
        self.gradient.setText(words)
        self.gradient.setVisible(bool(words))

    # Parts.

    def _connect(self) -> None:
        for line in (self.name, self.states, self.fixed):
            line.textChanged.connect(self._edited)
        for text in (self.equations, self.init):
            text.textChanged.connect(self._edited)
        self.use.clicked.connect(self.accept)
        self.check.clicked.connect(self.check_gradient)
        self._cancel.clicked.connect(self.reject)
        self._open.clicked.connect(self._ask_file)
        self._save.clicked.connect(self._ask_where)

    def _ask_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Open a cell", "", _CELL_FILES)
        if path:
            self.load(Path(path))

    def _ask_where(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Save the cell", f"{self.name.text() or 'cell'}.toml", _CELL_FILES)
        if path:
            self.save(Path(path))

    def _lay_out(self) -> None:
        self._cancel, self._open, self._save = (_button(text) for text in ("Cancel", "Open…", "Save…"))
        heading, help_text = QLabel("Own equations"), QLabel(_HELP)
        set_role(heading, "heading")
        set_role(help_text, "muted")
        help_text.setWordWrap(True)
        columns = QHBoxLayout()
        columns.setSpacing(8)
        left = QFrame()
        set_role(left, "panel")
        left.setLayout(self._left())
        columns.addWidget(left, 11)
        columns.addWidget(self.view, 9)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self._open, self._save, self.check):
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self.use)
        self.gradient.setWordWrap(True)
        self.gradient.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(help_text)
        layout.addSpacing(8)
        layout.addLayout(columns, 1)
        layout.addWidget(self.gradient)
        layout.addSpacing(8)
        layout.addLayout(buttons)
        self.resize(980, 640)

    def _left(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        self.error.setWordWrap(True)
        set_role(self.error, "reason")
        self.error.hide()
        self.name.setPlaceholderText("what the cell is called")
        self.fixed.setPlaceholderText("none")
        self.init.setPlaceholderText("b_f = 1.0")
        self.init.setFixedHeight(64)
        rows: tuple[tuple[str, str, QLineEdit | QPlainTextEdit], ...] = (
            ("Title", "What the cell is called.", self.name),
            ("States", "What is carried from step to step; the first is the output.", self.states),
            ("Equations", _HELP, self.equations),
            ("Initial values", 'A number or a rule a line: W_hh = "orthogonal(1.0)".', self.init),
            ("Fixed", "Parameters that are not trained.", self.fixed),
        )
        for place, (title, description, editor) in enumerate(rows):
            label = QLabel(title)
            set_role(label, "muted")
            label.setMinimumHeight(28)
            label.setBuddy(editor)
            editor.setAccessibleName(title)
            editor.setAccessibleDescription(description)
            editor.setToolTip(description)
            row = place + (place > 2)
            grid.addWidget(label, row, 0, _TOP)
            grid.addWidget(editor, row, 1)
        grid.addWidget(self.error, 3, 1)
        grid.setRowStretch(2, 1)
        return grid


def words_of_draft(draft: Draft) -> CellWords:
    """Return the cell in use as it would be typed; the title of a built-in cell is marked as one's own."""
    value = draft.value(CELL)
    if isinstance(value, str):
        words = CellWords.of(catalogue().get(value) or draft.last_valid.build_cell())
        return CellWords(f"Own {words.title}", "", "", words.states, words.equations, words.init, words.fixed)
    return CellWords.of(CellText.model_validate(value).build())


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button
