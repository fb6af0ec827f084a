"""A plot as all panels have it: axes without boxes, a light grid, the person's place kept, one cursor line."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPalette

from workbench.gui.plots.axes import Axis
from workbench.gui.theme import theme, with_alpha

_SMALL = 11  # pixels, the text of axes


class Plot(pg.PlotWidget):
    """One plot. It follows the newest data until a person zooms or drags; `follow` goes back to that.

    Items live as long as the plot: give them new data, never make new ones. Positions are data coordinates; on a
    logarithmic axis the x or y of signals is the value itself, not its logarithm.
    """

    pointed = Signal(float, float)
    """The mouse stands at (x, y)."""
    left = Signal()
    """The mouse has left the plot."""
    clicked = Signal(float, float)
    """The left button was clicked at (x, y)."""
    following_changed = Signal(bool)

    def __init__(self, x_label: str = "", y_label: str = "") -> None:
        self.axes = {"bottom": Axis("bottom"), "left": Axis("left")}
        super().__init__(axisItems=self.axes, background=None)
        self.setFrameShape(self.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)  # a panel's colour
        self.setCacheMode(self.CacheModeFlag.CacheNone)  # a kept background would have the last theme's colour
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMinimumHeight(60)
        self.box: Any = self.getPlotItem().getViewBox()
        self.box.setDefaultPadding(0.0)
        self.box.sigRangeChangedManually.connect(self._moved_by_hand)
        self.following = True
        self._pressed_at: QPointF | None = None
        self._mark: Any = pg.InfiniteLine(angle=90, movable=False)
        self._mark.setZValue(50)
        self._mark.hide()
        self.addItem(self._mark, ignoreBounds=True)
        self.set_labels(x_label, y_label)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        theme().changed.connect(self.dress)
        self.dress()

    # Scales and labels.

    def set_labels(self, x_label: str, y_label: str) -> None:
        """Name what the axes show, with units."""
        for axis, label in (("bottom", x_label), ("left", y_label)):
            self.axes[axis].set_title(label)

    def set_log_y(self, log: bool) -> None:
        """Draw y as powers of ten, or evenly. Give curves their data anew afterwards: see `heights`."""
        self.axes["left"].set_logarithmic(log)

    @property
    def log_y(self) -> bool:
        """Whether y is drawn as powers of ten."""
        return self.axes["left"].logarithmic

    def heights(self, y: NDArray[Any]) -> NDArray[np.float64]:
        """Return y as it has to be given to curves of this plot: its log10 on a logarithmic axis, gaps where y <= 0."""
        y = np.asarray(y, np.float64)
        if not self.log_y:
            return np.where(np.isfinite(y), y, np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            logarithms = np.log10(y)
        return np.where(np.isfinite(logarithms), logarithms, np.nan)

    def show_range(self, x: tuple[float, float] | None = None, y: tuple[float, float] | None = None) -> None:
        """Show these ranges (in the coordinates of curves), if the plot follows; flat ones get some air."""
        if not self.following:
            return
        if x is not None:
            self.setXRange(*_aired(*x), padding=0)
        if y is not None:
            self.setYRange(*_aired(*y), padding=0.06)

    # The person's place.

    def follow(self) -> None:
        """Show the newest data from now on."""
        if not self.following:
            self.following = True
            self.following_changed.emit(True)

    def _moved_by_hand(self, _: object = None) -> None:
        if self.following:
            self.following = False
            self.following_changed.emit(False)

    # The cursor.

    def mark(self, x: float | None) -> None:
        """Draw the cursor line at x, or none."""
        self._mark.setVisible(x is not None)
        if x is not None:
            self._mark.setPos(x)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the mouse points, unless it drags."""
        super().mouseMoveEvent(event)
        if event.buttons() == Qt.MouseButton.NoButton:
            place = self._data_at(event.position())
            if place is None:
                self.left.emit()
            else:
                self.pointed.emit(*place)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where the button went down: a click is a press and a release in one place."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tell of a click."""
        super().mouseReleaseEvent(event)
        before, self._pressed_at = self._pressed_at, None
        if before is not None and (event.position() - before).manhattanLength() < 4:
            place = self._data_at(event.position())
            if place is not None:
                self.clicked.emit(*place)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show all again."""
        self.follow()
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse is gone."""
        super().leaveEvent(event)
        self.left.emit()

    def _data_at(self, position: QPointF) -> tuple[float, float] | None:
        scene = self.mapToScene(position.toPoint())
        if not self.box.sceneBoundingRect().contains(scene):
            return None
        point = self.box.mapSceneToView(scene)
        return point.x(), 10 ** point.y() if self.log_y else point.y()

    # The theme.

    def dress(self) -> None:
        """Take the theme's colours."""
        colours = theme().colours
        font = QFont(self.font())
        font.setPixelSize(_SMALL)
        for axis in self.axes.values():
            if axis.label is not None:  # pyqtgraph takes the label of a closed plot away
                axis.dress(colours, font)
        self._mark.setPen(pg.mkPen(with_alpha(colours.text, 0.85), width=1))


def _aired(low: float, high: float) -> tuple[float, float]:
    """Return a range that is not empty."""
    if not (np.isfinite(low) and np.isfinite(high)):
        return 0.0, 1.0
    if high - low < 1e-12 * max(1.0, abs(high)):
        air = 0.5 * abs(high) or 0.5
        return low - air, high + air
    return low, high
