"""Dashed upright lines with a word at either side: where training ended, where an answer begins."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont

from workbench.gui.plots.plot import Plot
from workbench.gui.theme import theme, with_alpha

_SMALL = 11  # pixels, the words
_VEIL = 0.75  # behind the words, of the panel's colour


@dataclass(frozen=True)
class Upright:
    """A line at x, in the coordinates of curves, with words at its right and at its left."""

    x: float
    right: str = ""
    left: str = ""


class Uprights:
    """The upright lines of a plot. Items are made as they are first needed, and kept.

    ``height`` is where the words stand: 0 at the bottom of the plot, 1 at its top.
    """

    def __init__(self, plot: Plot, height: float) -> None:
        self._plot, self._height = plot, height
        self._items: list[tuple[Any, Any, Any]] = []
        self._shown: tuple[Upright, ...] = ()

    @property
    def shown(self) -> tuple[Upright, ...]:
        """The lines given last."""
        return self._shown

    def show(self, lines: Sequence[Upright]) -> None:
        """Draw these lines and no others."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        while len(self._items) < len(lines):
            self._add()
        for place, (line, right, left) in enumerate(self._items):
            line.setVisible(place < len(lines))
            if place < len(lines):
                line.setPos(lines[place].x)
                right.setFormat(lines[place].right)
                left.setFormat(lines[place].left)
        self.dress()

    def dress(self) -> None:
        """Take the theme's colours."""
        colours, muted, font = theme().colours, theme().colour("muted"), QFont(self._plot.font())
        font.setPixelSize(_SMALL)
        for line, *words in self._items:
            line.setPen(pg.mkPen(muted, width=1, style=Qt.PenStyle.DashLine))
            for word in words:
                word.setColor(muted)
                word.setFont(font)
                word.fill = pg.mkBrush(with_alpha(colours.panel, _VEIL) if word.format else None)

    def _add(self) -> None:
        line: Any = pg.InfiniteLine(angle=90, movable=False)
        line.setZValue(5)
        # Two anchors: pyqtgraph chooses by which half of the plot the line stands in; here that makes no difference.
        right = pg.InfLineLabel(line, "", position=self._height, anchors=[(0, 0.5)] * 2)
        left = pg.InfLineLabel(line, "", position=self._height, anchors=[(1, 0.5)] * 2)
        self._plot.addItem(line, ignoreBounds=True)
        self._items.append((line, right, left))


def where_an_answer_begins(switch: int | None) -> tuple[Upright, ...]:
    """Return the line between a source's last step and an answer's first, none where there is no answer."""
    return () if switch is None else (Upright(switch - 0.5, "answer", "source"),)
