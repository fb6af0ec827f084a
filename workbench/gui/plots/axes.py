"""Axes: no box, short ticks, thousands set apart, powers of ten as powers."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF

from workbench.gui.theme import Colours, with_alpha

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_THIN_SPACE = "\u2009"
_CORNER = 16  # pixels
_LOG_TICK = 26  # pixels that a power of ten keeps to itself
_SMALLEST = 9  # pixels, a title where its axis is short
_MARGIN = 4  # pixels that a title keeps free at both of its ends


class Axis(pg.AxisItem):
    """An axis with a light grid behind the data and muted text."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation, maxTickLength=-4)
        self.logarithmic = False
        self.whole = False
        self.enableAutoSIPrefix(False)
        self.setStyle(autoExpandTextSpace=True, tickTextOffset=4, hideOverlappingLabels=16)

    def set_title(self, text: str) -> None:
        """Name what the axis shows; "" for none."""
        self.setLabel(text or None)
        self.showLabel(bool(text))

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Take positions as powers of ten, or as they are."""
        self.logarithmic = logarithmic
        self.picture = None
        self.update()

    def set_whole(self, whole: bool) -> None:
        """Put ticks at whole numbers only, as for steps, which are counted, or wherever it is best."""
        self.whole = whole
        self.picture = None
        self.update()

    def dress(self, colours: Colours, font: QFont) -> None:
        """Take colours and font."""
        self.setPen(pg.mkPen(colours.line))
        self.setTickPen(pg.mkPen(with_alpha(colours.muted, 0.28)))
        self.setTextPen(pg.mkPen(colours.muted))
        self.setStyle(tickFont=font)
        self.label.setFont(font)
        self.labelStyle = {"color": colours.muted}
        self.setGrid(36)
        self._updateLabel()

    def labelString(self) -> str:
        """Return the title as HTML: smaller, then cut short, where the axis is too short for it."""
        font = QFont(self.label.font())
        text, room = self.labelText, self._room()
        while room > 0 and QFontMetricsF(font).horizontalAdvance(text) > room:
            if font.pixelSize() <= _SMALLEST:
                text = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideMiddle, room)
                break
            font.setPixelSize(font.pixelSize() - 1)
        styles = dict(self.labelStyle)
        if font.pixelSize() != self.label.font().pixelSize():
            styles["font-size"] = f"{font.pixelSize()}px"
        style = ";".join(f"{name}: {value}" for name, value in styles.items())
        return f"<span style='{style}'>{escape(text)}</span>"

    def resizeEvent(self, event: Any = None) -> None:
        """Fit the title into the new length, and put it in the middle."""
        if self.label is not None:  # pyqtgraph takes the label of a closed plot away
            self.label.setHtml(self.labelString())
        super().resizeEvent(event)
        if self.label is not None and self.orientation == "left":
            length = self.label.boundingRect().width()
            if length > self.size().height():  # over the corner, where nothing else stands
                self.label.setPos(self.label.pos().x(), self.size().height() + _CORNER)

    def _updateLabel(self) -> None:
        super()._updateLabel()
        self.resizeEvent()  # pyqtgraph leaves another title where the last one began

    def _room(self) -> float:
        """Return how long a title may be; 0 while nothing is laid out."""
        if self.orientation == "left":
            return float(self.size().height()) + _CORNER - 2 * _MARGIN
        return float(self.size().width()) - 2 * _MARGIN

    def boundingRect(self) -> QRectF:
        """Let the text at the near end stand out over the corner between the axes, where there is room for it."""
        rect: QRectF = super().boundingRect()
        left, below = (_CORNER, 0) if self.orientation == "bottom" else (0, _CORNER)
        return rect.adjusted(-left, 0, 0, below)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the ticks' texts: 1 500, 0.05, 10⁻³."""
        if self.logarithmic:
            return [_power(value) for value in values]
        return [_plain(text) for text in super().tickStrings(values, scale, spacing)]

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return where lines of the grid and texts stand: one level, so that the grid stays calm."""
        if not self.logarithmic:
            ticks = list(super().tickValues(low, high, size)[:1])
            if self.whole and ticks and ticks[0][0] < 1:
                return [(1.0, (np.arange(np.ceil(low), np.floor(high) + 1) + 0.0).tolist())]  # 0, never -0
            return ticks
        powers = np.arange(np.ceil(low), np.floor(high) + 1)
        if len(powers) < 2:
            return list(super().tickValues(low, high, size)[:1])
        every = int(np.ceil(len(powers) * _LOG_TICK / max(size, 1)))
        kept = powers[powers % every == 0]
        return [(float(every), kept.tolist())]


def _plain(text: str) -> str:
    """Set thousands apart with thin spaces."""
    whole, dot, fraction = text.partition(".")
    if len(whole.lstrip("-")) < 5 or not whole.lstrip("-").isdigit():
        return text
    return f"{int(whole):,}".replace(",", _THIN_SPACE) + dot + fraction


def _power(logarithm: float) -> str:
    """Return 10 to this power, as a person writes it."""
    if logarithm != int(logarithm):
        return f"{10**logarithm:.2g}"
    return f"10{str(int(logarithm)).translate(_SUPERSCRIPTS)}"
