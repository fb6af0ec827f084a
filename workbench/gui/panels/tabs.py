"""Chips of which one is chosen; those that find no room fold into a menu."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QMenu, QSizePolicy, QToolButton, QWidget

from workbench.gui.theme import set_role

_HEIGHT, _PADDING, _BETWEEN = 24, 11, 2  # pixels
_HARDLY_MORE = 90
_ARROW = " ▾"
_MORE = "more" + _ARROW


class Tabs(QWidget):
    """One chip for each name, in at most ``widest`` pixels, fewer where there is less room.

    `chosen` tells what a person pressed.
    """

    chosen = Signal(str)

    def __init__(self, what: str, widest: int) -> None:
        super().__init__()
        self._what, self._widest = what, widest
        self._names: tuple[str, ...] = ()
        self._current = ""
        self.chips: dict[str, QToolButton] = {}
        self.more = QToolButton(self)
        self._menu = QMenu(self.more)
        self._group = QButtonGroup(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._dress_menu()

    def show_names(self, names: Sequence[str], current: str) -> None:
        """Show these names, with one of them chosen."""
        if (tuple(names), current) == (self._names, self._current):
            return
        if tuple(names) != self._names:
            self._names = tuple(names)
            self._make_chips()
        self._current = current
        self._fold()
        self.updateGeometry()

    @property
    def folded(self) -> tuple[str, ...]:
        """The names in the menu."""
        return tuple(action.text() for action in self._menu.actions())

    def sizeHint(self) -> QSize:
        """Return the room of all chips, or of as many as the widest tabs may have."""
        return QSize(min(self._width_of(self._names), self._widest), _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Return the room of the menu alone, of all chips where they need hardly more."""
        whole = self._width_of(self._names)
        return QSize(whole if whole <= _HARDLY_MORE else min(whole, self._menu_width()), _HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many chips as there is room for."""
        super().resizeEvent(event)
        self._fold()

    def _width_of(self, names: Sequence[str]) -> int:
        return sum(self.chips[name].width() + _BETWEEN for name in names)

    def _fold(self) -> None:
        """Stand the chips side by side; those that find no room go to the menu."""
        room = min(self.width(), self._widest)
        folds = self._width_of(self._names) > room
        menu = self._menu_width() if folds else 0
        end, kept = 0, True
        self._menu.clear()
        for name in self._names:
            chip = self.chips[name]
            kept = kept and end + chip.width() + menu <= room
            chip.setVisible(kept)
            if kept:
                chip.move(end, 0)
                end += chip.width() + _BETWEEN
            else:
                self._add_entry(name)
        self._mark()
        self.more.setVisible(folds)
        self.more.setGeometry(end, 0, menu, _HEIGHT)

    def _menu_width(self) -> int:
        """Return the room of the menu's chip, which may have to say the chosen name."""
        measure = self.more.fontMetrics()
        texts = (_MORE, self._current + _ARROW)
        return max(measure.horizontalAdvance(text) for text in texts) + 2 * _PADDING

    def _make_chips(self) -> None:
        for chip in self.chips.values():
            self._group.removeButton(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = {name: self._make_chip(name) for name in self._names}
        for chip in self.chips.values():
            self._group.addButton(chip)

    def _add_entry(self, name: str) -> None:
        action = self._menu.addAction(name)
        action.setCheckable(True)
        action.setChecked(name == self._current)
        action.triggered.connect(lambda _checked=False: self.chosen.emit(name))

    def _mark(self) -> None:
        """Press the chip of the chosen name, or let the menu say it."""
        folded = self._current in self.folded
        self._group.setExclusive(False)
        for name, chip in self.chips.items():
            chip.setChecked(name == self._current and not folded)
        self._group.setExclusive(not folded)
        self.more.setChecked(folded)
        self.more.setText(self._current + _ARROW if folded else _MORE)

    def _make_chip(self, name: str) -> QToolButton:
        chip = QToolButton(self)
        chip.setText(name)
        chip.setCheckable(True)
        set_role(chip, "chip")
        chip.setFixedSize(chip.fontMetrics().horizontalAdvance(name) + 2 * _PADDING, _HEIGHT)
        chip.setToolTip(f"Show {self._what} {name}.")
        chip.setAccessibleName(f"{self._what} {name}")
        chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        chip.clicked.connect(lambda: self.chosen.emit(name))
        return chip

    def _dress_menu(self) -> None:
        set_role(self.more, "chip")
        self.more.setCheckable(True)
        self.more.setText(_MORE)
        self.more.setMenu(self._menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip(f"Show another {self._what}.")
        self.more.setAccessibleName(f"More: {self._what}")
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.hide()
