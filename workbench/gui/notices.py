"""Notices: a sentence above the panels that wants to be read, with what can be done about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from workbench.gui.theme import icon, set_role, theme

_MOST = 3  # shown at a time; older ones give way


@dataclass(frozen=True)
class Deed:
    """Something a notice offers to do."""

    title: str
    do: Callable[[], object]


class Notice(QFrame):
    """One sentence, its deeds, and a cross."""

    closed = Signal(object)

    def __init__(self, sentence: str, deeds: Sequence[Deed]) -> None:
        super().__init__()
        self.sentence = sentence
        set_role(self, "banner")
        self.setAccessibleName(sentence)
        text = QLabel(sentence)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(text, 1)
        for deed in deeds:
            button = QToolButton()
            button.setText(deed.title)
            set_role(button, "link")
            button.clicked.connect(lambda _=False, own=deed: self._do(own))
            layout.addWidget(button)
        self._cross = QToolButton()
        self._cross.setAccessibleName("Dismiss")
        self._cross.setToolTip("Dismiss")
        self._cross.clicked.connect(lambda: self.closed.emit(self))
        layout.addWidget(self._cross)
        theme().changed.connect(self._dress)
        self._dress()

    def _do(self, deed: Deed) -> None:
        self.closed.emit(self)
        deed.do()

    def _dress(self) -> None:
        self._cross.setIcon(icon("close", theme().colours.muted))


class Notices(QWidget):
    """The notices that are shown, newest below."""

    def __init__(self) -> None:
        super().__init__()
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._shown: dict[str, Notice] = {}
        self.hide()

    @property
    def sentences(self) -> tuple[str, ...]:
        """What is said, oldest first."""
        return tuple(notice.sentence for notice in self._shown.values())

    def tell(self, sentence: str, *deeds: Deed, key: str = "") -> None:
        """Show a sentence; one with the same key, or the same words, gives way."""
        self.withdraw(key or sentence)
        notice = Notice(sentence, deeds)
        notice.closed.connect(lambda _: self.withdraw(key or sentence))
        self._shown[key or sentence] = notice
        self._layout.addWidget(notice)
        for oldest in list(self._shown)[:-_MOST]:
            self.withdraw(oldest)
        self.show()

    def complain(self, sentence: str, details: str) -> None:
        """Show what went wrong; details on request. What fails again and again is shown steadily."""
        if sentence in self._shown:
            return
        if details:
            self.tell(sentence, Deed("Details", lambda: self._show_details(sentence, details)))
        else:
            self.tell(sentence)

    def withdraw(self, key: str) -> None:
        """Take a notice away, if it is there."""
        notice = self._shown.pop(key, None)
        if notice is not None:
            self._layout.removeWidget(notice)
            notice.hide()
            notice.deleteLater()
        self.setVisible(bool(self._shown))

    def _show_details(self, sentence: str, details: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "What happened", sentence, parent=self.window())
        box.setDetailedText(details)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()
