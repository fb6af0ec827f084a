"""Axes: where their ticks stand."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from workbench.gui.plots.axes import Axis
from workbench.gui.plots.plot import Plot


def test_what_is_counted_has_ticks_at_whole_numbers_only(dressed: QApplication) -> None:
    axis = Axis("bottom")
    assert axis.tickValues(0.0, 2.0, 600)[0][0] < 1
    axis.set_whole(True)
    ((spacing, values),) = axis.tickValues(-0.02, 2.0, 600)
    assert axis.tickStrings(values, 1.0, spacing) == ["0", "1", "2"]


@pytest.mark.parametrize("height", [400, 150, 125, 100])
def test_a_title_fits_its_axis_and_is_cut_only_where_smaller_letters_do_not_do(
    dressed: QApplication, qtbot: QtBot, height: int
) -> None:
    plot = Plot("length of the sequences", "")
    qtbot.addWidget(plot)
    plot.resize(300, height)
    with qtbot.waitExposed(plot):
        plot.show()
    plot.set_labels("length of the sequences", "outer-symbol accuracy")
    axis = plot.axes["left"]
    title = axis.label.mapRectToParent(axis.label.boundingRect())
    assert title.top() >= -1
    assert title.bottom() <= axis.mapRectFromScene(plot.sceneRect()).bottom()
    said = axis.label.toPlainText()
    assert said == "outer-symbol accuracy" if height > 140 else said[:3] + said[-3:] == "outacy"
