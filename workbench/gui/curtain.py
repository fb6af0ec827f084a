"""What stands in the window while its parts are loaded: the cards, still empty."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import theme

GAP = 8
FORM, SIDE = 284, 300  # pixels wide at first
HEIGHTS = (225, 260, 225)  # of the rows in the middle, in proportion
_BAR = 48
_FILM = 44
_CORNER = 8


class Curtain(QWidget):
    """Paints the tool bar and the cards where they will be."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint empty cards."""
        colours = theme().colours
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), _BAR, QColor(colours.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(colours.line))
        painter.setBrush(QColor(colours.panel))
        for card in _cards(QRect(0, _BAR, self.width(), self.height() - _BAR).adjusted(GAP, GAP, -GAP, -GAP)):
            painter.drawRoundedRect(card, _CORNER, _CORNER)


def _cards(room: QRect) -> list[QRect]:
    left = room.left() + FORM + GAP
    width = room.width() - FORM - SIDE - 2 * GAP
    cards = [
        QRect(room.left(), room.top(), FORM, room.height()),
        QRect(left + width + GAP, room.top(), SIDE, room.height()),
    ]
    top, height = room.top(), room.height() - _FILM - len(HEIGHTS) * GAP
    for share in HEIGHTS:
        part = height * share // sum(HEIGHTS)
        cards.append(QRect(left, top, width, part))
        top += part + GAP
    cards.append(QRect(left, top, width, _FILM))
    return cards
