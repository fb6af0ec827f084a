"""Where a card stands that speaks of something in the window."""

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 12  # pixels between a card and what it speaks of


def beside(target: QRect, card: QSize, window: QRect) -> QPoint:
    """Return where a card's corner goes: right of the target, left, below or above, wherever it hides least of it.

    All in the window's coordinates; the card stays inside the window, ``GAP`` from its edge.
    """
    wide, high = card.width(), card.height()
    corners = (
        QPoint(target.right() + GAP, target.top()),
        QPoint(target.left() - GAP - wide, target.top()),
        QPoint(target.left(), target.bottom() + GAP),
        QPoint(target.left(), target.top() - GAP - high),
    )
    inner = window.adjusted(GAP, GAP, -GAP, -GAP)
    places = [QRect(_inside(corner, card, inner), card) for corner in corners]
    return min(places, key=lambda place: _area(place & target)).topLeft()


def _inside(corner: QPoint, card: QSize, inner: QRect) -> QPoint:
    return QPoint(
        max(inner.left(), min(corner.x(), inner.right() - card.width())),
        max(inner.top(), min(corner.y(), inner.bottom() - card.height())),
    )


def _area(shared: QRect) -> int:
    return 0 if shared.isEmpty() else shared.width() * shared.height()
