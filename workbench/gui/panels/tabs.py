"""Chips of which one is chosen; those that find no room fold into a menu."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QToolButton, QWidget

from workbench.gui.theme import set_role

_NARROWEST, _PADDING = 26, 9  # pixels
_MORE = "more ▾"


class Tabs(QWidget):
    """One chip for each name, in at most ``widest`` pixels. `chosen` tells what a person pressed."""

    chosen = Signal(str)

    def __init__(self, what: str, widest: int) -> None:
        super().__init__()
        self._what, self._widest = what, widest
        self._names: tuple[str, ...] = ()
        self.chips: dict[str, QToolButton] = {}
        self.more = QToolButton()
        self._menu = QMenu(self.more)
        self._group = QButtonGroup(self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._lay_out_menu()

    def show_names(self, names: Sequence[str], current: str) -> None:
        """Show these names, with one of them chosen."""
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._rebuild()
        self._choose(current)

    @property
    def folded(self) -> tuple[str, ...]:
        """The names in the menu."""
        return tuple(name for name in self._names if name not in self.chips)

    def _rebuild(self) -> None:
        for chip in self.chips.values():
            self._group.removeButton(chip)
            self._row.removeWidget(chip)
            chip.deleteLater()
        self.chips.clear()
        self._menu.clear()
        room = self._widest
        for index, name in enumerate(self._names):
            chip = self._make_chip(name)
            room -= chip.width() + self._row.spacing()
            reserved = 0 if index == len(self._names) - 1 else self.more.sizeHint().width()
            if room < reserved and self.chips:
                chip.deleteLater()
                break
            self.chips[name] = chip
            self._group.addButton(chip)
            self._row.insertWidget(index, chip)
        for name in self.folded:
            action = self._menu.addAction(name)
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, name=name: self.chosen.emit(name))
        self.more.setVisible(bool(self.folded))

    def _make_chip(self, name: str) -> QToolButton:
        chip = QToolButton(self)
        chip.setText(name)
        chip.setCheckable(True)
        set_role(chip, "chip")
        chip.setFixedWidth(max(_NARROWEST, chip.fontMetrics().horizontalAdvance(name) + 2 * _PADDING))
        chip.setToolTip(f"Show {self._what} {name}.")
        chip.setAccessibleName(f"{self._what} {name}")
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(lambda: self.chosen.emit(name))
        return chip

    def _choose(self, current: str) -> None:
        folded = current in self.folded
        self._group.setExclusive(False)
        for name, chip in self.chips.items():
            chip.setChecked(name == current)
        self._group.setExclusive(not folded)
        self.more.setChecked(folded)
        self.more.setText(f"{current} ▾" if folded else _MORE)
        for action in self._menu.actions():
            action.setChecked(action.text() == current)

    def _lay_out_menu(self) -> None:
        set_role(self.more, "chip")
        self.more.setCheckable(True)
        self.more.setText(_MORE)
        self.more.setMenu(self._menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip(f"Show another {self._what}.")
        self.more.setAccessibleName(f"More: {self._what}")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._row.addWidget(self.more)
        self.more.hide()
