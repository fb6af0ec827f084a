"""A column of sections that scrolls."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

MARGIN = 12
_SCROLL_BAR = 10


class ScrollingColumn(QScrollArea):
    """A column that scrolls; its fields keep their place whether there is a scroll bar or not."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self.column = QVBoxLayout(content)
        self.column.setSpacing(14)
        self.setWidget(content)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._make_room(0, 0)

    def bring(self, widget: QWidget) -> None:
        """Scroll until the widget can be seen."""
        self.column.activate()
        self.ensureWidgetVisible(widget, 0, MARGIN)

    def _make_room(self, _least: int, most: int) -> None:
        right = MARGIN - _SCROLL_BAR if most > 0 else MARGIN
        self.column.setContentsMargins(MARGIN, 4, right, MARGIN)
