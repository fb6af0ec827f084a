"""What is asked when the window closes while runs train."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.theme import set_role

Answer = Literal["keep", "stop", "cancel"]

_NAMED = 3  # runs called by name; of more, only the number is told
_WIDTH = 62  # letters in a line of text


class Closing(QDialog):
    """Asks whether runs train on behind a closed window. `answered` tells once; leaving it means "cancel"."""

    answered = Signal(str, bool)
    """The answer, and whether it holds the next time too."""

    def __init__(self, names: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Close the window")
        self._answer: Answer = "cancel"
        self.heading, self.text = QLabel(headline(names)), QLabel(explanation(len(names)))
        self.same_next_time = QCheckBox("Do the same next time")
        self.keep, self.stop = QPushButton("Keep training"), QPushButton("Stop and save")
        self.cancel = QPushButton("Cancel")
        self._lay_out()
        self.keep.clicked.connect(lambda: self._say("keep"))
        self.stop.clicked.connect(lambda: self._say("stop"))
        self.cancel.clicked.connect(self.reject)
        self.finished.connect(self._tell)

    def _say(self, answer: Answer) -> None:
        self._answer = answer
        self.accept()

    def _tell(self) -> None:
        lasting = self._answer != "cancel" and self.same_next_time.isChecked()
        self.answered.emit(self._answer, lasting)

    def _lay_out(self) -> None:
        set_role(self.heading, "heading")
        set_role(self.keep, "accent")
        for label in (self.heading, self.text):
            label.setWordWrap(True)
            label.setMinimumWidth(self.fontMetrics().averageCharWidth() * _WIDTH)
        self.setAccessibleDescription(self.text.text())
        self.keep.setDefault(True)
        for button in (self.stop, self.cancel):  # as high as the accent button
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Expanding)
        buttons = QDialogButtonBox()
        buttons.addButton(self.keep, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.stop, QDialogButtonBox.ButtonRole.DestructiveRole)
        buttons.addButton(self.cancel, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        layout.addWidget(self.heading)
        layout.addWidget(self.text)
        layout.addWidget(self.same_next_time)
        layout.addSpacing(4)
        layout.addWidget(buttons)
        self.keep.setFocus()


def headline(names: Sequence[str]) -> str:
    """Return what trains, in one sentence."""
    if len(names) > _NAMED:
        return f"{len(names)} runs are still training."
    if len(names) == 1:
        return f"“{names[0]}” is still training."
    quoted = [f"“{name}”" for name in names]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]} are still training."


def explanation(count: int) -> str:
    """Return what closing and stopping mean for so many runs."""
    they = "It" if count == 1 else "They"
    them = "it" if count == 1 else "them"
    goes = "goes" if count == 1 else "go"
    return (
        f"{they} {goes} on without the window: open the workbook again at any time to see and steer {them}. "
        f"Or stop {them} now; what was learned is saved, and {them if count == 1 else 'they'} can be resumed."
    )
