"""A spotlight: the window dimmed but for one widget."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from workbench.gui.theme import theme, with_alpha

_EDGE, _ROUND = 4, 10
_DIMMED = {"light": 0.32, "dark": 0.55}
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class Spotlight(QWidget):
    """Lies over the whole window and takes neither clicks nor keys: the program stays usable below it."""

    moved = Signal()
    """The window or the widget in the light has moved, grown, or was hidden."""

    left = Signal()
    """The window is about to close."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent.window())
        self._window = parent.window()
        self._target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._window.installEventFilter(self)
        theme().changed.connect(self.update)

    def point_at(self, target: QWidget) -> None:
        """Let the light fall on a widget of the window."""
        self._let_go()
        self._target = target
        target.installEventFilter(self)
        self._cover()
        self.show()
        self.raise_()

    def end(self) -> None:
        """Take the light away for good."""
        self._let_go()
        self._window.removeEventFilter(self)
        self.hide()
        self.deleteLater()

    @property
    def lit(self) -> QRect:
        """What is not dimmed, in the window's coordinates; empty where the widget cannot be seen."""
        if self._target is None or not can_be_seen(self._target):
            return QRect()
        corner = self._target.mapTo(self._window, QPoint())
        return QRect(corner, self._target.size()).adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE) & self._window.rect()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window and the widget."""
        if event.type() in _MOVES:
            self._cover()
            self.moved.emit()
        elif event.type() == QEvent.Type.Close and watched is self._window:
            self.left.emit()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Dim all but the hole, and draw a line around that."""
        colours, lit = theme().colours, self.lit
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outside, hole = QPainterPath(), QPainterPath()
        outside.addRect(self.rect())
        hole.addRoundedRect(lit, _ROUND, _ROUND)
        painter.fillPath(outside.subtracted(hole), with_alpha(colours.shade, _DIMMED[colours.name]))
        if not lit.isEmpty():
            painter.setPen(QPen(theme().colour("accent"), 2))
            painter.drawRoundedRect(lit.adjusted(1, 1, -1, -1), _ROUND, _ROUND)
        painter.end()

    def _cover(self) -> None:
        self.setGeometry(self._window.rect())
        self.update()

    def _let_go(self) -> None:
        if self._target is not None and isValid(self._target):
            self._target.removeEventFilter(self)
        self._target = None


def can_be_seen(widget: QWidget) -> bool:
    """Tell whether a widget is there, shown, and not squeezed to nothing."""
    return isValid(widget) and widget.isVisible() and not widget.visibleRegion().isEmpty()
