"""A turn of the mouse wheel over a plot, which pytest-qt does not know."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from workbench.gui.plots.plot import Plot


def wheel(plot: Plot, at: QPoint, notches: int) -> None:
    """Turn the wheel over a place in the plot, away from oneself where ``notches`` is above 0."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(plot.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(plot.viewport(), event)
