"""Help on what has the focus: a small card beside it."""

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from workbench.gui.dialogs.overlay import Overlay
from workbench.gui.dialogs.placing import beside
from workbench.gui.panels.panel import Panel
from workbench.gui.theme import set_role, theme

_WIDTH, _EDGE, _ROUND = 340, 3, 8
_HOW = (
    "Click a field or a panel, or go to it with Tab, then press F1 to read what it is for. "
    "Ctrl+K finds commands; the Help menu has a tour."
)
_NOTHING = ("Help", _HOW)


class FocusHelp(Overlay):
    """A title and a few sentences; Escape, Enter or a click anywhere beside it ends it."""

    def __init__(self, title: str, text: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.title, self.text, self.done = QLabel(title), QLabel(text), QPushButton("Close")
        self._target: QWidget | None = None
        self._lay_out()
        self.done.clicked.connect(self.close)

    def open_beside(self, target: QWidget) -> None:
        """Open beside what is explained, with a frame around that."""
        self._target = target
        self.open()

    def open(self) -> None:
        """Open in the middle of the window."""
        super().open()
        self.done.setFocus(Qt.FocusReason.PopupFocusReason)

    def place(self) -> None:
        """Stand beside the target."""
        self.card.setFixedWidth(max(1, min(_WIDTH, self.width() - 24)))
        self.card.setFixedHeight(self.card.heightForWidth(self.card.width()))
        self.card.move(beside(self._framed() or self.rect(), self.card.size(), self.rect()))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Frame what is explained."""
        framed = self._framed()
        if framed is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme().colour("accent"), 2))
            painter.drawRoundedRect(framed, _ROUND, _ROUND)
            painter.end()

    def _framed(self) -> QRect | None:
        if self._target is None or not isValid(self._target) or not self._target.isVisible():
            return None
        corner = self._target.mapTo(self.window(), QPoint())
        return QRect(corner, self._target.size()).adjusted(-_EDGE, -_EDGE, _EDGE, _EDGE) & self.rect()

    def _lay_out(self) -> None:
        set_role(self.title, "title")
        self.title.setWordWrap(True)
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.done.setAutoDefault(True)  # so that Enter presses it outside a dialog too
        layout = QVBoxLayout(self.card)
        layout.setContentsMargins(16, 12, 16, 12)
        layout.setSpacing(8)
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        row = QHBoxLayout()
        row.addStretch()
        row.addWidget(self.done)
        layout.addLayout(row)


def explain_focus(window: QWidget) -> FocusHelp:
    """Explain what has the focus in a window, and return the open card."""
    focused = window.focusWidget()
    if focused is None:
        card = FocusHelp(*_NOTHING, window)
        card.open()
        return card
    card = FocusHelp(*help_for(focused), window)
    speaker = _speaker(focused)
    if speaker is None:
        card.open()
    else:
        card.open_beside(speaker)
    return card


def help_for(widget: QWidget) -> tuple[str, str]:
    """Return a title and what there is to say of a widget, or else of the nearest thing that it is part of."""
    speaker = _speaker(widget)
    return _NOTHING if speaker is None else (_name(speaker), _words(speaker))


def _speaker(widget: QWidget) -> QWidget | None:
    """Return the widget, or the nearest one around it, of which there is something to say."""
    own: QWidget | None = widget
    while own is not None and not own.isWindow():
        if _words(own) and _name(own):
            return own
        own = own.parentWidget()
    return None


def _words(widget: QWidget) -> str:
    if isinstance(widget, Panel):
        return widget.help
    # Inside a panel, descriptions tell what is shown just now: that explains nothing.
    described = "" if _is_in_panel(widget) else widget.accessibleDescription()
    return widget.whatsThis() or described or widget.toolTip()


def _name(widget: QWidget) -> str:
    if isinstance(widget, Panel):
        return widget.title
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or words.replace("&", "")


def _is_in_panel(widget: QWidget) -> bool:
    own: QWidget | None = widget
    while own is not None and not isinstance(own, Panel):
        own = own.parentWidget()
    return own is not None
