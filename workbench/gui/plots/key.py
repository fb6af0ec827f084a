"""The key of a plot: which line is what, in one or two rows above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import theme

_SMALL = 11  # pixels, as the text of axes
_ROW = 16
_MOST_ROWS = 2
_SAMPLE, _GAP, _BETWEEN = 18, 5, 14  # pixels: a line's sample, to its text, to the next entry
_NAMES = (10_000, 150, 110, 80, 50)  # widths tried for names, until all entries find room
_CUTS = (Qt.TextElideMode.ElideRight, Qt.TextElideMode.ElideLeft, Qt.TextElideMode.ElideMiddle)


@dataclass(frozen=True)
class KeyEntry:
    """A line as it is drawn, its name (cut short where there is no room) and what is said of it (never cut).

    ``more`` is said where all entries find room with it, and on hovering.
    """

    name: str
    words: str
    colour: QColor
    line: Qt.PenStyle
    width: float = 1.5
    more: str = ""


class Key(QWidget):
    """Samples of lines with their names. Takes one row where that is enough, at most two."""

    def __init__(self) -> None:
        super().__init__()
        font = self.font()
        font.setPixelSize(_SMALL)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_ROW)
        self._entries: tuple[KeyEntry, ...] = ()
        self._placed: list[tuple[int, int, str, KeyEntry]] = []
        theme().changed.connect(self.update)

    def show_entries(self, entries: Sequence[KeyEntry]) -> None:
        """Show these lines."""
        if tuple(entries) != self._entries:
            self._entries = tuple(entries)
            sentences = [_joined(entry.name, entry.words, entry.more) for entry in entries]
            self.setToolTip("\n".join(sentences))
            self.setAccessibleName("; ".join(sentences))
            self._place()

    def sizeHint(self) -> QSize:
        """Return the rows needed; any width will do."""
        return QSize(0, self.height())

    def _place(self) -> None:
        rows = self._try(_NAMES[0], with_more=True)
        for most in _NAMES:
            if rows <= _MOST_ROWS:
                break
            rows = self._try(most, with_more=False)
        self.setFixedHeight(_ROW * min(max(rows, 1), _MOST_ROWS))
        self.update()

    def _try(self, most: int, *, with_more: bool) -> int:
        """Place all entries with names no wider than this and return the rows they take."""
        metrics = QFontMetrics(self.font())
        self._placed = []
        x = row = 0
        names = cut_apart([entry.name for entry in self._entries], metrics, most)
        for entry, name in zip(self._entries, names, strict=True):
            text = _joined(name, entry.words, entry.more if with_more else "")
            width = _SAMPLE + _GAP + metrics.horizontalAdvance(text)
            if x and x + width > self.width():
                x, row = 0, row + 1
            self._placed.append((x, row, text, entry))
            x += width + _BETWEEN
        return row + 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find the entries' places in the new width."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each line's sample and its text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        for x, row, text, entry in self._placed:
            middle = row * _ROW + _ROW / 2
            painter.setPen(QPen(entry.colour, entry.width, entry.line))
            painter.drawLine(QLineF(x, middle, x + _SAMPLE, middle))
            painter.setPen(theme().colour("muted"))
            painter.drawText(x + _SAMPLE + _GAP, round(middle + (metrics.ascent() - metrics.descent()) / 2), text)
        painter.end()


def cut_apart(names: Sequence[str], metrics: QFontMetrics, most: int) -> list[str]:
    """Return names no wider than this, all cut short in one way, in which most of them can be told apart."""
    ways = [[metrics.elidedText(name, cut, most) for name in names] for cut in _CUTS]
    return max(ways, key=lambda way: len(set(way)))


def _joined(name: str, *words: str) -> str:
    said = ", ".join(part for part in words if part)
    return f"{name} · {said}" if said else name
