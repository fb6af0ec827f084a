"""The page: its exact size; title, legend, panels and caption on it; PNG, SVG or PDF out of it."""

import io
import math
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.text import Text

from workbench.figures.drawing import settings
from workbench.figures.drawing.colours import TEXT, curve_colour, line_style, marker_style
from workbench.figures.drawing.marks import name_levels
from workbench.figures.drawing.panels import draw_panel, hide_x
from workbench.figures.drawing.texts import drawable, wrapped
from workbench.figures.spec import Curve, FigureSpec, Points
from workbench.figures.style import Style

_MARGIN = 2.0  # points kept free at the page's edge
_GAP = 0.6  # between panels and what stands above or below them, in font sizes
_KEY_WIDTH = 3.5  # of the line before a legend's text, in font sizes
_TITLE = 1.05  # of the title's letters, in font sizes
_LEAST_BODY = 60.0  # points that title and caption must leave for the panels


def render(spec: FigureSpec, style: Style, file_format: str, dpi: int) -> bytes:
    """Return the figure as a PNG at ``dpi``, an SVG or a PDF; the same every time."""
    settings.apply(style.font_size)
    figure = draw_page(spec, style)
    out = io.BytesIO()
    figure.savefig(out, format=file_format, dpi=dpi, metadata=_metadata(spec, file_format))
    return out.getvalue()


def draw_page(spec: FigureSpec, style: Style) -> Figure:
    """Lay a figure out on a page of the style's size."""
    size, width = style.font_size, style.width / 25.4 * 72
    page = Figure(figsize=(width / 72, width / 72), dpi=72, layout="constrained")  # a pixel is a point
    title = _text(page, wrapped(spec.title, _TITLE * size, 0.9 * width), _TITLE * size, weight="bold", va="top")
    caption = _text(page, wrapped(spec.caption, size, width - 2 * _MARGIN), size, va="bottom")
    legend = _fitting_legend(page, _entries(spec), width - 2 * _MARGIN)
    above, keys, below = (_height_of(part, size) for part in (title, legend, caption))
    texts = above + keys + below
    if style.height is None:
        height = width * spec.aspect * style.flatness + texts
    else:
        height = max(style.height / 25.4 * 72, texts + _LEAST_BODY)
    page.set_size_inches(width / 72, height / 72)
    panels = _draw_panels(page, spec)
    _keep_free(page, (above + keys) / height, below / height)
    page.draw_without_rendering()
    for axes, panel in zip(panels, spec.panels, strict=True):
        name_levels(axes, panel.levels, 0.94 * size)
    page.draw_without_rendering()
    across, up = _MARGIN / width, _MARGIN / height
    title.set_position((across, 1 - 2 * up))
    caption.set_position((across, up))
    if legend:
        _place_legend(page, legend, left=panels[0].get_position().x0, top=1 - above / height - up)
    return page


def _text(page: Figure, text: str, size: float, **how: Any) -> Text:
    how |= {"ha": "left", "color": TEXT, "linespacing": 1.1, "in_layout": False}
    return page.text(0, 0, drawable(text), fontsize=size, **how)


def _height_of(part: Text | Legend | None, size: float) -> float:
    """Return the points that a text or the legend takes, with the gap between it and the panels."""
    if part is None or (isinstance(part, Text) and not part.get_text()):
        return 0.0
    return float(part.get_window_extent().height) + _GAP * size


def _keep_free(page: Figure, above: float, below: float) -> None:
    """Keep shares of the page free of panels."""
    engine = page.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    pad = _MARGIN / 72
    engine.set(w_pad=pad, h_pad=pad, hspace=0.02, rect=(0, below, 1, 1 - above - below))


def _draw_panels(page: Figure, spec: FigureSpec) -> list[Axes]:
    """Draw the panels above each other; those above leave the x axis to the lowest."""
    heights = [panel.height for panel in spec.panels]
    grid = page.add_gridspec(len(heights), 1, height_ratios=heights)
    drawn: list[Axes] = []
    for row, panel in enumerate(spec.panels):
        axes = page.add_subplot(grid[row, 0], sharex=drawn[0] if drawn else None)
        draw_panel(axes, panel)
        drawn.append(axes)
    for axes in drawn[:-1]:
        hide_x(axes)
    page.align_ylabels()
    return drawn


def _entries(spec: FigureSpec) -> list[tuple[Line2D, str]]:
    """Return what the legend explains: each label once, all that carry it drawn into one key."""
    entries: dict[str, Line2D] = {}
    for panel in spec.panels:
        marks: tuple[Curve | Points, ...] = (*panel.curves, *panel.points)
        for mark in marks:
            if mark.label and mark.label not in entries:
                entries[mark.label] = _key(mark)
    return [(key, label) for label, key in entries.items()]


def _key(mark: Curve | Points) -> Line2D:
    line = mark.line if isinstance(mark, Curve) else None
    key = Line2D([], [], color=curve_colour(mark.colour), linestyle="none" if line is None else line_style(line))
    if isinstance(mark, Points):
        key.set(marker=marker_style(mark.marker), markeredgewidth=0)
    elif mark.marker is not None:
        key.set(marker=marker_style(mark.marker), markerfacecolor="white")
    return key


def _fitting_legend(page: Figure, entries: Sequence[tuple[Line2D, str]], width: float) -> Legend | None:
    """Return a legend with as many columns as fit, or None where there is nothing to tell apart."""
    if len(entries) < 2:
        return None
    size = float(mpl.rcParams["legend.fontsize"])
    keys = [key for key, _ in entries]
    labels = [drawable(wrapped(label, size, width - _KEY_WIDTH * size)) for _, label in entries]
    for columns in range(len(entries), 0, -1):
        rows = math.ceil(len(entries) / columns)
        if columns > 1 and rows * (columns - 1) >= len(entries):
            continue  # the last column would be empty
        legend = page.legend(
            keys, labels, ncols=columns, loc="upper left", borderpad=0, borderaxespad=0, handlelength=2.4,
            columnspacing=1.4, handletextpad=0.6, labelspacing=0.35,
        )  # fmt: skip
        legend.set_in_layout(False)
        if columns == 1 or legend.get_window_extent().width <= width:
            return legend
        legend.remove()
    raise AssertionError("one column always is a legend")


def _place_legend(page: Figure, legend: Legend, *, left: float, top: float) -> None:
    """Put the legend flush with the axes, or further left where it is too wide for that."""
    margin, own_width = (part / page.bbox.width for part in (_MARGIN, legend.get_window_extent().width))
    start = max(margin, min(left, 1 - margin - own_width))
    legend.set_bbox_to_anchor((start, top), page.transFigure)


def _metadata(spec: FigureSpec, file_format: str) -> dict[str, Any]:
    """Return what the file says of itself; no date and no version, so that equal figures are equal files."""
    title, about = spec.title or spec.kind, spec.description
    return {
        "png": {"Title": title, "Description": about, "Software": None},
        "svg": {"Title": title, "Description": about, "Creator": "RNN Workbench", "Date": None},
        "pdf": {"Title": title, "Subject": about, "Creator": "RNN Workbench", "CreationDate": None},
    }[file_format]
