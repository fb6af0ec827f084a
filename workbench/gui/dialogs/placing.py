"""Where a card stands that speaks of something in the window."""

from PySide6.QtCore import QPoint, QRect, QSize

GAP = 12  # pixels between a card and what it speaks of


def beside(target: QRect, card: QSize, window: QRect) -> QPoint:
    """Return where a card's corner goes: right of the target, left, below or above, where there is room; else over it.

    All in the window's coordinates; the card stays inside the window, ``GAP`` from its edge.
    """
    wide, high = card.width(), card.height()
    inner = window.adjusted(GAP, GAP, -GAP, -GAP)
    middle = target.center() - QPoint(wide // 2, high // 2)
    # Along its target's edge a card may slide; away from it, it may not.
    places = (
        (QPoint(target.right() + GAP, target.top()), target.right() + GAP + wide <= inner.right()),
        (QPoint(target.left() - GAP - wide, target.top()), target.left() - GAP - wide >= inner.left()),
        (QPoint(target.left(), target.bottom() + GAP), target.bottom() + GAP + high <= inner.bottom()),
        (QPoint(target.left(), target.top() - GAP - high), target.top() - GAP - high >= inner.top()),
    )
    corner = next((place for place, fits in places if fits), middle)
    return QPoint(
        max(inner.left(), min(corner.x(), inner.right() - wide)),
        max(inner.top(), min(corner.y(), inner.bottom() - high)),
    )
