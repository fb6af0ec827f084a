"""Named lines: every name is seen whole, none hides another, and none stands where its line is not."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.plots.levels import Levels, Line, spread
from workbench.gui.plots.plot import Plot


@pytest.fixture
def plot(dressed: QApplication, qtbot: QtBot) -> Plot:
    made = Plot("step", "loss")
    qtbot.addWidget(made)
    made.disableAutoRange()
    made.resize(500, 200)
    with qtbot.waitExposed(made):
        made.show()
    made.show_range((0, 100), (0, 1))
    return made


@given(some.lists(some.floats(-50, 300), max_size=12), some.floats(8, 30), some.floats(20, 200))
def test_boxes_are_spread_inside_the_room_without_overlap(tops: list[float], height: float, room: float) -> None:
    placed = spread(sorted(tops), [height] * len(tops), room)
    found = [top for top in placed if top is not None]
    assert len(found) == min(len(tops), int((room + 1e-9) // height))
    assert all(-1e-9 <= top <= room - height + 1e-9 for top in found)
    assert all(b - a >= height - 1e-9 for a, b in pairwise(found))


def test_boxes_with_room_stand_where_they_want_to() -> None:
    assert spread([10, 50], [12, 12], 100) == [10, 50]


def test_names_of_lines_close_to_each_other_do_not_overlap(plot: Plot) -> None:
    levels = Levels(plot)
    levels.show([Line(0.5, "always 1 · 0.5"), Line(0.51, "linear · 0.51"), Line(0.999, "chance · 0.999")])
    rectangles = levels.rectangles
    assert len(rectangles) == 3
    for index, one in enumerate(rectangles):
        assert plot.box.rect().contains(one)
        assert not any(one.intersects(other) for other in rectangles[index + 1 :])


def test_a_line_out_of_view_has_no_name_and_gets_it_back_with_its_line(plot: Plot) -> None:
    levels = Levels(plot)
    levels.show([Line(5.0, "always 1 · 5")])
    assert levels.rectangles == ()
    plot.show_range(y=(0, 10))
    assert len(levels.rectangles) == 1


def test_a_level_of_0_has_no_place_on_a_logarithmic_axis(plot: Plot) -> None:
    plot.set_log_y(True)
    levels = Levels(plot)
    levels.show([Line(0.0, "perfect · 0"), Line(3.0, "always 1 · 3")])
    assert len(levels.rectangles) == 1
