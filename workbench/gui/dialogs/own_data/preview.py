"""The beginning of a file, as a table or as text; or a sentence while it is read, and where it cannot be."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPlainTextEdit, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from workbench.gui.dialogs.own_data.table import RowsTable
from workbench.gui.form.fields import breakable
from workbench.gui.theme import set_role
from workbench.tasks.support.files.delimited import DELIMITERS
from workbench.tasks.support.files.look import FileLook

_BAR_WIDTH = 160


class FilePreview(QFrame):
    """A card with one of: rows, lines, a sentence."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "panel")
        self.table, self.text = RowsTable(), _text()
        self.sentence, self._bar = QLabel(), QProgressBar()
        self._words = _Words(self.sentence, self._bar)
        self._pages = QStackedWidget()
        for page in (self.table, self.text, self._words):
            self._pages.addWidget(page)
        inside = QVBoxLayout(self)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.addWidget(self._pages)
        self.setMinimumSize(360, 260)

    def show_rows(self, look: FileLook) -> None:
        """Show what was found as columns."""
        self.table.show_rows(look.columns, look.rows)
        self._pages.setCurrentWidget(self.table)

    def show_lines(self, look: FileLook) -> None:
        """Show what was found as text."""
        mark = DELIMITERS.get(look.delimiter, " ")
        names = [tuple(column.name for column in look.columns)] if look.columns else []
        self.text.setPlainText("\n".join(mark.join(row) for row in (*names, *look.rows)))
        self._pages.setCurrentWidget(self.text)

    @property
    def waits(self) -> bool:
        """Whether something is being waited for."""
        return self._pages.currentWidget() is self._words and not self._bar.isHidden()

    def show_waiting(self, sentence: str) -> None:
        """Say what is being waited for."""
        self._say(sentence, waiting=True)

    def show_sentence(self, sentence: str) -> None:
        """Say why there is nothing to see."""
        self._say(sentence, waiting=False)

    def _say(self, sentence: str, *, waiting: bool) -> None:
        self.sentence.setText(breakable(sentence))
        self._bar.setVisible(waiting)
        self._pages.setCurrentWidget(self._words)


class _Words(QWidget):
    """A sentence in the middle, over a bar that runs while something is waited for."""

    def __init__(self, sentence: QLabel, bar: QProgressBar) -> None:
        super().__init__()
        set_role(sentence, "muted")
        sentence.setWordWrap(True)
        sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(_BAR_WIDTH)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 16, 32, 16)
        layout.setSpacing(12)
        layout.addStretch(1)
        layout.addWidget(sentence)
        layout.addWidget(bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)


def _text() -> QPlainTextEdit:
    text = QPlainTextEdit()
    set_role(text, "plain")
    text.setReadOnly(True)
    text.setFrameShape(QFrame.Shape.NoFrame)
    text.setTabChangesFocus(True)
    text.setAccessibleName("First lines")
    return text
