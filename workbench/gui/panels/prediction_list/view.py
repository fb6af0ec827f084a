"""How examples are painted: a mark, what was read, target and answer; on two or three lines where one is too short."""

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.panels.prediction_list.model import READING, ReadingModel
from workbench.gui.theme import theme
from workbench.training.words import Reading

_LINE = 19  # pixels high
_PADDING = 3
_MARK = 18
_GAP = 12
_HEADINGS = ("reads", "target", "answer")


@dataclass(frozen=True)
class Columns:
    """How wide targets and answers are, and whether they stand below what was read, or each on a line of its own."""

    target: int = 0
    answer: int = 0
    reads: bool = True
    below: bool = False
    stacked: bool = False

    @property
    def height(self) -> int:
        """Pixels of a row."""
        lines = 2 + self.reads if self.stacked else 1 + self.below
        return lines * _LINE + 2 * _PADDING

    def split(self, rectangle: QRect) -> tuple[QRect, QRect, QRect]:
        """Return where in a row stand what was read, the target and the answer."""
        left, top, right = rectangle.left() + _MARK, rectangle.top() + _PADDING, rectangle.right() + 1
        if self.stacked:
            first, second, third = (QRect(left, top + line * _LINE, right - left, _LINE) for line in range(3))
            return (first, second, third) if self.reads else (QRect(), first, second)
        if not self.reads:
            right = left + self.target + _GAP + self.answer
        lower = top + _LINE if self.below else top
        answer = QRect(right - self.answer, lower, self.answer, _LINE)
        target = QRect(answer.left() - _GAP - self.target, lower, self.target, _LINE)
        end = right if self.below else target.left() - _GAP
        return QRect(left, top, end - left, _LINE), target, answer


