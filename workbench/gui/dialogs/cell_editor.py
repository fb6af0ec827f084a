"""Equations of one's own: typed, checked and typeset as one types, then handed to the draft."""

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.backends import get_backend
from workbench.backends.check import GradientCheck, check_gradients
from workbench.cells import Cell, CellError, catalogue
from workbench.errors import WorkbenchError
from workbench.gui.background import Background
from workbench.gui.dialogs.cell_fields import HELP, CellFields
from workbench.gui.dialogs.cell_view import CellView
from workbench.gui.form.cell_words import CellWords, Verdict, judge, save_cell
from workbench.gui.form.draft import Draft
from workbench.gui.form.fields import CELL, sentence
from workbench.gui.theme import set_role
from workbench.gui.theme.roles import Role
from workbench.lab.experiment import CellText

_CHECK, _GRADIENT = "cell-editor.check", "cell-editor.gradient"
_SETTLE = 120  # milliseconds without a key before the equations are checked
_CELL_FILES = "Cell files (*.toml)"


class CellEditor(QDialog):
    """Edits a cell; accepted, it gives its text to the draft as one edit."""

    def __init__(
        self, draft: Draft, background: Background, words: CellWords | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Own equations")
        self._draft, self._background = draft, background
        self._verdict: Verdict | None = None
        self.fields = CellFields(words or words_of_draft(draft))
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
        self._typed = self.words()
        self._enable()
        self._ask()
        self.fields.equations.setFocus()

    def words(self) -> CellWords:
        """Return what is typed."""
        return self.fields.words()

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
        self.fields.show_words(words)

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
        words = self.words()
        if words == self._typed:  # to Qt, another colour of the text is a change too
            return
        self._typed = words
        self._verdict = None
        self._enable()
        for key in (_CHECK, _GRADIENT):  # answers under way are about what was typed before
            self._background.forget(key)
        self._say_gradient("", "muted")
        self._timer.start()

    def _ask(self) -> None:
        words, experiment = self.words(), self._draft.last_valid
        self._background.ask(_CHECK, lambda: judge(words, experiment), self._show, self._refuse)

    def _show(self, verdict: Verdict) -> None:
        self._verdict = verdict
        self.view.show_cell(verdict.cell, verdict.sizes, verdict.misfit)
        self.fields.mark(None)
        self._enable()

    def _refuse(self, error: WorkbenchError) -> None:
        self._verdict = None
        self.fields.mark(error)
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
        self.fields.edited.connect(self._edited)
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
        path, _ = QFileDialog.getSaveFileName(
            self, "Save the cell", f"{self.words().title or 'cell'}.toml", _CELL_FILES
        )
        if path:
            self.save(Path(path))

    def _lay_out(self) -> None:
        self._cancel, self._open, self._save = (_button(text) for text in ("Cancel", "Open…", "Save…"))
        heading, help_text = QLabel("Own equations"), QLabel(HELP)
        set_role(heading, "heading")
        set_role(help_text, "muted")
        help_text.setWordWrap(True)
        columns = QHBoxLayout()
        columns.setSpacing(8)
        columns.addWidget(self.fields, 11)
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


def words_of_draft(draft: Draft) -> CellWords:
    """Return the cell in use as it would be typed; the title of a built-in cell is marked as one's own."""
    value = draft.value(CELL)
    if isinstance(value, str):
        return CellWords.of(catalogue().get(value) or draft.last_valid.build_cell()).as_own()
    return CellWords.of_text(CellText.model_validate(value))


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button
