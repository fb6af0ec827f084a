"""The strip: bars, texts and shades in the columns of the map below, none over another."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.plots.lanes import Bars, Columns, Picture, Texts, place_texts
from workbench.gui.plots.strip import Strip
from workbench.gui.theme import theme

LEFT, WIDTH = 50, 200


@pytest.fixture
def strip(dressed: QApplication, qtbot: QtBot) -> Strip:
    """A strip whose columns stand from pixel 50 to 250 and show 10 steps of 20 pixels."""
    widget = Strip()
    qtbot.addWidget(widget)
    widget.resize(LEFT + WIDTH + 20, 40)
    widget.place(QRectF(LEFT, 0, WIDTH, 100), -0.5, 9.5)
    return widget


def picture(strip: Strip) -> QImage:
    return strip.grab().toImage()


def colours_at(image: QImage, x: int) -> set[str]:
    return {image.pixelColor(x, y).name().upper() for y in range(image.height())}


def test_bars_stand_in_their_columns_and_marked_ones_have_the_accent(strip: Strip) -> None:
    heights, marked = np.zeros(10), np.zeros(10, bool)
    heights[[2, 7]], marked[7] = 1.0, True
    strip.show_lanes([Bars("input", heights, marked)], 10)

    image, colours = picture(strip), theme().colours
    assert colours.strip in colours_at(image, LEFT + 2 * 20 + 10)
    assert colours.accent in colours_at(image, LEFT + 7 * 20 + 10)
    assert not {colours.strip, colours.accent} & colours_at(image, LEFT + 5 * 20 + 5)


def test_zooming_the_map_moves_the_bars(strip: Strip) -> None:
    heights = np.zeros(10)
    heights[7] = 1.0
    strip.show_lanes([Bars("input", heights, np.zeros(10, bool))], 10)
    strip.place(QRectF(LEFT, 0, WIDTH, 100), 5.5, 9.5)  # 50 pixels a step

    image = picture(strip)
    assert theme().colours.strip in colours_at(image, LEFT + 75)
    assert theme().colours.strip not in colours_at(image, LEFT + 7 * 20 + 10)


def test_of_many_steps_in_a_pixel_the_tallest_bar_is_seen(strip: Strip) -> None:
    heights, marked = np.zeros(20_000), np.zeros(20_000, bool)
    heights[10_003], marked[10_003] = 1.0, True
    strip.show_lanes([Bars("input", heights, marked)], 20_000)
    strip.place(QRectF(LEFT, 0, WIDTH, 100), -0.5, 19_999.5)

    image = picture(strip)
    assert any(theme().colours.accent in colours_at(image, LEFT + 100 + near) for near in (-1, 0, 1))


def test_bars_of_both_signs_stand_on_a_line_between_them(strip: Strip) -> None:
    strip.show_lanes([Bars("input", np.array([1.0, -1.0] * 5), np.zeros(10, bool), size=24)], 10)

    image, bar = picture(strip), QColor(theme().colours.strip)
    rows_up = [y for y in range(24) if image.pixelColor(LEFT + 10, y) == bar]
    rows_down = [y for y in range(24) if image.pixelColor(LEFT + 30, y) == bar]
    assert max(rows_up) <= min(rows_down) + 1


def test_many_channels_are_a_picture_from_the_panels_colour_to_ink(strip: Strip) -> None:
    shades = np.zeros((8, 10), np.uint8)
    shades[:, 3] = 255
    strip.show_lanes([Picture("input", shades)], 10)

    image = picture(strip)
    assert image.pixelColor(LEFT + 3 * 20 + 10, 16).name().upper() == theme().colours.text
    assert image.pixelColor(LEFT + 5 * 20 + 10, 16).name().upper() == theme().colours.panel


@given(
    st.lists(st.tuples(st.floats(1, 40), st.floats(0.5, 30)), min_size=1, max_size=60),
    st.floats(0, 5),
)
def test_texts_never_overlap_and_the_first_is_always_there(sizes: list[tuple[float, float]], gap: float) -> None:
    middles = np.cumsum([step for step, _ in sizes])
    spans = [(t, m - w / 2, m + w / 2) for t, (m, (_, w)) in enumerate(zip(middles, sizes, strict=True))]
    placed = place_texts(spans, gap)
    assert placed[0] == spans[0]
    assert all(one[2] + gap <= other[1] + 1e-9 for one, other in pairwise(placed))


def test_all_texts_that_have_room_are_placed() -> None:
    assert len(place_texts([(t, 10.0 * t, 10.0 * t + 8) for t in range(5)], 1.0)) == 5


def test_wrong_answers_are_red_even_where_their_texts_have_no_room(strip: Strip) -> None:
    wrong = np.zeros(400, bool)
    wrong[300] = True
    strip.show_lanes([Texts("output", ("word",) * 400, wrong)], 400)
    strip.place(QRectF(LEFT, 0, WIDTH, 100), -0.5, 399.5)

    image = picture(strip)
    assert theme().colours.bad in {c for near in (-1, 0, 1) for c in colours_at(image, LEFT + 150 + near)}
    assert theme().colours.bad not in colours_at(image, LEFT + 50)


def test_the_text_at_the_cursor_is_shown_in_a_box_although_there_is_no_room(strip: Strip) -> None:
    texts = tuple(f"word {t}" for t in range(400))
    strip.show_lanes([Texts("input", texts, np.zeros(400, bool))], 400)
    strip.place(QRectF(LEFT, 0, WIDTH, 100), -0.5, 399.5)
    before = picture(strip)
    strip.mark(201)

    with_cursor = picture(strip)
    assert theme().colours.accent_soft not in colours_at(before, LEFT + 100)
    assert theme().colours.accent_soft in colours_at(with_cursor, LEFT + 100)
    strip.mark(None)
    assert picture(strip) == before


def test_a_text_at_the_edge_stays_within_the_columns(strip: Strip) -> None:
    strip.show_lanes([Texts("input", ("a word that is long", *[""] * 9), np.zeros(10, bool))], 10)
    strip.mark(0)
    image = picture(strip)
    assert theme().colours.accent_soft not in colours_at(image, LEFT - 2)
    assert theme().colours.accent_soft in colours_at(image, LEFT + 1)


def test_pointing_and_clicking_tell_the_step_and_the_margin_tells_of_leaving(strip: Strip, qtbot: QtBot) -> None:
    strip.show_lanes([Bars("input", np.ones(10), np.zeros(10, bool))], 10)
    strip.show()
    with qtbot.waitSignal(strip.pointed, check_params_cb=lambda t: t == 7):
        qtbot.mouseMove(strip, QPoint(LEFT + 7 * 20 + 3, 10))
    with qtbot.waitSignal(strip.clicked, check_params_cb=lambda t: t == 9):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=QPoint(LEFT + WIDTH - 1, 10))
    with qtbot.waitSignal(strip.left):
        qtbot.mouseMove(strip, QPoint(LEFT - 20, 10))


def test_the_strip_takes_the_colours_of_another_theme(strip: Strip) -> None:
    strip.show_lanes([Bars("input", np.ones(10), np.zeros(10, bool))], 10)
    theme().apply("dark")
    assert {theme().colours.strip, theme().colours.panel} <= colours_at(picture(strip), LEFT + 9) | colours_at(
        picture(strip), LEFT + WIDTH + 10
    )


def test_steps_and_pixels_agree() -> None:
    columns = Columns(50.0, 250.0, -0.5, 9.5)
    assert [columns.at(columns.middle(t)) for t in range(10)] == list(range(10))
    assert columns.seen(10) == range(10)
    assert Columns(50.0, 250.0, 2.6, 4.4).seen(10) == range(3, 5)
