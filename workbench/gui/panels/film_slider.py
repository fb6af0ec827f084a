"""The slider of the film: a press anywhere on it goes there at once."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider

_PAGES = 10  # presses of Page Down from one end to the other


class FilmSlider(QSlider):
    """One position for each snapshot; works by mouse, wheel, arrows, Home, End, Page Up and Page Down."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSingleStep(1)

    def show_place(self, index: int, count: int) -> None:
        """Show that we stand at a snapshot (from 0) of so many; `valueChanged` stays silent."""
        blocked = self.blockSignals(True)
        self.setRange(0, max(count - 1, 0))
        self.setPageStep(max(count // _PAGES, 1))
        self.setValue(index)
        self.blockSignals(blocked)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Bring the handle under the mouse; from there it is dragged as any other."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderPosition(self._value_at(round(event.position().x())))
        super().mousePressEvent(event)

    def _value_at(self, x: int) -> int:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
        )
        room = self.width() - handle.width()
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), x - handle.width() // 2, room)
