"""Keys as they look on a keyboard: each in a small frame."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from workbench.gui.theme import theme

_BETWEEN, _BESIDE, _ABOVE, _ROUND = 3.0, 5.0, 2.0, 4.0


def key_names(keys: str) -> tuple[str, ...]:
    """Return the keys of a shortcut one by one: "Ctrl+Shift++" is Ctrl, Shift and +."""
    names, rest = [], keys
    while "+" in rest[1:]:
        name, rest = rest[: rest.index("+", 1)], rest[rest.index("+", 1) + 1 :]
        names.append(name)
    return tuple(name.strip() for name in [*names, rest] if name.strip())


def keys_width(keys: str, font: QFont) -> float:
    """Return how wide drawn keys are, in pixels."""
    widths = [_width(name, QFontMetricsF(font)) for name in key_names(keys)]
    return sum(widths) + _BETWEEN * max(0, len(widths) - 1)


def draw_keys(painter: QPainter, left: float, middle: float, keys: str, font: QFont) -> None:
    """Draw keys from left to right around a height, in the theme's quiet colours."""
    metrics = QFontMetricsF(font)
    high = _height(metrics)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(font)
    for name in key_names(keys):
        cap = QRectF(left, middle - high / 2, _width(name, metrics), high)
        painter.setPen(QPen(theme().colour("line"), 1))
        painter.setBrush(theme().colour("field"))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), _ROUND, _ROUND)
        painter.setPen(theme().colour("muted"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, name)
        left += cap.width() + _BETWEEN
    painter.restore()


class KeyCaps(QWidget):
    """The keys of one shortcut."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self._keys = keys
        self.setAccessibleName(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return the room that the keys need."""
        font = small(self.font())
        return QSize(round(keys_width(self._keys, font) + 1), round(_height(QFontMetricsF(font)) + 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the keys at the right."""
        painter, font = QPainter(self), small(self.font())
        corner = QPointF(self.rect().right() - keys_width(self._keys, font), self.height() / 2)
        draw_keys(painter, corner.x(), corner.y(), self._keys, font)
        painter.end()


def small(font: QFont) -> QFont:
    """Return the font of keys beside text in this font."""
    result = QFont(font)
    if font.pixelSize() > 0:
        result.setPixelSize(max(1, round(font.pixelSize() * 0.85)))
    else:
        result.setPointSizeF(font.pointSizeF() * 0.85)
    return result


def _width(name: str, metrics: QFontMetricsF) -> float:
    return max(metrics.horizontalAdvance(name) + 2 * _BESIDE, _height(metrics))


def _height(metrics: QFontMetricsF) -> float:
    return metrics.height() + 2 * _ABOVE
