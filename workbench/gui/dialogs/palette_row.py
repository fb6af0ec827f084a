"""One row of the palette: what a command is called, where it stands, its keys or why it cannot be done."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from workbench.gui.dialogs.keys import draw_keys, keys_width, small
from workbench.gui.theme import icon, theme

ROW = Qt.ItemDataRole.UserRole
_EDGE, _GAP, _ICON, _ABOVE, _ROUND = 8, 12, 16, 7, 5


@dataclass(frozen=True)
class PaletteRow:
    """What a row shows."""

    id: str
    title: str
    menu: str
    icon: str
    keys: str
    reason: str
    """Why it cannot be done now; "" where it can."""
    places: tuple[int, ...]
    """Which letters of the title were typed."""

    @property
    def spoken(self) -> str:
        """The row in words."""
        return ", ".join(part for part in (self.title, self.menu, self.keys, self.reason) if part)


class RowPainter(QStyledItemDelegate):
    """Draws a PaletteRow."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room of one row."""
        return QSize(0, max(option.fontMetrics.height(), _ICON) + 2 * _ABOVE)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw icon, title, menu, and at the right the keys or the reason."""
        row: PaletteRow = index.data(ROW)
        colours = theme().colours
        painter.save()
        _draw_ground(painter, option)
        ink = QColor(colours.muted if row.reason else colours.text)
        room = option.rect.adjusted(_EDGE, 0, -_EDGE, 0)
        if row.icon:
            icon(row.icon, ink.name()).paint(painter, QRect(room.left(), _centred(room, _ICON), _ICON, _ICON))
        room.setLeft(room.left() + _ICON + _EDGE)
        room.setLeft(_draw_title(painter, room, row, ink, option.font) + _GAP)
        painter.setPen(QColor(colours.muted))
        painter.setFont(small(option.font))
        metrics = QFontMetrics(painter.font())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, row.menu)
        room.setLeft(room.left() + metrics.horizontalAdvance(row.menu) + _GAP)
        if row.reason:
            words = metrics.elidedText(row.reason, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
        elif row.keys:
            left = room.right() - keys_width(row.keys, painter.font())
            draw_keys(painter, left, room.top() + room.height() / 2, row.keys, painter.font())
        painter.restore()


def _draw_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    selected = option.state & QStyle.StateFlag.State_Selected
    if not selected and not option.state & QStyle.StateFlag.State_MouseOver:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().colour("accent_soft" if selected else "field"))
    painter.drawRoundedRect(option.rect, _ROUND, _ROUND)


def _draw_title(painter: QPainter, room: QRect, row: PaletteRow, ink: QColor, font: QFont) -> int:
    """Draw the title, the letters that were typed in the accent's colour; return where it ends."""
    layout = QTextLayout(row.title, font)
    plain, typed = QTextCharFormat(), QTextCharFormat()
    plain.setForeground(ink)
    typed.setForeground(ink if row.reason else theme().colour("accent"))
    typed.setFontWeight(QFont.Weight.DemiBold)
    layout.setFormats([_range(0, len(row.title), plain), *(_range(place, 1, typed) for place in row.places)])
    layout.beginLayout()
    line = layout.createLine()
    layout.endLayout()
    layout.draw(painter, QPointF(room.left(), _centred(room, round(line.height()))))
    return round(room.left() + line.naturalTextWidth())


def _range(start: int, length: int, form: QTextCharFormat) -> QTextLayout.FormatRange:
    result = QTextLayout.FormatRange()
    result.start, result.length, result.format = start, length, form
    return result


def _centred(room: QRect, height: int) -> int:
    return room.top() + (room.height() - height) // 2
