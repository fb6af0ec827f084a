"""The strip above a heat map: what the network reads and answers at each step, in the map's own columns."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.plots.lanes import Columns, Lane
from workbench.gui.theme import theme, with_alpha

_SMALL = 11  # pixels, as the text of axes
_BETWEEN = 2  # lanes
_LABEL_GAP = 6


class Strip(QWidget):
    """Lanes of bars, texts or shades over time steps. It stands where `place` says, so it moves with its map."""

    pointed = Signal(int)
    """The mouse stands over this step."""
    left = Signal()
    clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._lanes: tuple[Lane, ...] = ()
        self._length = 0
        self._cursor: int | None = None
        self._columns = Columns(0.0, 1.0, -0.5, 0.5)
        font = self.font()
        font.setPixelSize(_SMALL)
        self.setFont(font)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Inputs and targets at each time step")
        theme().changed.connect(self.update)

    def show_lanes(self, lanes: Sequence[Lane], length: int) -> None:
        """Show these lanes from the top, each with ``length`` steps."""
        heights = [lane.pixels for lane in self._lanes]
        self._lanes, self._length = tuple(lanes), length
        if heights != [lane.pixels for lane in self._lanes]:
            self.updateGeometry()
        self.update()

    def place(self, area: QRectF, first: float, last: float) -> None:
        """Stand in the columns of a map: its rectangle in pixels, x from the same left edge, and its ends' steps."""
        columns = Columns(area.left(), area.right(), first, last)
        if columns != self._columns:
            self._columns = columns
            self.update()

    def mark(self, t: int | None) -> None:
        """Draw the cursor at a step, or none."""
        if t != self._cursor:
            self._cursor = t
            self.update()

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """The lanes shown, from the top."""
        return self._lanes

    @property
    def columns(self) -> Columns:
        """Where the steps stand."""
        return self._columns

    def sizeHint(self) -> QSize:
        """Return the height of all lanes."""
        return QSize(200, sum(lane.pixels + _BETWEEN for lane in self._lanes))

    def minimumSizeHint(self) -> QSize:
        """Return the same: lanes are never squeezed."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lanes, their names left of them, and the cursor."""
        colours, columns = theme().colours, self._columns
        painter = QPainter(self)
        self._name_lanes(painter)
        painter.setClipRect(QRectF(columns.left, 0, columns.right - columns.left, self.height()))
        top = 0.0
        for lane in self._lanes:
            if lane.over_cursor:
                self._draw_cursor(painter, top, lane.pixels)
            lane.paint(painter, top, columns, self._cursor, colours)
            if not lane.over_cursor:
                self._draw_cursor(painter, top, lane.pixels)
            top += lane.pixels + _BETWEEN
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell at which step the mouse stands."""
        t = self._step_at(event.position().x())
        if t is None:
            self.left.emit()
        else:
            self.pointed.emit(t)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell of a click."""
        t = self._step_at(event.position().x())
        if event.button() == Qt.MouseButton.LeftButton and t is not None and self.rect().contains(event.pos()):
            self.clicked.emit(t)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is gone."""
        super().leaveEvent(event)
        self.left.emit()

    def _step_at(self, x: float) -> int | None:
        columns = self._columns
        if not self._length or not columns.left <= x <= columns.right:
            return None
        return min(max(columns.at(x), 0), self._length - 1)

    def _draw_cursor(self, painter: QPainter, top: float, height: float) -> None:
        if self._cursor is not None and self._cursor in self._columns.seen(self._length):
            x = self._columns.middle(self._cursor)
            painter.setPen(QPen(with_alpha(theme().colours.text, 0.85), 1))
            painter.drawLine(QPointF(x, top), QPointF(x, top + height + _BETWEEN))

    def _name_lanes(self, painter: QPainter) -> None:
        painter.setPen(QColor(theme().colours.muted))
        top = 0.0
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for lane in self._lanes:
            painter.drawText(QRectF(0, top, self._columns.left - _LABEL_GAP, lane.pixels), flags, lane.label)
            top += lane.pixels + _BETWEEN
