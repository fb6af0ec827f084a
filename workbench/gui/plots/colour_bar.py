"""A colour bar for a panel's header: the colours of a scale between its two ends."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.plots.scale import MISSING, Scale
from workbench.gui.theme import theme

_LENGTH, _THICKNESS, _GAP = 60, 10, 6


class ColourBar(QWidget):
    """The scale's low end, its colours and its high end in one line."""

    def __init__(self) -> None:
        super().__init__()
        self._scale = Scale(True, 1.0)
        font = self.font()
        font.setPixelSize(12)
        self.setFont(font)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_scale(self._scale)
        theme().changed.connect(self.update)

    def set_scale(self, scale: Scale) -> None:
        """Show another scale."""
        self._scale = scale
        low, high = scale.ends
        self.setToolTip(f"Colours reach from {low} to {high}.")
        self.setAccessibleName(f"Colours from {low} to {high}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the bar with both ends."""
        low, high = self._widths()
        return QSize(low + _GAP + _LENGTH + _GAP + high, 20)

    def _widths(self) -> tuple[int, int]:
        low, high = self._scale.ends
        measure = self.fontMetrics()
        return measure.horizontalAdvance(low) + 1, measure.horizontalAdvance(high) + 1

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar between its ends."""
        colours = theme().colours
        table = self._scale.table(colours)[MISSING + 1 :]
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        left = self._widths()[0] + _GAP
        bar = QRectF(left, (self.height() - _THICKNESS) / 2, _LENGTH, _THICKNESS)
        row = table.copy()
        image = QImage(row.data, len(row), 1, 3 * len(row), QImage.Format.Format_RGB888)
        painter.drawImage(bar, image)
        painter.setPen(theme().colour("line"))
        painter.drawRect(bar.adjusted(-0.5, -0.5, 0.5, 0.5))
        painter.setPen(theme().colour("muted"))
        low, high = self._scale.ends
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, left - _GAP, self.height()), low, middle | Qt.AlignmentFlag.AlignRight)
        right = bar.right() + _GAP
        painter.drawText(QRectF(right, 0, self.width() - right, self.height()), high, middle)
        painter.end()
