"""A heat map whose rows and columns are words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF

from workbench.gui.plots.heat_map import HeatMap, WholeAxis
from workbench.gui.plots.scale import Scale

_NAME = 28  # pixels left of the rows' words, for the axis's name
_WORD = 84  # pixels that a row's word may take
_HIGH, _APART = 14, 8  # pixels that a word takes from top to bottom, and between two words of columns


class WordAxis(WholeAxis):
    """A word at each whole number; where there is no room for all, at every so many."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self._words: tuple[str, ...] = ()

    def show_words(self, words: Sequence[str]) -> None:
        """Show these words from 0 on."""
        if tuple(words) != self._words:
            self._words = tuple(words)
            self.picture = None
            self.update()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the places of words in sight, as far apart as they need."""
        low, high = sorted((low, high))  # an axis that runs downwards is asked from its end
        across = self.orientation == "bottom"
        room = self.widest(self._words) + _APART if across else _HIGH
        every = max(1, int(np.ceil(room * (high - low) / max(size, 1.0))))
        first, last = max(0, int(np.ceil(low))), min(len(self._words) - 1, int(np.floor(high)))
        return [(float(every), [float(place) for place in range(first, last + 1) if place % every == 0])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:  # type: ignore[override]
        """Return the words at these places."""
        return [self._fitting(self._words[round(value)]) for value in values]

    def widest(self, words: Sequence[str]) -> float:
        """Return the pixels of the widest of these words."""
        return max((self._width(word) for word in words), default=0.0)

    def _fitting(self, word: str) -> str:
        if self.orientation == "bottom":
            return word
        return self._measure().elidedText(word, Qt.TextElideMode.ElideRight, _WORD)

    def _width(self, word: str) -> float:
        return self._measure().horizontalAdvance(word)

    def _measure(self) -> QFontMetricsF:
        return QFontMetricsF(self.style["tickFont"] or self.font())


class WordMap(HeatMap):
    """Values between words of two kinds as colours."""

    def __init__(self, x_label: str, y_label: str) -> None:
        super().__init__(x_label, y_label)
        self.columns, self.row_words = WordAxis("bottom"), WordAxis("left")
        self._replace_axis("left", self.row_words)
        self._replace_axis("bottom", self.columns)
        self.columns.setHeight(36)
        self.set_labels(x_label, y_label)
        self.dress()

    def show_words(self, image: NDArray[np.uint8], scale: Scale, rows: Sequence[str], columns: Sequence[str]) -> None:
        """Show entries of the scale's colour table (rows, columns), and the word of each row and column."""
        self.row_words.show_words(rows)
        self.columns.show_words(columns)
        # By the words of both: what is read stays, so that the map stands still while other words are written.
        self.row_words.setWidth(_NAME + round(min(self.row_words.widest((*rows, *columns)), _WORD)))
        self.show_image(image, scale, np.arange(len(rows)))
