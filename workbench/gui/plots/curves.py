"""The curves of one run: every number faint, the main curve over them, circles where held-out data was asked."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from workbench.gui.plots.decimation import lonely
from workbench.gui.plots.plot import Plot
from workbench.gui.theme import theme

Numbers = NDArray[Any]
_FAINT = 0.38
_CIRCLE = 6  # pixels
_DOT = 4
_WIDTH = 1.5  # of the main curve


class RunCurves:
    """The items of one run in a plot; they stay there, and are empty while they have nothing to show."""

    def __init__(self, plot: Plot, *, antialias: bool = False) -> None:
        """Put the items into a plot; ``antialias`` smooths the main curve, for one of few points."""
        self._plot = plot
        self.raw: Any = pg.PlotCurveItem(connect="finite", antialias=False)
        self.main: Any = pg.PlotCurveItem(connect="finite", antialias=antialias)
        self.circles: Any = pg.ScatterPlotItem(size=_CIRCLE, pxMode=True, antialias=True)
        self.dots: Any = pg.ScatterPlotItem(size=_DOT, pxMode=True, pen=None, antialias=True)
        self.x, self.y = np.empty(0), np.empty(0)
        """The main curve as it is drawn, y in its own unit."""
        self._dress: tuple[object, ...] = ()
        for height, item in ((10, self.raw), (30, self.main), (35, self.dots), (40, self.circles)):
            item.setZValue(height)
            plot.addItem(item, ignoreBounds=True)

    def dress(self, colour: QColor, line: Qt.PenStyle) -> None:
        """Take a colour, and a line style for the main curve."""
        wanted = (colour.rgba(), line, theme().colours.name)
        if wanted == self._dress:
            return
        self._dress = wanted
        faint = QColor(colour)
        faint.setAlphaF(_FAINT)
        self.raw.setPen(pg.mkPen(faint, width=1))
        self.main.setPen(pg.mkPen(colour, width=_WIDTH, style=line))
        self.circles.setPen(pg.mkPen(colour, width=1.25))
        self.circles.setBrush(pg.mkBrush(theme().colour("panel")))
        self.dots.setBrush(pg.mkBrush(colour))

    def draw(
        self, raw: tuple[Numbers, Numbers], main: tuple[Numbers, Numbers], circles: tuple[Numbers, Numbers]
    ) -> None:
        """Show points (x, y), y in its own unit; what the plot's scale cannot show is a gap."""
        self.x, self.y = main
        _set(self.raw, raw[0], self._plot.heights(raw[1]))
        heights = self._plot.heights(main[1])
        _set(self.main, main[0], heights)
        alone = lonely(heights)
        _set(self.dots, main[0][alone], heights[alone])
        x, y = circles[0], self._plot.heights(circles[1])
        there = np.isfinite(y)
        _set(self.circles, x[there], y[there])

    def clear(self) -> None:
        """Show nothing."""
        nothing = (np.empty(0), np.empty(0))
        self.draw(nothing, nothing, nothing)

    def value_at(self, x: float) -> float | None:
        """Return the main curve's height at the point nearest to x, None beyond its ends and in gaps."""
        if not len(self.x):
            return None
        index = int(np.searchsorted(self.x, x))
        near = [i for i in (index - 1, index) if 0 <= i < len(self.x)]
        nearest = min(near, key=lambda i: abs(self.x[i] - x))
        spacing = (self.x[-1] - self.x[0]) / max(len(self.x) - 1, 1)
        if not self.x[0] - 2 * spacing <= x <= self.x[-1] + 2 * spacing or not np.isfinite(self.y[nearest]):
            return None
        return float(self.y[nearest])


def _set(item: Any, x: Numbers, y: Numbers) -> None:
    """Give an item its data; one without a number gets none, and one that has none is left alone."""
    if not np.isfinite(y).any():
        if len(item.getData()[0] if item.getData()[0] is not None else ()):
            item.setData(x=np.empty(0), y=np.empty(0))
        return
    item.setData(x=x, y=y)
