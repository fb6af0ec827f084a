"""The sequence shown as the small picture that it is, where its numbers are pixels."""

from math import isqrt

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QLabel

from workbench.gui.theme import theme
from workbench.training.words import Words

SIDE = 64  # pixels on the screen
_FEWEST = 4
_PIXEL = "pixel"


def picture_of(words: Words, inputs: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Return the inputs (T, D) as a square picture, None where their channels are no pixels."""
    side = isqrt(inputs.size)
    pixels = words.channels is not None and all(name.startswith(_PIXEL) for name in words.channels)
    if not pixels or side * side != inputs.size or side < _FEWEST:
        return None
    return inputs.reshape(side, side)


class Picture(QLabel):
    """Shades from the panel's colour, for 0, to the text's, for 1."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(QSize(SIDE, SIDE))
        self.setAccessibleName("The sequence shown, as a picture")
        self._shades: NDArray[np.float64] | None = None
        theme().changed.connect(self._paint)

    def show_shades(self, shades: NDArray[np.float64]) -> None:
        """Show a picture, values from 0 to 1, one row of pixels a row."""
        if self._shades is None or not np.array_equal(shades, self._shades):
            self._shades = shades
            self._paint()

    def _paint(self) -> None:
        if self._shades is None:
            return
        paper, ink = _rgb(theme().colour("field")), _rgb(theme().colour("text"))
        share = np.clip(np.nan_to_num(self._shades), 0, 1)[..., None]
        pixels = np.ascontiguousarray((paper * (1 - share) + ink * share).round().astype(np.uint8))
        rows, columns = pixels.shape[:2]
        image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        # Scaling copies the pixels: nothing refers to the array afterwards.
        self.setPixmap(QPixmap.fromImage(image.scaled(SIDE, SIDE, Qt.AspectRatioMode.IgnoreAspectRatio)))


def _rgb(colour: QColor) -> NDArray[np.float64]:
    return np.array([colour.red(), colour.green(), colour.blue()], float)
