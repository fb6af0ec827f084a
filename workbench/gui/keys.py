"""Keys without a modifier are shortcuts only where nothing that has the focus wants them."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QAbstractSlider, QApplication, QComboBox, QToolButton

_TAKES_KEYS = (QAbstractButton, QAbstractItemView, QAbstractSlider, QComboBox)
_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Period)


class KeyGuard(QObject):
    """Leaves Space to the button that has the focus, and lets clicks on tools not take the focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at what arrives at every object of the application."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() in _KEYS and not _modified(event) and isinstance(watched, _TAKES_KEYS):
                event.accept()
                return True
        elif event.type() == QEvent.Type.Polish and isinstance(watched, QToolButton):
            watched.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return False


def guard_keys(application: QApplication) -> KeyGuard:
    """Guard the keys of all windows; keep what is returned as long as that should last."""
    guard = KeyGuard(application)
    application.installEventFilter(guard)
    return guard


def _modified(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
