"""A heat map with its rows' names and numbers beside it: as compact as rows can be read, else it scrolls."""

import pyqtgraph as pg
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSizePolicy, QWidget

from workbench.gui.plots.heat_map import HeatMap
from workbench.gui.plots.row_texts import LEAST_ROW, RowTexts
from workbench.gui.theme import theme

_MOST_ROW = 24  # pixels high
_GAP = 6


class BareMap(HeatMap):
    """A heat map that fills its widget: no axes, no zoom; the wheel scrolls what it lies in."""

    def __init__(self) -> None:
        super().__init__("", "")
        self.getPlotItem().hideAxis("left")
        self.getPlotItem().hideAxis("bottom")
        self.getPlotItem().layout.setContentsMargins(0, 0, 0, 0)
        self.box.setMouseEnabled(x=False, y=False)
        self.setMinimumSize(40, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def dress(self) -> None:
        """Take the theme's colours; a thin frame, for what has not changed is as white as the panel."""
        super().dress()
        self.box.setBorder(pg.mkPen(theme().colours.line))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave it to the scroll area."""
        event.ignore()


class ParameterMap(QScrollArea):
    """Names, map and numbers in one line a row."""

    left = Signal()
    """The mouse has left the map."""

    def __init__(self) -> None:
        super().__init__()
        self.map = BareMap()
        self.names = RowTexts()
        self.numbers = RowTexts()
        self._rows = 1
        content = QWidget()
        line = QHBoxLayout(content)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_GAP)
        for widget, stretch in ((self.names, 0), (self.map, 1), (self.numbers, 0)):
            line.addWidget(widget, stretch)
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.map.left.connect(self.left)

    def set_rows(self, rows: int) -> None:
        """Make room for so many rows."""
        if rows != self._rows:
            self._rows = rows
            self._share_height()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new height among the rows."""
        super().resizeEvent(event)
        self._share_height()

    def _share_height(self) -> None:
        """Let rows that scroll be as high as lets a whole number of them be seen."""
        height = self.viewport().height()
        seen = max(1, height // LEAST_ROW)
        row = max(height / seen, LEAST_ROW) if self._rows > seen else LEAST_ROW
        self._content.setMinimumHeight(round(self._rows * row))
        self._content.setMaximumHeight(max(self._rows * _MOST_ROW, self._content.minimumHeight()))
        self.verticalScrollBar().setSingleStep(round(row))
