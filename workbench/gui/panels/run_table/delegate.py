"""How a row of the run table is painted: colour square, name above status and progress, loss."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from workbench.gui.panels.run_table.model import NAME, TICK, RunRole
from workbench.gui.session import RunStyle
from workbench.gui.theme import theme, with_alpha

ROW = 40  # pixels high
_SWATCH = QSize(16, 12)
_GAP = 6
_SMALL = 11  # pixels, the status' font
_MIDDLE = 21  # where the name ends and the status begins
_LONGEST_NAME = 200  # characters, as in an experiment
_STATUS_COLOURS = {"failed": "bad", "interrupted": "warning"}
_DASHES = {
    Qt.PenStyle.DashLine: [2.0, 1.5],
    Qt.PenStyle.DotLine: [0.9, 1.2],
    Qt.PenStyle.DashDotLine: [2.4, 1.0, 0.8, 1.0],
}

Index = QModelIndex | QPersistentModelIndex


class RunDelegate(QStyledItemDelegate):
    """Paints runs in the theme's colours."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return one height for all rows."""
        return QSize(0, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one cell."""
        painter.save()
        painter.setPen(theme().colour("grid"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if index.column() == TICK:
            _paint_swatch(painter, option.rect, index.data(RunRole.STYLE))
        elif index.column() == NAME:
            _paint_name(painter, option, index)
            _paint_status(painter, option, index)
        else:
            painter.setPen(theme().colour("text" if index.data(RunRole.VALIDATED) else "muted"))
            painter.drawText(
                option.rect.adjusted(0, 0, -_GAP, -1), int(index.data(Qt.ItemDataRole.TextAlignmentRole)), index.data()
            )
        painter.restore()

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Leave ticking to the view, where all of the cell is the square, and not the style's little box."""
        return False

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Return a line for a new name."""
        line = QLineEdit(parent)
        line.setMaxLength(_LONGEST_NAME)
        line.setAccessibleName("Name of the run")
        return line

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Start from the name as it is; what was typed since stays, whatever the run does meanwhile."""
        assert isinstance(editor, QLineEdit)
        if not editor.isModified():
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Let the line reach to the right end: names are long."""
        view = editor.parentWidget()
        assert view is not None
        left, height = option.rect.left() - _GAP, editor.sizeHint().height()
        top = option.rect.top() + (ROW - height) // 2
        editor.setGeometry(left, top, view.width() - left - 2, height)


def _paint_swatch(painter: QPainter, rectangle: QRect, style: RunStyle | None) -> None:
    """Paint the run's colour with its line in it; of a run that is not drawn, the empty frame."""
    square = QRectF(
        QStyle.alignedRect(Qt.LayoutDirection.LeftToRight, Qt.AlignmentFlag.AlignCenter, _SWATCH, rectangle)
    )
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if style is None:
        painter.setPen(QPen(with_alpha(theme().colours.muted, 0.5), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().run_colour(style.colour))
    painter.drawRoundedRect(square, 3, 3)
    if style.line in _DASHES:
        pen = QPen(theme().colour("panel"), 2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        pen.setDashPattern(_DASHES[style.line])
        painter.setPen(pen)
        middle = square.center().y()
        painter.drawLine(QPointF(square.left() + 2, middle), QPointF(square.right() - 2, middle))


def _paint_name(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    font = QFont(option.font)
    if index.data(RunRole.CURRENT):
        font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(theme().colour("text" if index.data(RunRole.STYLE) else "muted"))
    inside = QRect(option.rect.left(), option.rect.top() + 3, option.rect.width() - _GAP, _MIDDLE - 3)
    name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, inside.width())
    painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, name)


def _paint_status(painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
    """Paint the status in small letters, with how far the run is beside it while it is trained."""
    font = QFont(option.font)
    font.setPixelSize(_SMALL)
    painter.setFont(font)
    status, word, share = (index.data(role) for role in (RunRole.STATUS, RunRole.WORD, RunRole.PROGRESS))
    painter.setPen(theme().colour(_STATUS_COLOURS.get(status, "muted")))
    inside = QRect(option.rect.left(), option.rect.top() + _MIDDLE, option.rect.width(), ROW - _MIDDLE - 4)
    painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter, word)
    if share is not None:
        widest = QFontMetrics(font).horizontalAdvance("stopping")  # so that bars of several runs begin together
        bar = QRectF(inside.left() + widest + _GAP, inside.center().y(), inside.width() - widest - 3 * _GAP, 3)
        _paint_progress(painter, bar, min(max(share, 0.0), 1.0), "accent" if status == "running" else "muted")


def _paint_progress(painter: QPainter, whole: QRectF, share: float, token: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(theme().colour("line"))
    painter.drawRoundedRect(whole, 1.5, 1.5)
    painter.setBrush(theme().colour(token))
    painter.drawRoundedRect(QRectF(whole.left(), whole.top(), whole.width() * share, whole.height()), 1.5, 1.5)
