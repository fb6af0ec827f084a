"""Commands as data: menus, tool bar, palette and the sheet of shortcuts are made from them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from workbench.gui.theme import icon, theme


def _always() -> str:
    return ""


@dataclass(frozen=True)
class Command:
    """One thing that can be done: what it is called, where it stands, when it can be done, and doing it."""

    id: str
    title: str
    menu: str
    do: Callable[[], object]
    icon: str = ""
    shortcut: str = ""
    tip: str = ""
    why_not: Callable[[], str] = _always
    """Why it cannot be done now, as a sentence; "" where it can."""
    checked: Callable[[], bool] | None = None
    """Whether it is on, for commands that switch something."""
    words: str = ""
    """Other words a person may search for."""
    starts_group: bool = False
    """Whether a line stands above it in its menu."""


class Commands(QObject):
    """All commands of a window, and one QAction for each."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._commands: dict[str, Command] = {}
        self._actions: dict[str, QAction] = {}
        theme().changed.connect(self._dress)

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands.values())

    def __getitem__(self, name: str) -> Command:
        return self._commands[name]

    def add(self, *commands: Command) -> None:
        """Add commands; their shortcuts work in the whole window from now on."""
        for command in commands:
            assert command.id not in self._commands, f"two commands {command.id}"
            action = QAction(command.title, self._window)
            action.setObjectName(command.id)
            action.setCheckable(command.checked is not None)
            if command.shortcut:
                action.setShortcut(QKeySequence(command.shortcut))
            action.triggered.connect(lambda _=False, own=command: own.do())
            self._window.addAction(action)
            self._commands[command.id] = command
            self._actions[command.id] = action
        self._dress()
        self.refresh()

    def action(self, name: str) -> QAction:
        """Return the action of a command."""
        return self._actions[name]

    def menus(self) -> tuple[str, ...]:
        """Return the names of the menus, in the order in which they first came."""
        return tuple(dict.fromkeys(command.menu for command in self if command.menu))

    def refresh(self) -> None:
        """Ask each command anew whether it can be done, and say in its tip why not."""
        for name, command in self._commands.items():
            action, reason = self._actions[name], command.why_not()
            action.setEnabled(not reason)
            if command.checked is not None:
                action.setChecked(command.checked())
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            tip = command.tip or command.title
            action.setToolTip(f"{tip}{f' ({keys})' if keys else ''}{f': {reason}' if reason else ''}")

    def _dress(self) -> None:
        for name, command in self._commands.items():
            if command.icon:
                self._actions[name].setIcon(icon(command.icon, theme().colours.text))
