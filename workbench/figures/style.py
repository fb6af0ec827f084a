"""How large a figure is: presets for a column, a page's width and a slide."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from workbench.figures.errors import FigureError

FONT_SIZES = (4.0, 48.0)
RESOLUTIONS = (30, 1200)
RESOLUTION = 300


@dataclass(frozen=True)
class Style:
    """The page: ``width`` and ``height`` in millimetres, ``font_size`` in points.

    Where ``height`` is None it follows from what is drawn, ``flatness`` times as high as in a column.
    """

    name: str
    title: str
    width: float
    font_size: float
    height: float | None = None
    flatness: float = 1.0


STYLES: Mapping[str, Style] = MappingProxyType(
    {
        style.name: style
        for style in (
            Style("column", "One column (85 mm)", width=85, font_size=8),
            Style("double", "Two columns (178 mm)", width=178, font_size=9, flatness=0.6),
            Style("slide", "Slide (254 × 143 mm)", width=254, font_size=18, height=143),
        )
    }
)


def style_named(name: str, font_size: float | None = None) -> Style:
    """Return a preset, with another font size in points if one is given. Raises FigureError."""
    if name not in STYLES:
        raise FigureError(f"There is no style {name!r}. The styles are {', '.join(STYLES)}.")
    if font_size is None:
        return STYLES[name]
    low, high = FONT_SIZES
    if not low <= font_size <= high:
        raise FigureError(f"The font size {font_size:g} is not between {low:g} and {high:g} points.")
    return replace(STYLES[name], font_size=float(font_size))


def checked_resolution(dpi: int) -> int:
    """Return the dots per inch. Raises FigureError where they make no sense."""
    low, high = RESOLUTIONS
    if not low <= dpi <= high:
        raise FigureError(f"{dpi} dots per inch are not between {low} and {high}.")
    return dpi
