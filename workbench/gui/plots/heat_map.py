"""A heat map: rows by time steps, quantised where the data is made, with the cursor's column and row."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFont, QKeyEvent

from workbench.gui.plots.axes import Axis
from workbench.gui.plots.plot import Plot
from workbench.gui.plots.scale import Scale
from workbench.gui.theme import Colours, theme, with_alpha

_MARGIN = 52  # pixels left of the map, whatever its numbers are, so that it never jumps
_TICK = 3  # pixels, away from the colours
_ABOVE, _BELOW = 6, 36  # pixels: half the first row's number, and the steps' numbers with their name
_NARROWEST = 8  # columns that remain when zoomed in as far as one can
_ROW_GAP = 18  # pixels between the texts of rows


class WholeAxis(Axis):
    """An axis of things that are counted: ticks at whole numbers only, and no grid over the colours."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.whole = True

    def dress(self, colours: Colours, font: QFont) -> None:
        """Take colours and font."""
        super().dress(colours, font)
        self.setGrid(False)
        self.setStyle(tickLength=_TICK)


class RowAxis(WholeAxis):
    """The rows' axis: each tick says which unit stands in its row."""

    def __init__(self) -> None:
        super().__init__("left")
        self._units: NDArray[np.intp] = np.arange(1)

    def set_units(self, units: NDArray[np.intp]) -> None:
        """Take the units of all rows, from the top."""
        if not np.array_equal(units, self._units):
            self._units = units
            self.picture = None
            self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return rows 0, 10, 20, ..., as far apart as their texts need."""
        rows = len(self._units)
        needed = rows * _ROW_GAP / max(size, 1.0)
        spacing = next(step for step in _spacings() if step >= needed)
        return [(float(spacing), np.arange(0.0, rows, spacing).tolist())]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # type: ignore[override]
        """Return the units of these rows."""
        return [str(self._units[int(value)]) if 0 <= value < len(self._units) else "" for value in values]


class HeatMap(Plot):
    """Values of units over time steps as colours. Row 0 is at the top; columns are steps, from 0.

    A person zooms and drags along the steps only, and never beyond them; a double click shows all.
    """

    pointed_at = Signal(int, int)
    """The mouse stands over this column and row."""
    clicked_at = Signal(int, int)
    placed = Signal(QRectF, float, float)
    """The columns stand elsewhere: the map's rectangle in the widget's pixels, the first and the last x in it."""

    def __init__(self, x_label: str, y_label: str) -> None:
        super().__init__(x_label, y_label)
        rows = RowAxis()
        self._replace_axis("left", rows)
        self._replace_axis("bottom", WholeAxis("bottom"))
        self.set_labels(x_label, y_label)
        self._rows = rows
        rows.setWidth(_MARGIN)
        self.axes["bottom"].setHeight(_BELOW)
        self.getPlotItem().layout.setContentsMargins(0, _ABOVE, 1, 0)
        self._image = pg.ImageItem(axisOrder="row-major")
        self.addItem(self._image)
        self._row_mark = pg.InfiniteLine(angle=0, movable=False)
        self._row_mark.setZValue(49)
        self._row_mark.hide()
        self.addItem(self._row_mark, ignoreBounds=True)
        self._scale = Scale(True, 1.0)
        self._shape = (0, 0)
        self.box.disableAutoRange()
        self.box.invertY(True)
        self.box.setMouseEnabled(x=True, y=False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.box.sigXRangeChanged.connect(self._tell_place)
        self.box.sigResized.connect(self._tell_place)
        self.pointed.connect(lambda x, y: self.pointed_at.emit(*self._cell(x, y)))
        self.clicked.connect(lambda x, y: self.clicked_at.emit(*self._cell(x, y)))
        self.dress()

    def show_image(self, image: NDArray[np.uint8], scale: Scale, units: NDArray[np.intp]) -> None:
        """Show entries of the scale's colour table (rows, columns), and which unit stands in each row."""
        if scale.signed != self._scale.signed:
            self._scale = scale
            self._colour()
        self._rows.set_units(units)
        self._image.setImage(image, autoLevels=False, levels=(0, 255))
        if image.shape != self._shape:
            self._fit(*image.shape)

    def mark_row(self, row: int | None) -> None:
        """Draw a thin line through a row, or none."""
        self._row_mark.setVisible(row is not None)
        if row is not None:
            self._row_mark.setPos(row)

    def follow(self) -> None:
        """Show all steps again."""
        super().follow()
        self._show_all()

    def dress(self) -> None:
        """Take the theme's colours."""
        super().dress()
        if hasattr(self, "_image"):
            self._frame()
            self._row_mark.setPen(pg.mkPen(with_alpha(theme().colours.text, 0.35), width=1))
            self._colour()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the keys to the panel around."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show a frame: keys come here."""
        super().focusInEvent(event)
        self._frame()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show the frame no more."""
        super().focusOutEvent(event)
        self._frame()

    def _frame(self) -> None:
        self.box.setBorder(pg.mkPen(theme().colours.accent, width=1) if self.hasFocus() else None)

    def _replace_axis(self, side: str, axis: Axis) -> None:
        self.axes[side] = axis
        self.getPlotItem().setAxisItems({side: axis})

    def _colour(self) -> None:
        self._image.setLookupTable(self._scale.table(theme().colours))

    def _fit(self, rows: int, columns: int) -> None:
        """Lay the image out, one unit of length a row and a column, centred on whole numbers."""
        same_columns = columns == self._shape[1]
        self._shape = (rows, columns)
        self._image.setRect(QRectF(-0.5, -0.5, columns, rows))
        self.box.setLimits(
            xMin=-0.5, xMax=columns - 0.5, yMin=-0.5, yMax=rows - 0.5, minXRange=min(columns, _NARROWEST)
        )
        if not same_columns:
            super().follow()
        if self.following:
            self._show_all()
        else:
            self.box.setYRange(-0.5, rows - 0.5, padding=0)

    def _show_all(self) -> None:
        rows, columns = self._shape
        self.box.setRange(xRange=(-0.5, columns - 0.5), yRange=(-0.5, rows - 0.5), padding=0)

    def _cell(self, x: float, y: float) -> tuple[int, int]:
        """Return the column and the row nearest to a place."""
        rows, columns = self._shape
        return min(max(round(x), 0), columns - 1), min(max(round(y), 0), rows - 1)

    def _tell_place(self, *_: object) -> None:
        area = self.viewportTransform().mapRect(self.box.sceneBoundingRect())
        first, last = self.box.viewRange()[0]
        self.placed.emit(area, first, last)


def _spacings() -> list[int]:
    return [digit * 10**power for power in range(9) for digit in (1, 2, 5)]
