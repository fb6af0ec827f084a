"""The cell: which one, its equations typeset, and the ways to equations of one's own."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QMenu, QWidget

from workbench.cells import Cell, CellError, catalogue
from workbench.cells.facts import summary
from workbench.gui.form.draft import Draft
from workbench.gui.form.editors import Choice
from workbench.gui.form.equations import Equations, copy_latex, explain
from workbench.gui.form.fields import CELL
from workbench.gui.form.row import lay_out_row, mark_wrong, reason_label, row_label
from workbench.gui.form.section import Section
from workbench.gui.theme import set_role
from workbench.lab.experiment import CellText

_EDIT = "own equations"
_TYPED = "typed"
_HELP = "A cell of the catalogue, or equations of your own."


class CellSection(Section):
    """Shows and changes the draft's cell."""

    edit_asked = Signal()
    """The equations of the cell in use are to be edited."""
    own_asked = Signal()
    """Equations of one's own are to be typed."""
    browse_asked = Signal()

    def __init__(self, draft: Draft) -> None:
        super().__init__("Cell")
        self._draft = draft
        self._cell: Cell | None = None
        self._shown: object = None
        self.choice = Choice()
        self.choice.setAccessibleName("Cell")
        self.choice.setAccessibleDescription(_HELP)
        self.choice.activated.connect(self._chosen)
        self.equations = Equations()
        self.equations.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.equations.customContextMenuRequested.connect(self._show_menu)
        self._about = QLabel()
        self._about.setWordWrap(True)
        set_role(self._about, "caption")
        self._reason = reason_label()
        self.browse = self.add_tool("browse", "Look at all cells of the catalogue")
        self.browse.clicked.connect(self.browse_asked)
        self.edit = self.add_tool("edit", "Edit the equations")
        self.edit.clicked.connect(self.edit_asked)
        row = QWidget()
        lay_out_row(row, row_label("Cell", self.choice), self.choice, self._reason)
        self.body.addWidget(row)
        self.body.addSpacing(6)
        self.body.addWidget(self.equations)
        self.body.addWidget(self._about)

    def refresh(self) -> None:
        """Show the draft's cell."""
        value = self._draft.value(CELL)
        mark_wrong(self.choice, self._reason, self._draft.problems.get(CELL, ""))
        if value == self._shown:
            return
        self._shown = value
        self._fill_choice(value)
        self._cell = _build(value)
        for widget in (self.equations, self._about):
            widget.setVisible(self._cell is not None)
        if self._cell is not None:
            self.equations.show_cell(self._cell)
            self._about.setText(summary(self._cell))  # the rest is a tool tip away, and in the catalogue
            self._about.setToolTip(explain(self._cell))
            self._about.setVisible(bool(self._cell.about))
            self.equations.setToolTip(explain(self._cell))

    def focus(self) -> None:
        """Put the focus on the choice."""
        self.choice.setFocus()

    def menu(self) -> QMenu:
        """Return what can be done with the equations."""
        menu = QMenu(self)
        if self._cell is not None:
            cell = self._cell
            menu.addAction("Copy LaTeX", lambda: copy_latex(cell))
        menu.addAction("Edit equations…", self.edit_asked.emit)
        menu.addAction("Browse cells…", self.browse_asked.emit)
        return menu

    def _fill_choice(self, value: object) -> None:
        self.choice.clear()
        for name, cell in catalogue().items():
            self.choice.addItem(cell.title, name)
            self.choice.setItemData(self.choice.count() - 1, summary(cell), Qt.ItemDataRole.ToolTipRole)
        if not isinstance(value, str):
            title = value.get("title") if isinstance(value, dict) else ""
            self.choice.addItem(title or "Own cell", _TYPED)
        self.choice.insertSeparator(self.choice.count())
        self.choice.addItem("Own equations…", _EDIT)
        self.choice.setCurrentIndex(self.choice.findData(value if isinstance(value, str) else _TYPED))

    def _chosen(self) -> None:
        chosen = self.choice.currentData()
        if chosen == _EDIT:
            self._fill_choice(self._shown)  # the list shows the cell in use until another one is there
            self.own_asked.emit()
        elif chosen != _TYPED:
            self._draft.set(CELL, chosen)

    def _show_menu(self, place: QPoint) -> None:
        self.menu().popup(self.equations.mapToGlobal(place))


def _build(value: object) -> Cell | None:
    """Return the cell of the draft, None where it is wrong: then the reason is shown in its place."""
    if isinstance(value, str):
        return catalogue().get(value)
    try:
        return CellText.model_validate(value).build()
    except CellError:
        return None
