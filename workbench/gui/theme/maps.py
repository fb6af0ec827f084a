"""Colour maps of heat maps as tables of 256 entries: magnitudes, and values about 0."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from workbench.gui.theme.colours import Colours

ENTRIES = 256
_MIDDLE = 0.85  # where the soft colour near 0 has become the end's own


@cache
def magnitude_table(colours: Colours) -> NDArray[np.uint8]:
    """Return the map for magnitudes (256, 3): cividis, the same in both themes and in print."""
    import pyqtgraph as pg  # not before it is needed: the theme is there before the plots are

    del colours
    return np.ascontiguousarray(pg.colormap.get("cividis").getLookupTable(nPts=ENTRIES, alpha=False))


@cache
def diverging_table(colours: Colours) -> NDArray[np.uint8]:
    """Return the map for values about 0 (256, 3): blue through the panel's own colour to red."""
    low, middle, high = (_rgb(colour) for colour in (colours.low, colours.panel, colours.high))
    place = np.linspace(-1, 1, ENTRIES)[:, None]
    share = np.abs(place) ** _MIDDLE
    table = middle * (1 - share) + np.where(place < 0, low, high) * share
    return np.ascontiguousarray(table.round().astype(np.uint8))


def _rgb(colour: str) -> NDArray[np.float64]:
    parsed = QColor(colour)
    return np.array([parsed.red(), parsed.green(), parsed.blue()], float)
