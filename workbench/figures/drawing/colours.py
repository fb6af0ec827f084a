"""Colours, line styles and markers by number; told apart in grey as well."""

from typing import Literal

from matplotlib import colormaps
from matplotlib.colors import Colormap, LinearSegmentedColormap, to_hex, to_rgb

from workbench.figures.spec import NEUTRAL

# Okabe & Ito 2008, without the yellow that white paper swallows.
_CURVES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
LineStyle = Literal["-"] | tuple[float, tuple[float, ...]]
_LINES: tuple[LineStyle, ...] = (
    "-", (0, (5, 1.6)), (0, (1.2, 1.4)), (0, (6, 1.4, 1.2, 1.4)), (0, (3, 1.2, 1.2, 1.2, 1.2, 1.2)),
)  # fmt: skip
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")

TEXT = "#222222"
MUTED = "#5A6270"
AXIS = "#8A919C"
GRID = "#E9EBEF"
MISSING = "#C9CDD4"  # cells of a heat map that hold no number

_DIVERGING = LinearSegmentedColormap.from_list(
    "states", ["#0B3C8C", "#3F7CC4", "#A9CBE8", "#FFFFFF", "#F4B8A4", "#CF5246", "#8C1021"]
)
_GREY = LinearSegmentedColormap.from_list("inputs", ["#F2F3F6", "#3A4250"])


def curve_colour(number: int, faint: bool = False) -> str:
    """Return the colour of a curve; a faint one is mixed with white, so that it needs no transparency."""
    plain = MUTED if number == NEUTRAL else _CURVES[number % len(_CURVES)]
    red, green, blue = (1 - 0.38 * (1 - part) for part in to_rgb(plain))
    return to_hex((red, green, blue)) if faint else plain


def line_style(number: int) -> LineStyle:
    """Return how a line is broken."""
    return _LINES[number % len(_LINES)]


def marker_style(number: int) -> str:
    """Return the shape of a point."""
    return _MARKERS[number % len(_MARKERS)]


def colour_map(name: str) -> Colormap:
    """Return the colours of a heat map: "diverging", "magnitude" or "grey"."""
    chosen = {"diverging": _DIVERGING, "magnitude": colormaps["cividis"], "grey": _GREY}[name]
    return chosen.with_extremes(bad=MISSING)
