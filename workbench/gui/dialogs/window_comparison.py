"""What is asked before an experiment is compared with networks that see a window and have no memory."""

import re
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.gui.form.row import lay_out_row, mark_wrong, reason_label, row_label
from workbench.gui.theme import set_role
from workbench.lab.comparison import WINDOWS, windows_of
from workbench.lab.experiment import Experiment

_WIDTH = 62  # letters in a line of text
_BETWEEN = re.compile(r"[\s,;]+")
_ABOUT = (
    "A feed-forward network has no memory: it sees the last k inputs, and nothing before them. This trains the "
    "experiment in the form without a window and, beside it, the feed-forward cell with each of these windows. All "
    "else stays as it is; the scores appear in the panel “By window”."
)


class WindowComparison(QDialog):
    """Asks for the windows; ``train`` gets the experiments to train, the form's own first."""

    def __init__(
        self, experiment: Experiment, train: Callable[[Sequence[Experiment]], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Compare with windows")
        self._experiment, self._train = experiment, train
        self._experiments: tuple[Experiment, ...] = ()
        self.line = QLineEdit(", ".join(map(str, WINDOWS)))
        self.reason, self.count = reason_label(), QLabel()
        self.train_button, self.cancel = QPushButton("Train"), QPushButton("Cancel")
        self._lay_out()
        self.line.textChanged.connect(self._read)
        self.train_button.clicked.connect(self._accept)
        self.cancel.clicked.connect(self.reject)
        self._read()

    def _read(self) -> None:
        """Make the experiments of what is typed, or say what is wrong with it."""
        texts = [text for text in _BETWEEN.split(self.line.text().strip()) if text]
        self._experiments, reason = (), ""
        if not texts:
            reason = "Name at least one window, as 1, 2, 4."
        elif wrong := [text for text in texts if not text.isdecimal()]:
            reason = f"“{wrong[0]}” is no number of inputs. Give whole numbers, as 1, 2, 4."
        else:
            try:
                self._experiments = windows_of(self._experiment, tuple(sorted(set(map(int, texts)))))
            except WorkbenchError as error:
                reason = str(error)
        mark_wrong(self.line, self.reason, reason)
        count = len(self._experiments)
        self.count.setText(f"{count} runs, two at a time. Closing the window leaves those that wait in the workbook.")
        self.count.setVisible(bool(count))
        self.train_button.setEnabled(bool(count))

    def _accept(self) -> None:
        self._train(self._experiments)
        self.accept()

    def _lay_out(self) -> None:
        heading, about, row = QLabel(f"Does {self._experiment.cell_name} need its memory?"), QLabel(_ABOUT), QWidget()
        set_role(heading, "heading")
        set_role(self.count, "muted")
        set_role(self.train_button, "accent")
        for label in (heading, about, self.count):
            label.setWordWrap(True)
            label.setMinimumWidth(self.fontMetrics().averageCharWidth() * _WIDTH)
        self.line.setAccessibleName("Windows")
        self.line.setAccessibleDescription("How many inputs each feed-forward network sees at once.")
        self.line.setToolTip("How many inputs each feed-forward network sees at once.")
        lay_out_row(row, row_label("Windows", self.line), self.line, self.reason)
        self.setAccessibleDescription(_ABOUT)
        self.train_button.setDefault(True)
        buttons = QDialogButtonBox()
        buttons.addButton(self.train_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.cancel, QDialogButtonBox.ButtonRole.RejectRole)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 16)
        layout.setSpacing(12)
        for widget in (heading, about, row, self.count):
            layout.addWidget(widget)
        layout.addSpacing(4)
        layout.addWidget(buttons)
        self.line.setFocus()
