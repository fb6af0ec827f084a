"""A text field for equations: all signs of one width, and one spot marked as wrong."""

from PySide6.QtGui import QFontDatabase, QTextCharFormat, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from workbench.gui.theme import theme, with_alpha

_PIXELS = 13


class CodeEdit(QPlainTextEdit):
    """Plain text; Tab goes on to the next field."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(_PIXELS)
        self.setFont(font)
        self.setStyleSheet(f'font-family: "{font.family()}"; font-size: {_PIXELS}px')  # the window's sheet sets another
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._place = (0, 0)
        theme().changed.connect(self._draw)

    def mark(self, line: int, column: int) -> None:
        """Mark what stands at a line and column, which count from 1; 0 marks nothing."""
        self._place = (line, column)
        self._draw()

    @property
    def marked_text(self) -> str:
        """What is marked."""
        return next((mark.cursor.selectedText() for mark in self._marks()[1:]), "")

    def _draw(self) -> None:
        self.setExtraSelections(self._marks())

    def _marks(self) -> list[QTextEdit.ExtraSelection]:
        line, column = self._place
        block = self.document().findBlockByNumber(line - 1)
        if line < 1 or not block.isValid():
            return []
        whole = QTextEdit.ExtraSelection()
        cursor = QTextCursor(block)
        whole.cursor = cursor
        look = QTextCharFormat()
        look.setBackground(with_alpha(theme().colours.bad, 0.10))
        look.setProperty(QTextFormat.Property.FullWidthSelection, True)
        whole.format = look
        return [whole, self._spot(block.position(), block.text(), column)]

    def _spot(self, start: int, text: str, column: int) -> QTextEdit.ExtraSelection:
        """Underline the word at a column, or the one sign there."""
        first = max(0, min(column - 1, len(text) - 1))
        last = first
        while last < len(text) and (text[last].isalnum() or text[last] == "_"):
            last += 1
        spot = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(start + first)
        cursor.setPosition(start + min(max(last, first + 1), len(text)), QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(theme().colour("bad"))
        look.setForeground(theme().colour("bad"))
        spot.cursor, spot.format = cursor, look
        return spot
