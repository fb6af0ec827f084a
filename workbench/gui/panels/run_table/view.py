"""The table that a person works with: mouse and keys on runs."""

from PySide6.QtCore import QEvent, QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QStyleOptionViewItem, QTreeView

from workbench.gui.panels.run_table.delegate import RunDelegate
from workbench.gui.panels.run_table.model import NAME, SCORE, TICK, RunModel, RunRole
from workbench.gui.theme import theme

_TICK_WIDTH = 26
_PADDING = 12
_OWN_KEYS = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2, Qt.Key.Key_Delete})


class RunView(QTreeView):
    """Runs in rows. A click or Enter chooses one, a click on its square or Space ticks it, F2 renames it."""

    chosen = Signal(int)
    trash_wanted = Signal(int)
    menu_wanted = Signal(int, object)
    """A run, and where on the screen its menu is to open."""

    def __init__(self, model: RunModel) -> None:
        super().__init__()
        self._runs = model
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSortRole(RunRole.SORT)
        self._sorted.setSourceModel(model)
        self.setModel(self._sorted)
        self.setItemDelegate(RunDelegate(self))
        self.setAccessibleName("Runs")
        self.setRootIsDecorated(False)
        self.setIndentation(0)
        self.setUniformRowHeights(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.viewport().setAutoFillBackground(False)
        self._lay_out_columns()
        theme().changed.connect(self.viewport().update)

    def sort_runs(self, column: int, order: Qt.SortOrder) -> None:
        """Keep rows sorted by a column; that of the ticks stands for the order in which runs were made."""
        self._sorted.sort(column, order)

    def index_of(self, run: int) -> QModelIndex:
        """Return where a run's name stands, an invalid index where it is not there."""
        return self._sorted.mapFromSource(self._runs.index_of(run))

    def start_renaming(self, run: int) -> None:
        """Let a person type another name, in place."""
        index = self.index_of(run)
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.setCurrentIndex(index)
            self.edit(index)

    def run_at_cursor(self) -> int | None:
        """Return the run on which the keyboard stands."""
        run: int | None = self.currentIndex().data(RunRole.RUN)
        return run

    # Mouse and keys.

    def event(self, event: QEvent) -> bool:
        """Keep the keys that mean something here from the window's shortcuts: Space must not train."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _OWN_KEYS
            and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what a key says to the run on which the keyboard stands; all others move it."""
        run = self.run_at_cursor()
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if not plain or event.key() not in _OWN_KEYS:
            super().keyPressEvent(event)
            return
        if run is None:
            return
        match event.key():
            case Qt.Key.Key_Space:
                self._toggle(self.currentIndex())
            case Qt.Key.Key_F2:
                self.start_renaming(run)
            case Qt.Key.Key_Delete:
                self.trash_wanted.emit(run)
            case _:
                self.chosen.emit(run)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick, or choose, the run below the mouse."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        if index.column() == TICK:
            self._toggle(index)
        else:
            self.chosen.emit(index.data(RunRole.RUN))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename a run in place; a square is only ticked twice."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() != TICK and event.button() == Qt.MouseButton.LeftButton:
            self.start_renaming(index.data(RunRole.RUN))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the run below the mouse, or on which the keyboard stands."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            index = self.currentIndex()
            place = self.viewport().mapToGlobal(self.visualRect(index).center())
        else:
            index = self.indexAt(event.pos())
            place = event.globalPos()
        if index.isValid():
            self.setCurrentIndex(index)
            self.menu_wanted.emit(index.data(RunRole.RUN), place)

    # How it looks.

    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        """Paint the row of the current run on the soft accent, and a frame where the keyboard stands."""
        rectangle = option.rect
        if index.data(RunRole.CURRENT):
            painter.fillRect(rectangle, theme().colour("accent_soft"))
        super().drawRow(painter, option, index)
        if self.hasFocus() and index.row() == self.currentIndex().row():
            painter.setPen(theme().colour("accent"))
            painter.drawRect(rectangle.adjusted(0, 0, -1, -1))

    def _lay_out_columns(self) -> None:
        header = self.header()
        header.hide()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(_TICK_WIDTH)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        self.setColumnWidth(TICK, _TICK_WIDTH)
        self.setColumnWidth(SCORE, self.fontMetrics().horizontalAdvance("0.001234") + _PADDING)

    def _toggle(self, index: QModelIndex) -> None:
        tick = index.siblingAtColumn(TICK)
        ticked = Qt.CheckState(tick.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        self._sorted.setData(tick, wanted, Qt.ItemDataRole.CheckStateRole)
