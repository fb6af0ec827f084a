"""Equations as the field prints them, aligned at their equals signs."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QWidget

from workbench.cells import Cell

_PIXELS = 12


class Equations(QLabel):
    """A cell's equations, typeset; they wrap after the equals sign where the width is short."""

    def __init__(self, parent: QWidget | None = None, pixels: int = _PIXELS) -> None:
        super().__init__(parent)
        self._pixels = pixels
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAccessibleName("Equations")

    def show_cell(self, cell: Cell) -> None:
        """Typeset a cell; the equations as they are typed are its accessible description."""
        self.setText(typeset(cell.rich_text, self._pixels))
        self.setAccessibleDescription(cell.equations.strip())


def typeset(lines: Sequence[str], pixels: int) -> str:
    """Return lines of rich text as a table: left sides, equals signs, right sides."""
    rows = "".join(_row(*line.partition(" = ")) for line in lines)
    return f'<table cellspacing="0" cellpadding="0" style="font-size: {pixels}px">{rows}</table>'


def explain(cell: Cell) -> str:
    """Return title, about, equations and source of a cell as a tool tip."""
    parts = [f"<b>{escape(cell.title)}</b>", typeset(cell.rich_text, 13)]
    parts += [f"<p>{escape(text)}</p>" for text in (cell.about, cell.source) if text]
    return "".join(parts)


def copy_latex(cell: Cell) -> None:
    """Put a cell's equations on the clipboard, in LaTeX."""
    QGuiApplication.clipboard().setText(cell.latex)


def _row(left: str, equals: str, right: str) -> str:
    # A product is not torn apart at the end of a line.
    bound = right.replace("</sup> ", "</sup>&nbsp;")
    sign = f"{left}&nbsp;{equals.strip()}&nbsp;"
    return (
        f'<tr><td align="right" style="padding-bottom: 5px; white-space: nowrap">{sign}</td>'
        f'<td style="padding-bottom: 5px">{bound}</td></tr>'
    )
