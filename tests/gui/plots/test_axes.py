"""Axes: where their ticks stand."""

from PySide6.QtWidgets import QApplication

from workbench.gui.plots.axes import Axis


def test_what_is_counted_has_ticks_at_whole_numbers_only(dressed: QApplication) -> None:
    axis = Axis("bottom")
    assert axis.tickValues(0.0, 2.0, 600)[0][0] < 1
    axis.set_whole(True)
    ((spacing, values),) = axis.tickValues(-0.02, 2.0, 600)
    assert axis.tickStrings(values, 1.0, spacing) == ["0", "1", "2"]
