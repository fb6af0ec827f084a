"""A sentence over a plot: what went wrong, while the curves stay in sight."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from workbench.gui.plots.plot import Plot
from workbench.gui.theme import set_role, theme, with_alpha

_INDENT = 8  # pixels from the corner of the box
_SHARE = 0.62  # of the box's width, at most
_VEIL = 0.8


class Notice(QLabel):
    """Stands in the upper left corner of a plot, and lets the mouse through to it."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self._plot = plot
        set_role(self, "bad")
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setContentsMargins(4, 2, 4, 2)
        self.hide()
        plot.box.sigResized.connect(self._place)

    def say(self, sentence: str) -> None:
        """Show a sentence; "" for none."""
        if sentence != self.text():
            self.setText(sentence)
            self.setVisible(bool(sentence))
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text on a veil, so that curves below do not disturb it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), with_alpha(theme().colours.panel, _VEIL))
        painter.end()
        super().paintEvent(event)

    def _place(self, _: object = None) -> None:
        box = self._plot.box.sceneBoundingRect()
        most = max(int(_SHARE * box.width()), 1)
        wanted = self.fontMetrics().horizontalAdvance(self.text()) + 10
        width = min(most, wanted)
        self.setGeometry(int(box.left()) + _INDENT, int(box.top()) + 2, width, self.heightForWidth(width))
