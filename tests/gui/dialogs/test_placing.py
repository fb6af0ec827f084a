"""A card stands beside what it speaks of, and inside the window."""

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize

from workbench.gui.dialogs.placing import GAP, beside

_WINDOW = QRect(0, 0, 1280, 800)
_CARD = QSize(300, 160)


def test_a_card_stands_right_of_its_target_where_there_is_room() -> None:
    assert beside(QRect(10, 100, 280, 600), _CARD, _WINDOW) == QPoint(289 + GAP, 100)


def test_a_card_stands_left_of_a_target_at_the_right_edge() -> None:
    assert beside(QRect(980, 100, 290, 600), _CARD, _WINDOW) == QPoint(980 - GAP - 300, 100)


def test_a_card_stands_below_or_above_a_target_as_wide_as_the_window() -> None:
    assert beside(QRect(0, 20, 1280, 50), _CARD, _WINDOW).y() == 69 + GAP
    assert beside(QRect(0, 700, 1280, 50), _CARD, _WINDOW).y() == 700 - GAP - 160


def test_a_card_without_room_beside_its_target_hides_as_little_of_it_as_it_can() -> None:
    high = QSize(300, 400)
    assert beside(QRect(200, 250, 800, 300), high, _WINDOW) == QPoint(1279 - GAP - 300, 250)


@given(st.integers(0, 1279), st.integers(0, 799), st.integers(1, 1280), st.integers(1, 800))
def test_a_card_is_always_inside_and_hides_its_target_only_where_there_is_no_room(
    left: int, top: int, width: int, height: int
) -> None:
    target = QRect(left, top, min(width, 1280 - left), min(height, 800 - top))
    card = QRect(beside(target, _CARD, _WINDOW), _CARD)
    assert _WINDOW.contains(card)
    room = max(target.left(), 1279 - target.right()) >= 300 + 3 * GAP
    assert not (room and card.intersects(target))
