"""What lies over the window for a moment: a card that takes all keys, and closes with Escape or a click beside it."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QGraphicsDropShadowEffect, QWidget
from shiboken6 import isValid

from workbench.gui.theme import set_role, theme, with_alpha

_SHADOW = 0.28  # how dark

Framed = TypeVar("Framed", bound=QWidget)


class Overlay(QWidget):
    """Covers its whole window; ``card`` is what is seen. A child of the window, so that no desktop can misplace it."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent.window())
        self.hide()
        self._window = parent.window()
        self.card = raised(QFrame(self))
        self._before: QWidget | None = None

    def open(self) -> None:
        """Show the card; what had the focus gets it back behind it."""
        self._before = self._window.focusWidget()
        self._window.installEventFilter(self)
        self.show()
        self._cover()
        self.raise_()

    def place(self) -> None:
        """Put the card where it belongs; called whenever the window's size changes."""

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give the focus back."""
        super().closeEvent(event)
        self._window.removeEventFilter(self)
        if self._before is not None and isValid(self._before):
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._before = None
        self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Keep the window's shortcuts quiet: a key typed here is meant for the card."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the window."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._cover()
        return super().eventFilter(watched, event)

    def focusNextPrevChild(self, forwards: bool) -> bool:
        """Keep Tab within the card."""
        return focus_within(self.card, forwards)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close at Escape."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close at a click beside the card."""
        if not self.card.geometry().contains(event.position().toPoint()):
            self.close()
        event.accept()

    def _cover(self) -> None:
        self.setGeometry(self._window.rect())
        self.place()


def raised(frame: Framed) -> Framed:
    """Make a frame a white card that throws a shadow on what lies below it."""
    set_role(frame, "panel")
    frame.setGraphicsEffect(_Shadow(frame))
    return frame


def focus_within(card: QWidget, forwards: bool) -> bool:
    """Give the focus to the next widget of a card, from the last one on to the first; False where there is none."""
    inside = [
        widget
        for widget in card.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
    ]
    if inside:
        focused = card.window().focusWidget()
        place = inside.index(focused) if focused in inside else -1
        following = inside[(place + (1 if forwards else -1)) % len(inside)]
        following.setFocus(Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason)
    return bool(inside)


class _Shadow(QGraphicsDropShadowEffect):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setBlurRadius(32)
        self.setOffset(0, 8)
        theme().changed.connect(self._dress)
        self._dress()

    def _dress(self) -> None:
        self.setColor(with_alpha(theme().colours.shade, _SHADOW))
