"""Texts beside the rows of a map: names with sub- and superscripts, and numbers, in rows of a few pixels."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import theme

_SMALL, _INDEX = 11, 9  # pixels: as the text of axes, and an index that can still be read
_RISES = {"sup": 3.0, "sub": -2.0}  # pixels: Qt's own rich text rises into the row above
LEAST_ROW = 15  # pixels: a line with an index above or below it
_PARTS = re.compile(r"<(/?)(i|sup|sub)>|([^<]+)")


@dataclass(frozen=True)
class _Part:
    text: str
    font: QFont
    rise: float
    width: float


class RowTexts(QWidget):
    """One line for each row, at the right. It never gets narrower while its rows stay, so that a map stands still.

    Texts are HTML with ``<i>``, ``<sup>`` and ``<sub>`` alone.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[str, ...] = ()
        self._rows: list[list[_Part]] = []
        self._width = 0
        font = self.font()
        font.setPixelSize(_SMALL)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    @property
    def shown(self) -> tuple[str, ...]:
        """The texts, from the top."""
        return self._shown

    def show_texts(self, texts: Sequence[str]) -> None:
        """Show a text for each row."""
        if tuple(texts) == self._shown:
            return
        if len(texts) != len(self._shown):
            self._width = 0
        self._shown = tuple(texts)
        self._rows = [_parts(text, self.font()) for text in texts]
        widest = max((sum(part.width for part in row) for row in self._rows), default=0.0)
        if widest + 1 > self._width:
            self._width = round(widest) + 1
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the width of the widest text."""
        return QSize(self._width, LEAST_ROW)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each text in the middle of its row."""
        painter = QPainter(self)
        painter.setPen(theme().colour("muted"))
        metrics = QFontMetricsF(self.font())
        height = self.height() / max(len(self._rows), 1)
        for index, row in enumerate(self._rows):
            line = round((index + 0.5) * height + metrics.capHeight() / 2)
            x = self.width() - sum(part.width for part in row)
            for part in row:
                painter.setFont(part.font)
                painter.drawText(QPointF(x, line - part.rise), part.text)
                x += part.width
        painter.end()


def _parts(html: str, font: QFont) -> list[_Part]:
    """Return the parts of a text, each in one font."""
    italic, level, parts = False, "", []
    for closing, tag, text in _PARTS.findall(html):
        if text:
            own = QFont(font)
            own.setItalic(italic)
            own.setPixelSize(_INDEX if level else _SMALL)
            plain = unescape(text)
            parts.append(_Part(plain, own, _RISES.get(level, 0.0), QFontMetricsF(own).horizontalAdvance(plain)))
        elif tag == "i":
            italic = not closing
        else:
            level = "" if closing else tag
    return parts