class ReadingList(QFrame):
    """Examples below headings; the columns fit what they hold."""

    def __init__(self, model: ReadingModel) -> None:
        super().__init__()
        self._model = model
        self._delegate = _ReadingDelegate(self)
        self.view = QListView()
        self.view.setModel(model)
        self.view.setItemDelegate(self._delegate)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setUniformItemSizes(True)
        self.view.setAccessibleName("Held-out examples")
        self._headings = _Headings(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._headings)
        layout.addWidget(self.view, 1)
        self.columns = Columns()
        for signal in (model.dataChanged, model.modelReset):
            signal.connect(self._fit)
        theme().changed.connect(self.view.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put target and answer below, or beside, what was read."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        columns = fitting_columns(self._model, self.view.fontMetrics(), self.view.viewport().width())
        if columns != self.columns:
            self.columns = columns
            self.view.doItemsLayout()
        self._headings.update()


def fitting_columns(model: ReadingModel, metrics: QFontMetrics, width: int) -> Columns:
    """Return the columns that hold all targets and answers, neither wider than half of the room."""
    readings = model.readings
    widest = max(0, (width - _MARK - _GAP) // 2)

    def room_of(texts: list[str], heading: str) -> int:
        return max(map(metrics.horizontalAdvance, [*texts, heading]))

    target = room_of([reading.target for reading in readings], _HEADINGS[1])
    answer = room_of([reading.answer for reading in readings], _HEADINGS[2])
    read = [_beside(model.what_was_read(reading), model.note_on_answer(reading)) for reading in readings]
    if model.written and max(target, answer) > widest:  # cut off, nobody would see which words are wrong
        return Columns(target, answer, any(read), stacked=True)
    target, answer = min(target, widest), min(answer, widest)
    room = width - _MARK - target - answer - 2 * _GAP
    return Columns(target, answer, any(read), any(metrics.horizontalAdvance(text) > room for text in read))


class _Headings(QWidget):
    """What the columns are, in small muted letters."""

    def __init__(self, owner: ReadingList) -> None:
        super().__init__()
        self._owner = owner
        self.setFixedHeight(_LINE)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a heading over each column."""
        painter = QPainter(self)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        painter.setPen(theme().colour("muted"))
        columns = self._owner.columns
        width = self._owner.view.viewport().width()
        if columns.stacked:
            place = QRect(_MARK, 0, width - _MARK, self.height())
            painter.drawText(place, _alignment(False), " / ".join(_HEADINGS[0 if columns.reads else 1 :]))
            return
        places = Columns(columns.target, columns.answer, columns.reads).split(QRect(0, -_PADDING, width, self.height()))
        numbers = _all_numbers(self._owner._model.readings)
        for own, (heading, place) in enumerate(zip(_HEADINGS, places, strict=True)):
            if own or columns.reads:
                painter.drawText(place, _alignment(numbers if own else False), heading)


class _ReadingDelegate(QStyledItemDelegate):
    """Paints one example."""

    def __init__(self, owner: ReadingList) -> None:
        super().__init__(owner)
        self._owner = owner

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return one height for all rows."""
        return QSize(0, self._owner.columns.height)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the mark, what was read, target and answer."""
        reading: Reading = index.data(READING)
        reads, target, answer = self._owner.columns.split(option.rect)
        numbers = _all_numbers(self._owner._model.readings)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(theme().colour("grid"))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if reading.correct is not None:
            _paint_mark(painter, QRectF(option.rect.left() + 2, reads.top() + 4, 11, 11), right=reading.correct)
        _paint_text(painter, reads, self._read(painter, reads, reading), "muted", numbers=False)
        _paint_text(painter, target, reading.target, "text", numbers=numbers)
        self._paint_answer(painter, answer, reading, numbers=numbers)
        painter.restore()

    def _read(self, painter: QPainter, place: QRect, reading: Reading) -> str:
        """Return what was read, cut where a note on the answer needs the room."""
        model, metrics = self._owner._model, painter.fontMetrics()
        read, note = model.what_was_read(reading), model.note_on_answer(reading)
        if not note:
            return read
        room = place.width() - metrics.horizontalAdvance(_beside(" ", note))
        return _beside(metrics.elidedText(read, Qt.TextElideMode.ElideRight, max(room, 0)), note)

    def _paint_answer(self, painter: QPainter, place: QRect, reading: Reading, *, numbers: bool) -> None:
        """Paint an answer in the colours of what its pieces are."""
        parts = self._owner._model.answer_in_parts(reading)
        for text, colour in parts:
            _paint_text(painter, place, text, colour, numbers=numbers and len(parts) == 1)
            place = place.adjusted(painter.fontMetrics().horizontalAdvance(text), 0, 0, 0)
            if place.width() <= 0:
                return


def _beside(read: str, note: str) -> str:
    """Return what was read with a note behind it, either of them alone where the other is empty."""
    return " · ".join(part for part in (read, note) if part)


def _all_numbers(readings: tuple[Reading, ...]) -> bool:
    """Tell whether all targets are numbers, which stand right-aligned below each other."""
    return all(reading.target.replace(".", "").lstrip("-−").isdigit() for reading in readings)


def _alignment(numbers: bool) -> Qt.AlignmentFlag:
    across = Qt.AlignmentFlag.AlignRight if numbers else Qt.AlignmentFlag.AlignLeft
    return across | Qt.AlignmentFlag.AlignVCenter


def _paint_text(painter: QPainter, place: QRect, text: str, token: str, *, numbers: bool) -> None:
    painter.setPen(theme().colour(token))
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, _alignment(numbers), elided)


def _paint_mark(painter: QPainter, place: QRectF, *, right: bool) -> None:
    """Paint a tick or a cross: colour is never alone."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().colour("good" if right else "bad"), 1.7, c=Qt.PenCapStyle.RoundCap))
    if right:
        low = QPointF(place.left() + 0.38 * place.width(), place.bottom() - 1)
        start, end = QPointF(place.left(), place.center().y()), QPointF(place.right(), place.top() + 1)
        painter.drawPolyline(QPolygonF([start, low, end]))
    else:
        inside = place.adjusted(1, 1, -1, -1)
        painter.drawLine(inside.topLeft(), inside.bottomRight())
        painter.drawLine(inside.topRight(), inside.bottomLeft())
