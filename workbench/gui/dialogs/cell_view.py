"""A cell to look at: its equations typeset, what a step of it takes, and its parameters for the sizes at hand."""

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from workbench.cells import Cell
from workbench.cells.facts import kept_words, listed, step_words
from workbench.gui.form.cell_words import Sizes
from workbench.gui.form.equations import Equations
from workbench.gui.form.fields import sentence
from workbench.gui.format import steps
from workbench.gui.theme import set_role

_PIXELS = 15


class CellView(QFrame):
    """A card with equations, states, stages, what is kept for the backward pass, and parameters."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "panel")
        self.equations = Equations(pixels=_PIXELS)
        self.states, self.step, self.kept, self.parameters = _line(), _line(), _line(), _line()
        for label in (self.kept, self.parameters):
            label.setTextFormat(Qt.TextFormat.RichText)
        self._parts = {
            "Equations": self.equations,
            "States": self.states,
            "A step": self.step,
            "Kept for the gradient": self.kept,
            "Parameters": self.parameters,
        }
        content = QWidget()
        self.column = QVBoxLayout(content)
        self.column.setContentsMargins(12, 12, 12, 12)
        self.column.setSpacing(8)
        for title, widget in self._parts.items():
            label = QLabel(title.upper())
            set_role(label, "section")
            self.column.addWidget(label)
            self.column.addWidget(widget)
            self.column.addSpacing(4)
        self.column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.addWidget(scroll)

    def set_current(self, current: bool) -> None:
        """Mute what is shown while it is no longer what is typed."""
        for widget in self._parts.values():
            set_role(widget, "number" if current else "muted")

    def show_cell(self, cell: Cell, sizes: Sizes | None, misfit: str = "") -> None:
        """Show a cell with its sizes, or the sentence why it has none here."""
        self.equations.show_cell(cell)
        first, *others = cell.states
        self.states.setText(f"{first}, the output" + (f"; {listed(others)}, carried along" if others else ""))
        self.step.setText(step_words(cell))
        self.kept.setText(kept_words(cell, cell.rich_text_name))
        self.parameters.setText(_table(cell, sizes) if sizes else sentence(escape(misfit)) if misfit else "–")


def _table(cell: Cell, sizes: Sizes) -> str:
    """Return the first layer's parameters with their shapes, then the count of all."""
    rows = "".join(
        f"<tr><td style='padding-right: 16px'>{name}</td>"
        f"<td>{' × '.join(steps(size) for size in sizes.shapes[f'1.{name}'])}{_remark(cell, name)}</td></tr>"
        for name in cell.parameters
    )
    total = f"{steps(sizes.in_cells)} learnt for {sizes.basis}; {steps(sizes.total)} learnt in all, read-out included."
    return f"<p>{total}</p><table style='margin-top: 8px' cellspacing='0' cellpadding='1'>{rows}</table>"


def _remark(cell: Cell, name: str) -> str:
    fixed = ", fixed" if name in cell.fixed else ""
    return fixed + (f", starts at {escape(str(cell.init[name]))}" if name in cell.init else "")


def _line() -> QLabel:
    label = QLabel("–")
    label.setWordWrap(True)
    return label
