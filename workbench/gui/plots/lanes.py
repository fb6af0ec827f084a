"""The lanes of the strip above a heat map: bars, texts or shades at each step; each draws itself."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPolygonF

from workbench.gui.theme import Colours, with_alpha

Span = tuple[int, float, float]
"""A step, and where its text begins and ends in pixels."""

BETWEEN = 2  # pixels from lane to lane
_WORD_GAP, _LETTER_GAP = 4.0, 0.5  # pixels between two texts at the least
_TEXT_HEIGHT = 16
_BOX = 3.0  # pixels around the text at the cursor
_CHANNEL_HEIGHT = 4  # of a picture with many channels
_PICTURE = (12, 48)


@dataclass(frozen=True)
class Columns:
    """Where steps stand: ``left`` to ``right`` in pixels show ``first`` to ``last``, step t around t."""

    left: float
    right: float
    first: float
    last: float

    @property
    def width(self) -> float:
        """Pixels of one step."""
        return (self.right - self.left) / max(self.last - self.first, 1e-9)

    def middle(self, t: float) -> float:
        """Return where the middle of a step is, in pixels."""
        return self.left + (t - self.first) * self.width

    def at(self, x: float) -> int:
        """Return the step at a pixel."""
        return round(self.first + (x - self.left) / self.width)

    def seen(self, length: int) -> range:
        """Return the steps that can be seen, of so many."""
        return range(max(floor(self.first + 0.5), 0), min(ceil(self.last + 0.5), length))


@dataclass(frozen=True, eq=False)
class Lane(ABC):
    """One row of the strip."""

    label: str

    @property
    @abstractmethod
    def pixels(self) -> int:
        """How high the lane is."""

    @abstractmethod
    def paint(self, painter: QPainter, top: float, columns: Columns, colours: Colours) -> None:
        """Draw all steps that can be seen below ``top``."""

    def paint_cursor(self, painter: QPainter, top: float, columns: Columns, t: int, colours: Colours) -> None:
        """Mark a step in what is drawn already: by a line."""
        x = columns.middle(t)
        painter.setPen(QPen(with_alpha(colours.text, 0.85), 1))
        painter.drawLine(QPointF(x, top), QPointF(x, top + self.pixels + BETWEEN))


@dataclass(frozen=True, eq=False)
class Bars(Lane):
    """A number at each step (T,), from 0 up, or up and down; steps where ``marked`` (T,) in the accent."""

    heights: NDArray[np.floating]
    marked: NDArray[np.bool_]
    size: int = 24

    @property
    def pixels(self) -> int:
        """How high the lane is."""
        return self.size

    def paint(self, painter: QPainter, top: float, columns: Columns, colours: Colours) -> None:
        """Draw one bar a step, or the tallest of all in a pixel."""
        steps = columns.seen(len(self.heights))
        low, high = min(0.0, float(self.heights.min())), max(0.0, float(self.heights.max()))
        scale = (self.size - 1) / ((high - low) or 1.0)
        base = top + self.size - 1 + low * scale
        painter.fillRect(QRectF(columns.left, base, columns.right - columns.left, 1), QColor(colours.line))
        plain: list[QRectF] = []
        accent: list[QRectF] = []
        each = ceil(1 / columns.width) if columns.width < 1 else 1
        gap = 1.0 if columns.width >= 4 else 0.0
        for t in steps[::each]:
            part = self.heights[t : t + each]
            value = float(part[np.abs(part).argmax()])
            if value == 0:
                continue
            x = max(columns.middle(t) - columns.width / 2, columns.left)
            end = min(columns.middle(t + each - 1) + columns.width / 2 - gap, columns.right)
            bar = QRectF(x, base - max(value, 0) * scale, max(end - x, 1.0), max(abs(value) * scale, 1.0))
            (accent if self.marked[t : t + each].any() else plain).append(bar)
        painter.setPen(Qt.PenStyle.NoPen)
        for bars, colour in ((plain, colours.strip), (accent, colours.accent)):
            painter.setBrush(QColor(colour))
            painter.drawRects(bars)


@dataclass(frozen=True, eq=False)
class Texts(Lane):
    """A short text at each step (T,), "" for none; steps where ``wrong`` (T,) in red, all muted where ``quiet``.

    Where steps are too narrow, texts that would overlap give way to a dot; the one at the cursor never does.
    """

    texts: tuple[str, ...]
    wrong: NDArray[np.bool_]
    quiet: bool = False

    @property
    def pixels(self) -> int:
        """How high the lane is."""
        return _TEXT_HEIGHT

    def paint(self, painter: QPainter, top: float, columns: Columns, colours: Colours) -> None:
        """Draw the texts that have room."""
        spans = _spans(self.texts, columns, painter.font().toString())
        base = top + _base(painter)
        usual, bad = QColor(colours.muted if self.quiet else colours.text), QColor(colours.bad)
        for wrong, colour in ((False, usual), (True, bad)):
            painter.setPen(colour)
            for t, low, _ in spans:
                if self.wrong[t] == wrong:
                    painter.drawText(QPointF(low, base), self.texts[t])
        hidden = _hidden(self.texts, columns, spans)
        for places, colour in ((hidden[~self.wrong[hidden]], QColor(colours.strip)), (hidden[self.wrong[hidden]], bad)):
            painter.setPen(colour)
            pixels = np.unique(np.rint(columns.left + (places - columns.first) * columns.width))
            painter.drawPoints(QPolygonF([QPointF(x, top + _TEXT_HEIGHT / 2) for x in pixels.tolist()]))

    def paint_cursor(self, painter: QPainter, top: float, columns: Columns, t: int, colours: Colours) -> None:
        """Put the step's text in a box, in place of those it needs the room of."""
        super().paint_cursor(painter, top, columns, t, colours)
        if not self.texts[t]:
            return
        low, high = _span(self.texts[t], columns, t, QFontMetricsF(painter.font()))
        box = QRectF(low - _BOX, top, high - low + 2 * _BOX, _TEXT_HEIGHT)
        for _, other_low, other_high in _spans(self.texts, columns, painter.font().toString()):
            if other_low < box.right() and other_high > box.left():
                painter.fillRect(QRectF(other_low, top, other_high - other_low, _TEXT_HEIGHT), QColor(colours.panel))
        painter.fillRect(box, QColor(colours.accent_soft))
        painter.setPen(QColor(colours.bad if self.wrong[t] else colours.accent))
        painter.drawText(QPointF(low, top + _base(painter)), self.texts[t])


