"""The heat map: row 0 at the top, columns that a person may zoom but never leave, and where they stand."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.plots.wheel import wheel
from workbench.gui.plots.heat_map import HeatMap
from workbench.gui.plots.lanes import Columns
from workbench.gui.plots.scale import Scale
from workbench.gui.theme import theme

ROWS, COLUMNS = 5, 20
SCALE = Scale(True, 1.0)


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(500, 220)
    return widget


@pytest.fixture
def heat_map(window: QWidget, qtbot: QtBot) -> HeatMap:
    """A map of 5 rows by 20 columns, all zero but one."""
    widget = HeatMap("time step t", "unit")
    widget.setParent(window)
    widget.resize(500, 220)
    with qtbot.waitExposed(window):
        window.show()
    values = np.zeros((ROWS, COLUMNS), np.float32)
    values[1, 12] = 1.0
    widget.show_image(SCALE.quantise(values), SCALE, np.arange(ROWS))
    return widget


def middle(heat_map: HeatMap, column: float, row: float) -> QPoint:
    """Return where a cell is on the screen."""
    place: QPointF = heat_map.box.mapViewToScene(QPointF(column, row))
    found: QPoint = heat_map.mapFromScene(place)
    return found


def colour_at(heat_map: HeatMap, column: float, row: float) -> QColor:
    colour: QColor = heat_map.grab().toImage().pixelColor(middle(heat_map, column, row))
    return colour


def test_a_cell_has_its_colour_with_row_0_at_the_top(heat_map: HeatMap) -> None:
    assert middle(heat_map, 0, 0).y() < middle(heat_map, 0, 4).y()
    assert colour_at(heat_map, 12, 1).name().upper() == theme().colours.high
    assert colour_at(heat_map, 12, 3).lightness() > 245


@pytest.mark.parametrize("column", [0, 12, COLUMNS - 1])
def test_pointing_tells_the_column_and_the_row(heat_map: HeatMap, qtbot: QtBot, column: int) -> None:
    with qtbot.waitSignal(heat_map.pointed_at, check_params_cb=lambda t, row: (t, row) == (column, 3)):
        qtbot.mouseMove(heat_map.viewport(), middle(heat_map, column, 3))
    with qtbot.waitSignal(heat_map.clicked_at, check_params_cb=lambda t, row: (t, row) == (column, 3)):
        qtbot.mouseClick(heat_map.viewport(), Qt.MouseButton.LeftButton, pos=middle(heat_map, column, 3))


def test_where_the_columns_are_said_to_stand_they_stand(heat_map: HeatMap, qtbot: QtBot) -> None:
    with qtbot.waitSignal(heat_map.placed) as placed:
        wheel(heat_map, middle(heat_map, 12, 2), 3)
    area, first, last = placed.args
    columns = Columns(area.left(), area.right(), first, last)
    assert last - first < COLUMNS
    assert columns.middle(12) == pytest.approx(middle(heat_map, 12, 2).x(), abs=1)


def test_nobody_can_zoom_or_drag_out_of_the_data_and_rows_stay(heat_map: HeatMap) -> None:
    for notches in (-10, 40, -80):
        wheel(heat_map, middle(heat_map, 3, 2), notches)
        (first, last), rows = heat_map.box.viewRange()
        assert first >= -0.5
        assert last <= COLUMNS - 0.5
        assert rows == [-0.5, ROWS - 0.5]


def test_a_new_picture_leaves_the_zoom_alone_and_a_double_click_shows_all(heat_map: HeatMap, qtbot: QtBot) -> None:
    wheel(heat_map, middle(heat_map, 12, 2), 5)
    zoomed = heat_map.box.viewRange()[0]
    heat_map.show_image(SCALE.quantise(np.ones((ROWS, COLUMNS), np.float32)), SCALE, np.arange(ROWS))
    assert heat_map.box.viewRange()[0] == zoomed

    qtbot.mouseDClick(heat_map.viewport(), Qt.MouseButton.LeftButton, pos=middle(heat_map, 12, 2))
    assert heat_map.box.viewRange()[0] == [-0.5, COLUMNS - 0.5]


def test_a_sequence_of_another_length_is_shown_as_a_whole(heat_map: HeatMap) -> None:
    wheel(heat_map, middle(heat_map, 12, 2), 5)
    heat_map.show_image(SCALE.quantise(np.ones((3, 7), np.float32)), SCALE, np.arange(3))
    assert heat_map.box.viewRange() == [[-0.5, 6.5], [-0.5, 2.5]]


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (512, 1), (512, 784)])
def test_any_size_fills_the_map(heat_map: HeatMap, shape: tuple[int, int]) -> None:
    rows, columns = shape
    heat_map.show_image(SCALE.quantise(np.ones(shape, np.float32)), SCALE, np.arange(rows))
    assert heat_map.box.viewRange() == [[-0.5, columns - 0.5], [-0.5, rows - 0.5]]
    assert colour_at(heat_map, (columns - 1) / 2, (rows - 1) / 2).name().upper() == theme().colours.high


def test_ticks_of_rows_say_which_unit_stands_there(heat_map: HeatMap) -> None:
    units = np.array([3, 0, 4, 1, 2])
    heat_map.show_image(SCALE.quantise(np.ones((ROWS, COLUMNS), np.float32)), SCALE, units)
    [(spacing, rows)] = heat_map.axes["left"].tickValues(-0.5, ROWS - 0.5, 150)
    assert heat_map.axes["left"].tickStrings(rows, 1.0, spacing) == ["3", "0", "4", "1", "2"]
    [(spacing, rows)] = heat_map.axes["left"].tickValues(-0.5, ROWS - 0.5, 60)
    assert heat_map.axes["left"].tickStrings(rows, 1.0, spacing) == ["3", "4", "2"]


def test_steps_have_whole_numbers_however_few_there_are(heat_map: HeatMap) -> None:
    [(_, steps)] = heat_map.axes["bottom"].tickValues(-0.5, 2.5, 400)
    assert steps == [0.0, 1.0, 2.0]


def test_the_cursor_is_a_line_through_its_column_and_a_fainter_one_through_its_row(heat_map: HeatMap) -> None:
    def dark(column: float, row: float) -> int:
        image, place = heat_map.grab().toImage(), middle(heat_map, column, row)
        near = [QPoint(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
        lightest: int = min(image.pixelColor(place + offset).lightness() for offset in near)
        return 255 - lightest

    before = dark(6, 4)
    heat_map.mark(6)
    heat_map.mark_row(3)
    assert dark(6, 4) > dark(2, 3) > before
    heat_map.mark(None)
    heat_map.mark_row(None)
    assert dark(6, 4) == dark(2, 3) == before


def test_the_map_takes_the_colours_of_another_theme(heat_map: HeatMap) -> None:
    theme().apply("dark")
    assert colour_at(heat_map, 12, 1).name().upper() == theme().colours.high
    assert colour_at(heat_map, 12, 3).lightness() < 50
