"""Zooming and moving along x by keys, for those who use no wheel."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from workbench.gui.plots.plot import Plot

_ZOOM = 0.8  # what is seen becomes this share of itself
_MOVE = 0.1  # of what is seen
_FACTORS = {Qt.Key.Key_Plus: _ZOOM, Qt.Key.Key_Equal: _ZOOM, Qt.Key.Key_Minus: 1 / _ZOOM}
_MOVES = {Qt.Key.Key_Left: -_MOVE, Qt.Key.Key_Right: _MOVE}
_BACK = (Qt.Key.Key_Home, Qt.Key.Key_Escape)


class ByKeys(QObject):
    """Gives a plot that has the focus + and - to zoom, arrows to move, Home and Escape to follow again."""

    def __init__(self, plot: Plot) -> None:
        super().__init__(plot)
        self._plot = plot
        plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        plot.installEventFilter(self)

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Take the keys that mean something here."""
        if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.KeyPress:
            return False
        key = Qt.Key(event.key())
        if key in _FACTORS or key in _MOVES:
            self._show(_FACTORS.get(key, 1.0), _MOVES.get(key, 0.0))
            return True
        if key in _BACK and not self._plot.following:
            self._plot.follow()
            return True
        return False

    def _show(self, factor: float, move: float) -> None:
        left, right = self._plot.box.viewRange()[0]
        middle = (left + right) / 2 + move * (right - left)
        half = factor * (right - left) / 2
        self._plot.box.setXRange(middle - half, middle + half, padding=0)
        self._plot.box.sigRangeChangedManually.emit(self._plot.box.mouseEnabled())
