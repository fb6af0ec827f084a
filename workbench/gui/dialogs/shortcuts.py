"""The sheet of shortcuts: every key of the window, by menu, and those of the panels."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.commands import Commands
from workbench.gui.dialogs.keys import KeyCaps
from workbench.gui.theme import set_role

Line = tuple[str, str]
"""Keys, and what they do."""
Group = tuple[str, Sequence[Line]]
"""Where keys hold, and these keys."""


class Shortcuts(QDialog):
    """Two columns of shortcuts. ``others``: keys that belong to no command, as those of the panels."""

    def __init__(self, commands: Commands, others: Sequence[Group], parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keyboard shortcuts")
        groups: list[Group] = [(menu, _lines(commands, menu)) for menu in commands.menus()]
        sheet = _sheet([(title, lines) for title, lines in [*groups, *others] if lines])
        scroll = QScrollArea()
        scroll.setWidget(sheet)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(sheet.sizeHint().width() + scroll.verticalScrollBar().sizeHint().width())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(12)
        layout.addWidget(scroll, 1)
        layout.addWidget(buttons)
        room = self.screen().availableSize()
        wanted = sheet.sizeHint().height() + buttons.sizeHint().height() + 40
        self.resize(self.sizeHint().width(), min(wanted, room.height() * 9 // 10))
        buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()


def _lines(commands: Commands, menu: str) -> list[Line]:
    """Return the shortcuts of a menu's commands."""
    named = [(commands.action(command.id).shortcut(), command.title) for command in commands if command.menu == menu]
    return [
        (keys.toString(QKeySequence.SequenceFormat.NativeText), title.removesuffix("…").strip())
        for keys, title in named
        if not keys.isEmpty()
    ]


def _sheet(groups: Sequence[Group]) -> QFrame:
    """Return a white sheet with the groups in two columns of about the same length."""
    sheet = QFrame()
    set_role(sheet, "panel")
    columns = QHBoxLayout(sheet)
    columns.setContentsMargins(24, 16, 24, 20)
    columns.setSpacing(48)
    for side in _halves(groups):
        column = QVBoxLayout()
        column.setSpacing(16)
        for title, lines in side:
            column.addLayout(_group(title, lines))
        column.addStretch()
        columns.addLayout(column, 1)
    return sheet


def _halves(groups: Sequence[Group]) -> tuple[Sequence[Group], Sequence[Group]]:
    """Return the groups cut in two where the longer half is shortest; a title counts as two lines."""
    lengths = [len(lines) + 2 for _, lines in groups]
    cut = min(range(len(groups) + 1), key=lambda place: max(sum(lengths[:place]), sum(lengths[place:])))
    return groups[:cut], groups[cut:]


def _group(title: str, lines: Sequence[Line]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(24)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    heading = QLabel(title.upper())
    heading.setAccessibleName(title)
    set_role(heading, "section")
    grid.addWidget(heading, 0, 0, 1, 2)
    for row, (keys, what) in enumerate(lines, start=1):
        grid.addWidget(QLabel(what), row, 0)
        caps = KeyCaps(keys)
        caps.setAccessibleDescription(what)
        grid.addWidget(caps, row, 1, Qt.AlignmentFlag.AlignRight)
    return grid
