"""The strip above a heat map: what the network reads and answers at each step, in the map's own columns."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.plots.lanes import BETWEEN, Columns, Lane
from workbench.gui.theme import theme

_SMALL = 11  # pixels, as the text of axes
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
        self._still: QPixmap | None = None
        self._columns = Columns(0.0, 1.0, -0.5, 0.5)
        font = self.font()
        font.setPixelSize(_SMALL)
        self.setFont(font)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Inputs and targets at each time step")
        theme().changed.connect(self._redraw)

    def show_lanes(self, lanes: Sequence[Lane], length: int) -> None:
        """Show these lanes from the top, each with ``length`` steps."""
        heights = [lane.pixels for lane in self._lanes]
        self._lanes, self._length = tuple(lanes), length
        if heights != [lane.pixels for lane in self._lanes]:
            self.updateGeometry()
        self._redraw()

    def place(self, area: QRectF, first: float, last: float) -> None:
        """Stand in the columns of a map: its rectangle in pixels, x from the same left edge, and its ends' steps."""
        columns = Columns(area.left(), area.right(), first, last)
        if columns != self._columns:
            self._columns = columns
            self._redraw()

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
        return QSize(200, sum(lane.pixels + BETWEEN for lane in self._lanes))

    def minimumSizeHint(self) -> QSize:
        """Return the same: lanes are never squeezed."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw all anew."""
        super().resizeEvent(event)
        self._redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lanes, which are kept as a picture, and the cursor in them."""
        if self._still is None or self._still.devicePixelRatio() != self.devicePixelRatioF():
            self._still = self._draw_lanes()
        columns = self._columns
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still)
        painter.setClipRect(self._area())
        t = self._cursor
        if t is not None and t in columns.seen(self._length):
            for lane, top in self._tops():
                lane.paint_cursor(painter, top, columns, t, theme().colours)
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
        within = QRectF(self.rect()).contains(event.position())
        if event.button() == Qt.MouseButton.LeftButton and t is not None and within:
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

    def _draw_lanes(self) -> QPixmap:
        """Return the lanes with their names left of them."""
        colours, ratio = theme().colours, self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(colours.panel))
        painter = QPainter(picture)
        painter.setFont(self.font())
        painter.setPen(QColor(colours.muted))
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for lane, top in self._tops():
            painter.drawText(QRectF(0, top, self._columns.left - _LABEL_GAP, lane.pixels), flags, lane.label)
        painter.setClipRect(self._area())
        for lane, top in self._tops():
            lane.paint(painter, top, self._columns, colours)
        painter.end()
        return picture

    def _tops(self) -> Iterator[tuple[Lane, float]]:
        top = 0.0
        for lane in self._lanes:
            yield lane, top
            top += lane.pixels + BETWEEN

    def _area(self) -> QRectF:
        return QRectF(self._columns.left, 0, self._columns.right - self._columns.left, self.height())

    def _redraw(self) -> None:
        self._still = None
        self.update()
