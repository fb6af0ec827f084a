"""A sentence below the run table, with what can be done about it; it goes by itself."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton

from workbench.gui.theme import set_role

LASTS = 8000  # milliseconds


class Note(QFrame):
    """One sentence and one word to press. Hidden until it says something."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "banner")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.button = QToolButton()
        set_role(self.button, "link")
        self.button.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.button)
        self._do: Callable[[], None] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def sentence(self) -> str:
        """What is said."""
        return self._text.text()

    def say(self, sentence: str, deed: str, do: Callable[[], None]) -> None:
        """Say something for a while and offer to do something about it."""
        self._text.setText(sentence)
        self.button.setText(deed)
        self.button.setAccessibleName(f"{deed}: {sentence}")
        self.setAccessibleName(sentence)
        self._do = do
        self.show()
        self._timer.start(LASTS)

    def _act(self) -> None:
        self.hide()
        if self._do is not None:
            self._do()