@dataclass(frozen=True, eq=False)
class Picture(Lane):
    """Many numbers at each step as shades from 0, the panel, to 255, the ink: (channels, T), C-contiguous."""

    shades: NDArray[np.uint8]

    @property
    def pixels(self) -> int:
        """How high the lane is."""
        return min(max(_CHANNEL_HEIGHT * len(self.shades), _PICTURE[0]), _PICTURE[1])

    def paint(self, painter: QPainter, top: float, columns: Columns, colours: Colours) -> None:
        """Draw the picture, cut to what can be seen."""
        rows, length = self.shades.shape
        paper, ink = QColor(colours.panel), QColor(colours.text)
        image = QImage(self.shades.data, length, rows, length, QImage.Format.Format_Indexed8)
        image.setColorTable([_between(paper, ink, entry / 255) for entry in range(256)])
        whole = QRectF(columns.middle(-0.5), top, length * columns.width, self.pixels)
        painter.drawImage(whole, image)


@lru_cache(maxsize=16)
def _spans(texts: tuple[str, ...], columns: Columns, font: str) -> tuple[Span, ...]:
    """Return the texts that are drawn, and where; found once for all drawings in the same columns."""
    own = QFont()
    own.fromString(font)
    measure = QFontMetricsF(own)
    gap = _LETTER_GAP if all(len(text) <= 1 for text in texts) else _WORD_GAP
    widths = {text: measure.horizontalAdvance(text) for text in set(texts)}
    return place_texts(
        ((t, *_bounded(columns, t, widths[texts[t]])) for t in columns.seen(len(texts)) if texts[t]), gap
    )


def place_texts(spans: Iterable[Span], gap: float) -> tuple[Span, ...]:
    """Return those of the texts (step, left, right), in order, between which there lies ``gap``."""
    placed: list[Span] = []
    end = -np.inf
    for span in spans:
        if span[1] - gap >= end:
            placed.append(span)
            end = span[2]
    return tuple(placed)


def _hidden(texts: tuple[str, ...], columns: Columns, spans: tuple[Span, ...]) -> NDArray[np.intp]:
    """Return the steps that can be seen and whose texts found no room."""
    hidden = np.zeros(len(texts), bool)
    seen = columns.seen(len(texts))
    hidden[seen.start : seen.stop] = [bool(text) for text in texts[seen.start : seen.stop]]
    hidden[[t for t, _, _ in spans]] = False
    return hidden.nonzero()[0]


def _span(text: str, columns: Columns, t: int, measure: QFontMetricsF) -> tuple[float, float]:
    return _bounded(columns, t, measure.horizontalAdvance(text))


def _bounded(columns: Columns, t: int, width: float) -> tuple[float, float]:
    """Return where a text of that width stands: around its step, but not beyond the columns."""
    low = min(max(columns.middle(t) - width / 2, columns.left), columns.right - width)
    return low, low + width


def _base(painter: QPainter) -> float:
    measure = QFontMetricsF(painter.font())
    return (_TEXT_HEIGHT + measure.ascent() - measure.descent()) / 2


def _between(paper: QColor, ink: QColor, share: float) -> int:
    red, green, blue = (
        round(one + (other - one) * share)
        for one, other in zip(paper.getRgb()[:3], ink.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(red, green, blue).rgb()
