"""A section of the form: a small heading with quiet tools, and rows that can be folded away."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from workbench.gui.theme import set_role

_OPEN, _FOLDED = "▾", "▸"


class Section(QWidget):
    """Rows under a heading."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self._header = QHBoxLayout()
        self._header.setSpacing(12)
        self._header.addWidget(self._heading())
        self._header.addStretch(1)
        self._body = QWidget()
        self.body = QVBoxLayout(self._body)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(4)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._header)
        layout.addWidget(self._body)

    def add_tool(self, text: str, description: str) -> QPushButton:
        """Add a quiet word at the heading's right that can be pressed."""
        tool = QPushButton(text)
        tool.setToolTip(description)
        tool.setAccessibleName(f"{self.title}: {text}")
        tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(tool, "word")
        self._header.addWidget(tool)
        return tool

    @property
    def folded(self) -> bool:
        """Whether the rows are put away."""
        return False

    def unfold(self) -> None:
        """Show the rows."""

    def _heading(self) -> QWidget:
        label = QLabel(self.title.upper())
        set_role(label, "section")
        return label


class FoldingSection(Section):
    """A section whose heading puts the rows away and brings them back."""

    fold_changed = Signal()

    @property
    def folded(self) -> bool:
        """Whether the rows are put away."""
        return self._body.isHidden()

    def fold(self) -> None:
        """Put the rows away."""
        self._show(False)

    def unfold(self) -> None:
        """Show the rows."""
        self._show(True)

    def _show(self, shown: bool) -> None:
        self._body.setVisible(shown)
        self.heading.setText(f"{self.title.upper()}  {_OPEN if shown else _FOLDED}")
        self.heading.setAccessibleName(f"{self.title}, {'open' if shown else 'folded'}")
        self.fold_changed.emit()

    def _heading(self) -> QWidget:
        self.heading = QPushButton(f"{self.title.upper()}  {_OPEN}")
        self.heading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(self.heading, "section")
        self.heading.clicked.connect(lambda: self._show(self.folded))
        return self.heading


class PlainSection(Section):
    """Rows without a heading: the card's title is theirs."""

    def _heading(self) -> QWidget:
        empty = QWidget()
        empty.setFixedHeight(0)
        return empty
