"""The palette: type a few letters of what you want to do."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from workbench.gui.commands import Command, Commands
from workbench.gui.dialogs.matching import ranked
from workbench.gui.dialogs.overlay import Overlay
from workbench.gui.dialogs.palette_row import ROW, PaletteRow, RowPainter
from workbench.gui.memory import Memory
from workbench.gui.theme import set_role

_ITSELF = "edit.palette"
_KEY = "palette"  # in memory
_RECENT = 5  # commands kept
_WIDTH, _MARGIN = 560, 16
_ROWS = 9  # seen at once
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class Palette(Overlay):
    """All commands of a window in one list that typing shortens. Made once for a window; `open` shows it."""

    def __init__(self, commands: Commands, memory: Memory, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands, self._memory = commands, memory
        self.line, self.list, self.nothing = QLineEdit(), QListWidget(), QLabel("No command is called so.")
        self._lay_out()
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.list.itemClicked.connect(self._run)
        self.list.currentRowChanged.connect(self._describe)

    def open(self) -> None:
        """Show all commands, those used last first, and wait for letters."""
        self._commands.refresh()
        self.line.clear()
        self._fill()
        super().open()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def place(self) -> None:
        """Stand in the upper third of the window, in its middle."""
        self.card.setFixedWidth(max(1, min(_WIDTH, self.width() - 2 * _MARGIN)))
        rows = min(self.list.count(), _ROWS)
        self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) if rows else 0)
        self.card.adjustSize()
        # The line stays where it is while the list below it grows and shrinks.
        self.card.move((self.width() - self.card.width()) // 2, self.height() // 8)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys walk through the list while the line keeps the focus."""
        if watched is self.line and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._press(event)
        return super().eventFilter(watched, event)

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() in _MOVES:
            self.list.event(event)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._run(self.list.currentItem())
        elif QKeySequence(event.keyCombination()) == self._commands.action(_ITSELF).shortcut():
            self.close()
        else:
            return False
        return True

    def _fill(self) -> None:
        found = ranked(self.line.text(), self._in_order(), lambda own: (own.title, f"{own.menu} {own.words}"))
        self.list.clear()
        for command, fit in found:
            row = self._row(command, fit.places)
            item = QListWidgetItem()
            item.setData(ROW, row)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
            self.list.addItem(item)
        self.nothing.setVisible(not found)
        self.list.setVisible(bool(found))
        self.list.setCurrentRow(0 if found else -1)
        self.place()

    def _row(self, command: Command, places: tuple[int, ...]) -> PaletteRow:
        keys = self._commands.action(command.id).shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        return PaletteRow(command.id, command.title, command.menu, command.icon, keys, command.why_not(), places)

    def _in_order(self) -> list[Command]:
        """Return the commands, those run last from here first."""
        recent = self._recent()
        others = [command for command in self._commands if command.id not in {_ITSELF, *recent}]
        return [self._commands[name] for name in recent] + others

    def _recent(self) -> list[str]:
        known = {command.id for command in self._commands}
        kept = self._memory.values(_KEY).get("recent", [])
        return [name for name in kept if name in known] if isinstance(kept, list) else []

    def _run(self, item: QListWidgetItem | None) -> None:
        """Close, then do what the row says; one that cannot be done now stays, with its reason."""
        row: PaletteRow | None = item.data(ROW) if item is not None else None
        if row is None or row.reason:
            return
        self._memory.set_values(_KEY, {"recent": [row.id, *(n for n in self._recent() if n != row.id)][:_RECENT]})
        self.close()
        self._commands.action(row.id).trigger()

    def _describe(self, number: int) -> None:
        item = self.list.item(number)
        spoken = item.data(ROW).spoken if item is not None else self.nothing.text()
        self.line.setAccessibleDescription(f"{number + 1} of {self.list.count()}: {spoken}" if item else spoken)

    def _lay_out(self) -> None:
        self.setAccessibleName("Commands")
        self.line.setPlaceholderText("Find a command")
        self.line.setAccessibleName("Find a command")
        self.line.setClearButtonEnabled(True)
        self.list.setAccessibleName("Commands found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setItemDelegate(RowPainter(self.list))
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_role(self.nothing, "muted")
        layout = QVBoxLayout(self.card)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        for widget in (self.line, self.list, self.nothing):
            layout.addWidget(widget)
