"""The lanes of the strip above a heat map: bars, texts or shades at each step; each draws itself."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPolygonF

from workbench.gui.theme import Colours

_WORD_GAP, _LETTER_GAP = 4.0, 0.5  # pixels between two texts at the least
_TEXT_HEIGHT = 16
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
    over_cursor: ClassVar[bool] = False
    """Whether the cursor's line runs behind what is drawn."""

    @property
    @abstractmethod
    def pixels(self) -> int:
        """How high the lane is."""

    @abstractmethod
    def paint(self, painter: QPainter, top: float, columns: Columns, cursor: int | None, colours: Colours) -> None:
        """Draw all steps that can be seen below ``top``."""


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

    def paint(self, painter: QPainter, top: float, columns: Columns, cursor: int | None, colours: Colours) -> None:
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
    over_cursor = True

    @property
    def pixels(self) -> int:
        """How high the lane is."""
        return _TEXT_HEIGHT

    def paint(self, painter: QPainter, top: float, columns: Columns, cursor: int | None, colours: Colours) -> None:
        """Draw the texts that have room."""
        measure = QFontMetricsF(painter.font())
        widths = {text: measure.horizontalAdvance(text) for text in set(self.texts)}
        steps = columns.seen(len(self.texts))
        gap = _LETTER_GAP if all(len(text) <= 1 for text in widths) else _WORD_GAP
        places = place_texts(
            [(t, columns.middle(t), widths[self.texts[t]]) for t in steps if self.texts[t]], cursor, gap
        )
        usual = QColor(colours.muted if self.quiet else colours.text)
        bad, dots = QColor(colours.bad), QColor(colours.strip)
        base = top + (_TEXT_HEIGHT + measure.ascent() - measure.descent()) / 2
        hidden: dict[bool, list[QPointF]] = {False: [], True: []}
        for t in steps:
            if t not in places:
                if self.texts[t]:
                    hidden[bool(self.wrong[t])].append(QPointF(columns.middle(t), top + _TEXT_HEIGHT / 2))
                continue
            width = widths[self.texts[t]]
            left = min(max(columns.middle(t) - width / 2, columns.left), columns.right - width)
            painter.setPen(bad if self.wrong[t] else usual)
            if t == cursor:
                box = QRectF(left - 3, top, width + 6, _TEXT_HEIGHT)
                painter.fillRect(box, QColor(colours.accent_soft))
                painter.setPen(bad if self.wrong[t] else QColor(colours.accent))
            painter.drawText(QPointF(left, base), self.texts[t])
        for wrong, points in hidden.items():
            painter.setPen(bad if wrong else dots)
            painter.drawPoints(QPolygonF(points))


@dataclass(frozen=True, eq=False)
class Picture(Lane):
    """Many numbers at each step as shades from 0, the panel, to 255, the ink: (channels, T), C-contiguous."""

    shades: NDArray[np.uint8]

    @property
    def pixels(self) -> int:
        """How high the lane is."""
        return min(max(_CHANNEL_HEIGHT * len(self.shades), _PICTURE[0]), _PICTURE[1])

    def paint(self, painter: QPainter, top: float, columns: Columns, cursor: int | None, colours: Colours) -> None:
        """Draw the picture, cut to what can be seen."""
        rows, length = self.shades.shape
        paper, ink = QColor(colours.panel), QColor(colours.text)
        image = QImage(self.shades.data, length, rows, length, QImage.Format.Format_Indexed8)
        image.setColorTable([_between(paper, ink, entry / 255) for entry in range(256)])
        whole = QRectF(columns.middle(-0.5), top, length * columns.width, self.pixels)
        painter.drawImage(whole, image)


def place_texts(texts: Iterable[tuple[int, float, float]], cursor: int | None, gap: float) -> set[int]:
    """Return which of the texts (step, middle, width), in order, are drawn so that ``gap`` lies between them.

    The cursor's always is; of the others each that has room beside those drawn before it.
    """
    spans = [(t, middle - width / 2, middle + width / 2) for t, middle, width in texts]
    kept_low, kept_high = next(((low, high) for t, low, high in spans if t == cursor), (np.inf, -np.inf))
    places, end = set(), -np.inf
    for t, low, high in spans:
        beside_cursor = high + gap <= kept_low or low - gap >= kept_high
        if t == cursor or (beside_cursor and low - gap >= end):
            places.add(t)
            end = high
    return places


def _between(paper: QColor, ink: QColor, share: float) -> int:
    red, green, blue = (
        round(one + (other - one) * share)
        for one, other in zip(paper.getRgb()[:3], ink.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(red, green, blue).rgb()
