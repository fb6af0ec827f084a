"""Horizontal lines with their names at the right end, which never hide each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from workbench.gui.plots.plot import Plot
from workbench.gui.theme import theme, with_alpha

_SMALL = 11  # pixels, the names
_PAD = 3.0


@dataclass(frozen=True)
class Line:
    """A line at a height, in the unit of the data."""

    value: float
    text: str
    good: bool = False
    """Whether it is a goal, drawn dotted and green, and not something to be better than."""


class _Name(QGraphicsItem):
    """A name in pixels of the box, on a veil of the panel's colour."""

    def __init__(self, box: Any) -> None:
        super().__init__(box)
        self.setZValue(45)
        self._text, self._colour = "", QColor()
        self._font = QFont()
        self._size = QRectF()

    def set(self, text: str, colour: QColor, font: QFont) -> None:
        metrics = QFontMetricsF(font)
        self.prepareGeometryChange()
        self._text, self._colour, self._font = text, colour, font
        self._size = QRectF(0, 0, metrics.horizontalAdvance(text) + 2 * _PAD, metrics.height())
        self.update()

    @property
    def text(self) -> str:
        return self._text

    def boundingRect(self) -> QRectF:
        return self._size

    def paint(self, painter: QPainter, _: QStyleOptionGraphicsItem, __: QWidget | None = None) -> None:
        painter.fillRect(self._size, with_alpha(theme().colours.panel, 0.6))
        painter.setPen(self._colour)
        painter.setFont(self._font)
        painter.drawText(self._size, Qt.AlignmentFlag.AlignCenter, self._text)


class Levels:
    """The named lines of a plot. Items are made as they are first needed, and kept."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self._lines: list[Any] = []
        self._names: list[_Name] = []
        self._shown: tuple[Line, ...] = ()
        plot.box.sigRangeChanged.connect(self.place)
        plot.box.sigResized.connect(self.place)

    @property
    def shown(self) -> tuple[Line, ...]:
        """The lines given last."""
        return self._shown

    @property
    def rectangles(self) -> tuple[QRectF, ...]:
        """Where the visible names stand, in pixels of the plot's box."""
        return tuple(name.mapRectToParent(name.boundingRect()) for name in self._names if name.isVisible())

    def show(self, lines: Sequence[Line]) -> None:
        """Draw these lines and no others."""
        self._shown = tuple(lines)
        while len(self._lines) < len(lines):
            self._add()
        for line in self._lines[len(lines) :]:
            line.hide()
        self.dress()

    def dress(self) -> None:
        """Take the theme's colours and the plot's scale."""
        font = QFont(self._plot.font())
        font.setPixelSize(_SMALL)
        for shown, line, name in zip(self._shown, self._lines, self._names, strict=False):
            colour = theme().colour("good" if shown.good else "muted")
            style = Qt.PenStyle.DotLine if shown.good else Qt.PenStyle.DashLine
            line.setPen(pg.mkPen(colour, width=1, style=style))
            line.setVisible(self._height(shown) is not None)
            if (height := self._height(shown)) is not None:
                line.setPos(height)
            name.set(shown.text, colour, font)
        self.place()

    def place(self, *_: object) -> None:
        """Put the names at the right end, above their lines, apart from each other and inside the plot."""
        for name in self._names:
            name.hide()
        box = self._plot.box.rect()
        visible = []
        for shown, name in zip(self._shown, self._names, strict=False):
            height = self._height(shown)
            if height is None:
                continue
            y = self._plot.box.mapFromView(QPointF(0, height)).y()
            if box.top() - 1 <= y <= box.bottom() + 1:
                visible.append((y, name))
        visible.sort(key=lambda pair: pair[0])
        heights = [name.boundingRect().height() for _, name in visible]
        tops = spread([y - size for (y, _), size in zip(visible, heights, strict=True)], heights, box.height())
        for (_, name), top in zip(visible, tops, strict=True):
            if top is not None:
                name.setPos(box.right() - name.boundingRect().width(), box.top() + top)
                name.show()

    def _height(self, line: Line) -> float | None:
        """Return where the line stands on the plot's axis, None where that axis has no such place."""
        height = float(self._plot.heights(np.asarray(line.value)))
        return height if height == height else None

    def _add(self) -> None:
        line: Any = pg.InfiniteLine(angle=0, movable=False)
        line.setZValue(20)
        self._plot.addItem(line, ignoreBounds=True)
        self._lines.append(line)
        self._names.append(_Name(self._plot.box))


def spread(tops: Sequence[float], heights: Sequence[float], room: float) -> list[float | None]:
    """Return where boxes of these heights stand in 0 .. room, each as near to its wanted top as the others allow.

    ``tops`` ascend. The last ones find no place (None) where there is no room for all.
    """
    placed: list[float] = []
    end = 0.0
    for top, height in zip(tops, heights, strict=True):
        if sum(heights[: len(placed) + 1]) > room:
            break
        placed.append(max(top, end))
        end = placed[-1] + height
    limit = room
    for index in reversed(range(len(placed))):
        placed[index] = min(placed[index], limit - heights[index])
        limit = placed[index]
    return [*placed, *[None] * (len(tops) - len(placed))]
