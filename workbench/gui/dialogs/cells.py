"""The catalogue of cells, to read and to choose from."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.cells import Cell
from workbench.errors import WorkbenchError
from workbench.gui.background import Background
from workbench.gui.dialogs.cell_list import CellList
from workbench.gui.dialogs.cell_view import CellView
from workbench.gui.form.cell_words import CellWords, Sizes, sizes_of
from workbench.gui.form.draft import Draft
from workbench.gui.form.equations import copy_latex
from workbench.gui.form.fields import CELL
from workbench.gui.theme import set_role

_KEY = "cells.sizes"


class CellBrowser(QDialog):
    """All cells at the left, the chosen one at the right; "Use this cell" gives it to the draft."""

    own_asked = Signal(object)
    """Equations of one's own are to start from these words (CellWords)."""

    def __init__(self, draft: Draft, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Cells")
        self._draft, self._background = draft, background
        self.cells = CellList()
        self.list = self.cells.list
        self.title, self.about, self.source = QLabel(), QLabel(), QLabel()
        self.view = CellView()
        self.copy = QPushButton("copy LaTeX")
        self.copy.setAutoDefault(False)
        self.use, self.own, self._close = (
            QPushButton(text) for text in ("Use this cell", "Start own cell from this", "Close")
        )
        self._lay_out()
        self.cells.changed.connect(self._show)
        self.cells.activated.connect(self.accept)
        for button in (self.use, self.own):  # what is not in sight is not used by chance
            self.cells.found.connect(button.setEnabled)
        self.copy.clicked.connect(lambda: copy_latex(self.cell))
        self.use.clicked.connect(self.accept)
        self.own.clicked.connect(self._start_own)
        self._close.clicked.connect(self.reject)
        self.destroyed.connect(lambda: background.forget(_KEY))
        self.cells.select(draft.value(CELL))
        self.cells.line.setFocus()

    @property
    def cell(self) -> Cell:
        """The cell that is looked at."""
        return self.cells.cell

    def accept(self) -> None:
        """Give the cell to the draft."""
        self._draft.set(CELL, self.cell.name)
        super().accept()

    def done(self, result: int) -> None:
        """Drop what is still being worked out."""
        self._background.forget(_KEY)
        super().done(result)

    def _show(self) -> None:
        cell = self.cell
        self.title.setText(cell.title)
        self.about.setText(cell.about)
        self.source.setText(cell.source)
        self.view.show_cell(cell, None)
        experiment = self._draft.last_valid
        self._background.forget(_KEY)
        self._background.ask(
            _KEY, lambda: sizes_of(cell, experiment), partial(self._show_sizes, cell), partial(self._show_misfit, cell)
        )

    def _show_sizes(self, cell: Cell, sizes: Sizes) -> None:
        self.view.show_cell(cell, sizes)

    def _show_misfit(self, cell: Cell, error: WorkbenchError) -> None:
        self.view.show_cell(cell, None, str(error))

    def _start_own(self) -> None:
        self.reject()
        self.own_asked.emit(CellWords.of(self.cell).as_own())

    def _lay_out(self) -> None:
        for label in (self.title, self.about, self.source):
            label.setWordWrap(True)
        set_role(self.title, "heading")
        set_role(self.about, "muted")
        set_role(self.source, "caption")
        set_role(self.copy, "word")
        set_role(self.use, "accent")
        for button in (self.own, self._close, self.use):
            button.setAutoDefault(button is self.use)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.copy)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addLayout(head)
        right.addWidget(self.about)
        right.addWidget(self.source)
        right.addSpacing(8)
        right.addWidget(self.view, 1)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.cells)
        middle.addLayout(right, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.own)
        buttons.addStretch(1)
        buttons.addWidget(self._close)
        buttons.addWidget(self.use)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addLayout(middle, 1)
        layout.addLayout(buttons)
        self.resize(900, 640)
