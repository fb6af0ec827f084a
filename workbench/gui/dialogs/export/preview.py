"""The preview: the very picture that will be written, on its paper."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import theme

_MARGIN = 16


class Preview(QWidget):
    """Shows a picture as large as there is room, or a sentence where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.image = QImage()
        self.sentence = "The figure is being drawn …"
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Preview of the figure")
        theme().changed.connect(self.update)

    def show_picture(self, png: bytes) -> None:
        """Show a drawn figure."""
        self.image = QImage.fromData(png)
        self.sentence = ""
        self.update()

    def show_sentence(self, sentence: str) -> None:
        """Say why there is no picture."""
        self.image, self.sentence = QImage(), sentence
        self.setAccessibleDescription(sentence)
        self.update()

    def sizeHint(self) -> QSize:
        """Return a size at which a figure can be judged."""
        return QSize(560, 460)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture in the middle, never larger than its own pixels ask for."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = theme().colours
        room = QRectF(self.rect()).adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        if self.image.isNull():
            painter.setPen(colours.muted)
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.sentence)
            return
        ratio = self.devicePixelRatioF()
        size = QSize(self.image.width(), self.image.height()).scaled(
            (room.size() * ratio).toSize(), Qt.AspectRatioMode.KeepAspectRatio
        )
        width, height = size.width() / ratio, size.height() / ratio
        place = QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)
        painter.drawImage(place, self.image)
        painter.setPen(colours.line)
        painter.drawRect(place)
