"""The cells of the catalogue in a list, with a line that finds some of them."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.cells import Cell, catalogue
from workbench.cells.facts import summary
from workbench.gui.dialogs.matching import Kind, fit
from workbench.gui.theme import set_role

_NAME = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_WIDTH = 216
_NOTHING = "No cell has this in its title, description or source."


class CellList(QWidget):
    """What is typed in the line leaves the cells that fit; arrow keys go through them from there too."""

    changed = Signal()
    """Another cell is looked at."""
    activated = Signal()
    found = Signal(bool)
    """Whether any cell fits what is typed."""

    def __init__(self) -> None:
        super().__init__()
        self.line, self.list, self.nothing = QLineEdit(), QListWidget(), QLabel(_NOTHING)
        self.line.setPlaceholderText("Find a cell")
        self.line.setAccessibleName("Find a cell")
        self.line.setClearButtonEnabled(True)
        self.line.installEventFilter(self)
        self.list.setAccessibleName("Cells")
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_role(self.list, "panel")
        set_role(self.nothing, "caption")
        self.nothing.setWordWrap(True)
        self.nothing.hide()
        for cell in catalogue().values():
            self.list.addItem(_item(cell))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.line, self.nothing):
            layout.addWidget(widget)
        layout.addWidget(self.list, 1)
        self.setFixedWidth(_WIDTH)
        self.line.textChanged.connect(self._find)
        self.list.currentItemChanged.connect(self.changed)
        self.list.itemActivated.connect(self.activated)

    @property
    def cell(self) -> Cell:
        """The cell that is looked at."""
        return catalogue()[self.list.currentItem().data(_NAME)]

    def select(self, name: object) -> None:
        """Look at a cell by name; at the first one where there is none of this name."""
        names = list(catalogue())
        self.list.setCurrentRow(names.index(name) if isinstance(name, str) and name in names else 0)
        self.list.scrollToItem(self.list.currentItem(), QListWidget.ScrollHint.PositionAtCenter)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk through the list while the line keeps the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            return self.list.event(event)
        return super().eventFilter(watched, event)

    def _find(self, typed: str) -> None:
        fitting = []
        for row, cell in enumerate(catalogue().values()):
            fits = fit(typed, cell.title, f"{cell.name} {cell.about} {cell.source}")
            # Letters scattered over a description say nothing.
            shown = fits is not None and fits.kind <= Kind.OTHER_WORDS
            self.list.item(row).setHidden(not shown)
            if fits is not None and shown:
                fitting.append((fits, row))
        self.nothing.setVisible(not fitting)
        if fitting and typed:
            self.list.setCurrentRow(min(fitting)[1])
        self.list.scrollToItem(self.list.currentItem())
        self.found.emit(bool(fitting))


def _item(cell: Cell) -> QListWidgetItem:
    item = QListWidgetItem(cell.title)
    item.setData(_NAME, cell.name)
    item.setToolTip(summary(cell))
    item.setSizeHint(QSize(0, 28))
    return item
