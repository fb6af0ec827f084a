"""Where a cell is typed: title, states, equations, initial values, fixed parameters."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPlainTextEdit

from workbench.cells import CellError
from workbench.errors import WorkbenchError
from workbench.gui.dialogs.code import CodeEdit
from workbench.gui.form.cell_words import CellWords
from workbench.gui.form.row import mark_wrong, reason_label
from workbench.gui.theme import set_role

HELP = (
    "One assignment a line, in order. x is the input; a state means its previous value until its own line. "
    "A name that is never assigned is a parameter: a matrix left of @, else a vector."
)
_ERROR_ROW = 3
_EQUATIONS_ROW = 2


class CellFields(QFrame):
    """A card in which a cell is typed; a mistake is marked at its line and column, with a sentence below."""

    edited = Signal()

    def __init__(self, words: CellWords) -> None:
        super().__init__()
        set_role(self, "panel")
        self._start = words
        self.name, self.states, self.fixed = QLineEdit(), QLineEdit(), QLineEdit()
        self.equations, self.init = CodeEdit(), CodeEdit()
        self.error = reason_label()
        self._lay_out()
        self.show_words(words)
        for line in (self.name, self.states, self.fixed):
            line.textChanged.connect(self.edited)
        for text in (self.equations, self.init):
            text.textChanged.connect(self.edited)

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

    def show_words(self, words: CellWords) -> None:
        """Replace what is typed."""
        self._start = words
        for line, text in ((self.name, words.title), (self.states, words.states), (self.fixed, words.fixed)):
            line.setText(text)
        self.equations.setPlainText(words.equations)
        self.init.setPlainText(words.init)

    def mark(self, error: WorkbenchError | None) -> None:
        """Say what is wrong and mark where; None takes both back."""
        line, column = (error.line, error.column) if isinstance(error, CellError) else (0, 0)
        message = error.message if isinstance(error, CellError) else str(error or "")
        where = f"Line {line}, column {column}: " if line else ""
        mark_wrong(self.equations, self.error, where + message)
        self.equations.mark(line, column)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 12, 12, 12)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        self.name.setPlaceholderText("what the cell is called")
        self.fixed.setPlaceholderText("none")
        self.init.setPlaceholderText("b_f = 1.0")
        self.init.setFixedHeight(64)
        rows: tuple[tuple[str, str, QLineEdit | QPlainTextEdit], ...] = (
            ("Title", "What the cell is called.", self.name),
            ("States", "What is carried from step to step; the first is the output.", self.states),
            ("Equations", HELP, self.equations),
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
            row = place + (place >= _ERROR_ROW)
            grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(editor, row, 1)
        grid.addWidget(self.error, _ERROR_ROW, 1)
        grid.setRowStretch(_EQUATIONS_ROW, 1)
