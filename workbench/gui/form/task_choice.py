"""The list of tasks, under headings that say what each is used for."""

from collections.abc import Iterable
from typing import TypeVar, get_args

from PySide6.QtCore import QElapsedTimer, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QGuiApplication, QKeyEvent, QPainter, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.form.editors import Choice
from workbench.gui.theme import theme
from workbench.tasks import Use, task_types

_HEADING = Qt.ItemDataRole.UserRole + 1
_MOST_ROWS = 32  # that the open list shows without scrolling, where the screen has room
_ABOVE, _BELOW, _BEFORE = 10, 3, 7  # pixels around a heading
_ROW = 24
_NO_KEYS = Qt.KeyboardModifier.NoModifier

Thing = TypeVar("Thing")
Index = QModelIndex | QPersistentModelIndex


def by_use(things: Iterable[tuple[Use, str, Thing]]) -> dict[Use, list[tuple[str, Thing]]]:
    """Return things, each given with its use and its title, under the uses in their order, by title."""
    found: dict[Use, list[tuple[str, Thing]]] = {use: [] for use in get_args(Use)}
    for use, title, thing in things:
        found[use].append((title, thing))
    return {use: sorted(own, key=lambda pair: pair[0].casefold()) for use, own in found.items() if own}


class TaskChoice(Choice):
    """All tasks. Headings cannot be chosen: keys and the wheel go past them, typing finds the tasks alone."""

    def __init__(self) -> None:
        super().__init__()
        self.setView(_List())
        self.setMaxVisibleItems(_MOST_ROWS)
        self._typed, self._since = "", QElapsedTimer()
        self.setItemDelegate(_Rows(self))
        types = task_types()
        for use, tasks in by_use((own.use, own.title, name) for name, own in types.items()).items():
            self._add_heading(use)
            for title, name in tasks:
                self.addItem(title, name)
                self.setItemData(self.count() - 1, types[name].about, Qt.ItemDataRole.ToolTipRole)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the task that is typed: by the beginning of its title, else of a word in it, or by its name."""
        typing = bool(self._typed) and not self._since.hasExpired(QGuiApplication.styleHints().keyboardInputInterval())
        text, plain = event.text(), event.modifiers() in (_NO_KEYS, Qt.KeyboardModifier.ShiftModifier)
        if not (plain and text.isprintable() and text and (typing or text != " ")):
            self._typed = ""
            super().keyPressEvent(event)
            return
        self._typed = (self._typed if typing else "") + text.casefold()
        self._since.start()
        row = self._find(self._typed)
        if row is not None and row != self.currentIndex():
            self.setCurrentIndex(row)
            self.activated.emit(row)

    def _find(self, typed: str) -> int | None:
        """Return the row of the first task that a typed text means best, None where it means none."""
        rows = [(row, self.itemText(row).casefold(), self.itemData(row)) for row in range(self.count())]
        tasks = [(row, title, name) for row, title, name in rows if name is not None]
        ways = (
            [row for row, title, _ in tasks if title.startswith(typed)],
            [row for row, title, _ in tasks if f" {typed}" in title.replace("-", " ")],
            [row for row, _, name in tasks if typed in name],
        )
        return next((found[0] for found in ways if found), None)

    def _add_heading(self, text: str) -> None:
        self.addItem(text)
        model = self.model()
        assert isinstance(model, QStandardItemModel)
        item = model.item(self.count() - 1)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setData(True, _HEADING)
        item.setData("", Qt.ItemDataRole.ToolTipRole)


class _List(QListView):
    """The open list: a key that would end on a heading goes to the task below it."""

    def moveCursor(self, action: QAbstractItemView.CursorAction, keys: Qt.KeyboardModifier) -> QModelIndex:
        """Return where a key leads."""
        index = super().moveCursor(action, keys)
        while index.isValid() and index.data(_HEADING):
            index = index.siblingAtRow(index.row() + 1)
        return index


class _Rows(QStyledItemDelegate):
    """Paints headings as the form's own section labels: small, spaced and muted."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the room of a row; a heading keeps some above it."""
        own = super().sizeHint(option, index)
        if not index.data(_HEADING):
            return QSize(own.width(), max(own.height(), _ROW))
        measure = QFontMetrics(_heading_font(option.font))
        above = _ABOVE if index.row() else _BELOW
        width = measure.horizontalAdvance(index.data().upper()) + 2 * _BEFORE
        return QSize(width, above + measure.height() + _BELOW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a heading; tasks as they are."""
        if not index.data(_HEADING):
            super().paint(painter, option, index)
            return
        painter.save()
        painter.setFont(_heading_font(option.font))
        painter.setPen(theme().colour("muted"))
        place = option.rect.adjusted(_BEFORE, 0, 0, -_BELOW)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, index.data().upper())
        painter.restore()


def _heading_font(font: QFont) -> QFont:
    small = QFont(font)
    small.setPixelSize(11)
    small.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1)
    return small
