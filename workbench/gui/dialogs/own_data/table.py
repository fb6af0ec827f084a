"""The first rows of a file as a table; the heading of each column tells its kind and what it is used for."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from workbench.gui.theme import theme
from workbench.tasks.support.files.look import Column

_WIDEST = 240  # where other columns want room too
_MEASURED, _UNMEASURED = 30, 96  # columns whose cells are looked at, and the width of all further ones
_ROW = 26
_PADDING = 8
_MOST_SIGNS = 200  # of a cell: more is never in sight
_MOST_DIGITS = 12
_MISSING = "–"
Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel):
    """The rows that were looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.uses: Mapping[str, str] = {}
        self._rows: Sequence[Sequence[str]] = ()

    def show_rows(self, columns: tuple[Column, ...], rows: Sequence[Sequence[str]]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.columns, self._rows, self.uses = columns, rows, {}
        self.endResetModel()

    def show_uses(self, uses: Mapping[str, str]) -> None:
        """Tell what columns are used for, by their names; the others are muted."""
        self.uses = uses
        if self.columns and self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self.columns) - 1))
        if self.columns:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many rows are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 (as Qt declares it)
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell, or how it looks."""
        column, row = self.columns[index.column()], self._rows[index.row()]
        cell = row[index.column()] if index.column() < len(row) else ""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                shown = _rounded(cell) if column.kind == "number" else " ".join(cell[:_MOST_SIGNS].split())
                return shown or _MISSING
            case Qt.ItemDataRole.ToolTipRole:
                return cell[:_MOST_SIGNS]
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.kind == "number" else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole:
                return theme().colour("text" if column.name in self.uses and cell.strip() else "muted")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a column is called, in the tip also what it holds."""
        if orientation == Qt.Orientation.Vertical or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].name
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{self.columns[section].name}: {self.about(section)}"
        return None

    def about(self, section: int) -> str:
        """Return the kind of a column, and what it is used for."""
        column = self.columns[section]
        used = self.uses.get(column.name)
        return f"{column.kind} · {used}" if used else column.kind


def _rounded(cell: str) -> str:
    """Return a number without the digits that nobody reads."""
    try:
        return f"{float(cell):.8g}" if len(cell) > _MOST_DIGITS else cell.strip()
    except ValueError:
        return cell.strip()


class Heading(QHeaderView):
    """Name over kind; what is used stands out."""

    def __init__(self, model: RowsModel) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._model = model
        self.setSectionsClickable(False)
        self.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the headings over one line."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(theme().colours.line)
        painter.drawLine(self.viewport().rect().bottomLeft(), self.viewport().rect().bottomRight())
        painter.end()

    def sizeHint(self) -> QSize:
        """Return room for two lines."""
        return QSize(super().sizeHint().width(), 2 * self.fontMetrics().height() + 3 * 4)

    def sectionSizeFromContents(self, logicalIndex: int) -> QSize:
        """Return the width of name and kind."""
        measure = self.fontMetrics()
        words = self._model.columns[logicalIndex].name, self._model.about(logicalIndex)
        return QSize(max(map(measure.horizontalAdvance, words)) + 2 * (_PADDING + 1), self.sizeHint().height())

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:
        """Paint name over kind, aligned as the cells below."""
        colours, column = theme().colours, self._model.columns[logicalIndex]
        used = column.name in self._model.uses
        side = Qt.AlignmentFlag.AlignRight if column.kind == "number" else Qt.AlignmentFlag.AlignLeft
        inside = rect.adjusted(_PADDING, 4, -_PADDING, -5)
        painter.save()
        painter.setPen(colours.text if used else colours.muted)
        name = self.fontMetrics().elidedText(column.name, Qt.TextElideMode.ElideRight, inside.width())
        painter.drawText(inside, side | Qt.AlignmentFlag.AlignTop, name)
        painter.setPen(colours.accent if used else colours.muted)
        kind = self.fontMetrics().elidedText(
            self._model.about(logicalIndex), Qt.TextElideMode.ElideRight, inside.width()
        )
        painter.drawText(inside, side | Qt.AlignmentFlag.AlignBottom, kind)
        painter.restore()


class RowsTable(QTableView):
    """Shows rows calmly: no grid, no numbers, nothing to edit."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = RowsModel()
        self._needed: list[int] = []  # pixels, for the cells of each column
        self.setModel(self.rows)
        self.setHorizontalHeader(Heading(self.rows))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("First rows")
        theme().changed.connect(self.viewport().update)

    def show_rows(self, columns: tuple[Column, ...], rows: Sequence[Sequence[str]]) -> None:
        """Show other rows."""
        self.rows.show_rows(columns, rows)
        measured = [self.sizeHintForColumn(place) + _PADDING for place in range(min(len(columns), _MEASURED))]
        self._needed = measured + [_UNMEASURED] * (len(columns) - len(measured))
        self._share_width()

    def show_uses(self, uses: Mapping[str, str]) -> None:
        """Tell what columns are used for, by their names."""
        self.rows.show_uses(uses)
        self._share_width()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the width anew."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        """Make each column as wide as it needs, within reason; what is left goes to those that need more."""
        header = self.horizontalHeader()
        wanted = [max(needed, header.sectionSizeHint(place)) for place, needed in enumerate(self._needed)]
        widths = [min(wish, _WIDEST) for wish in wanted]
        spare = self.viewport().width() - sum(widths)
        for place, wish in enumerate(wanted):
            more = max(0, min(wish - widths[place], spare))
            self.setColumnWidth(place, widths[place] + more)
            spare -= more
