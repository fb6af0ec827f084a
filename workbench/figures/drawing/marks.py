"""Curves, points, heat maps, levels and the unit circle, drawn into a pair of axes."""

from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Circle
from numpy.typing import NDArray

from workbench.figures.drawing.colours import AXIS, MUTED, colour_map, curve_colour, line_style, marker_style
from workbench.figures.drawing.texts import drawable, width_of, wrapped
from workbench.figures.spec import Axis, Curve, HeatMap, Level, Points

Numbers = NDArray[np.float64]

_MOST_BINS = 2000  # a longer curve is drawn by the least and the greatest of each bin: more than paper resolves
_MOST_MARKERS = 25  # on one curve
_BESIDE = 2.5  # points from an upright line, and from the axis below, to its name
_WIDTH_OF_A_PICTURE = 0.74  # of the page, about
_LETTER = 1.25  # the size of a letter that is a point wide
_LEVEL_NAME_WIDTH = 6.5  # of a name at the end of a level, in font sizes


def gaps(values: NDArray[Any], axis: Axis) -> Numbers:
    """Return the values with NaN for those that have no place on the axis."""
    wide = values.astype(np.float64)
    fits = np.isfinite(wide) & ((wide > 0) | (axis.scale == "linear"))
    return np.where(fits, wide, np.nan)


def draw_curve(axes: Axes, curve: Curve, x: Axis, y: Axis) -> None:
    """Draw a line, markers on some of its points, or both."""
    across, up = gaps(curve.x, x), gaps(curve.y, y)
    colour = curve_colour(curve.colour, curve.faint)
    if curve.line is not None:
        _draw_line(axes, across, up, colour=colour, line=curve.line, faint=curve.faint)
    if curve.marker is not None:
        there = np.flatnonzero(~np.isnan(across + up))
        chosen = there[np.unique(np.linspace(0, len(there) - 1, min(len(there), _MOST_MARKERS)).round().astype(int))]
        axes.plot(
            across[chosen], up[chosen], linestyle="none", color=colour, marker=marker_style(curve.marker),
            markerfacecolor="white", zorder=3, clip_on=False, in_layout=False,  # whole at the axis
        )  # fmt: skip


def _draw_line(axes: Axes, x: Numbers, y: Numbers, *, colour: str, line: int, faint: bool) -> None:
    """Draw a line; a point between two gaps, which no line would show, becomes a dot."""
    alone = _alone(y)
    x, y, lonely_x, lonely_y = *thinned(x, y), x[alone], y[alone]
    (drawn,) = axes.plot(x, y, color=colour, linestyle=line_style(line), zorder=2.5)
    if faint:
        drawn.set(linewidth=drawn.get_linewidth() * 0.5, linestyle="-", zorder=1.5)
    elif len(alone):
        axes.plot(lonely_x, lonely_y, color=colour, linestyle="none", marker=".", zorder=2.5)


def _alone(values: Numbers) -> NDArray[np.intp]:
    """Return where a number stands between two gaps."""
    gap = np.concatenate([[True], np.isnan(values), [True]])
    return np.flatnonzero(gap[:-2] & ~gap[1:-1] & gap[2:])


def thinned(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return a long curve as the least and the greatest point of each bin, in order; a bin of gaps stays one."""
    if len(y) <= 2 * _MOST_BINS:
        return x, y
    width = -(-len(y) // _MOST_BINS)
    rest = -len(y) % width
    binned = np.concatenate([y, np.full(rest, np.nan)]).reshape(-1, width)
    least = np.where(np.isnan(binned), np.inf, binned).argmin(axis=1)
    greatest = np.where(np.isnan(binned), -np.inf, binned).argmax(axis=1)
    pairs = np.sort(np.stack([least, greatest], axis=1), axis=1)
    chosen = np.minimum((pairs + np.arange(len(binned))[:, None] * width).ravel(), len(y) - 1)
    return x[chosen], y[chosen]


def draw_points(axes: Axes, points: Points, x: Axis, y: Axis) -> None:
    """Draw a cloud."""
    axes.plot(
        gaps(points.x, x), gaps(points.y, y), linestyle="none", color=curve_colour(points.colour),
        marker=marker_style(points.marker), markeredgewidth=0, zorder=3, clip_on=False, in_layout=False,
    )  # fmt: skip


def draw_heat_map(axes: Axes, heat_map: HeatMap) -> AxesImage:
    """Draw a picture, its first row at the top; cells without a number are grey."""
    rows, columns = heat_map.values.shape
    low, high = heat_map.limits
    return axes.imshow(
        np.ma.masked_invalid(heat_map.values), cmap=colour_map(heat_map.colours), vmin=low, vmax=high,
        aspect="auto", interpolation="nearest", origin="upper", extent=(-0.5, columns - 0.5, rows - 0.5, -0.5),
    )  # fmt: skip


def draw_unit_circle(axes: Axes) -> None:
    """Draw the circle on which a mode neither grows nor fades, with the same scale on both axes."""
    axes.add_patch(Circle((0, 0), 1, fill=False, edgecolor=MUTED, linewidth=_thin(axes), zorder=1.8))
    axes.set_aspect("equal", adjustable="box")


def draw_levels(axes: Axes, levels: tuple[Level, ...]) -> None:
    """Draw the dashed lines of baselines."""
    for level in levels:
        axes.axhline(level.value, color=AXIS, linestyle=line_style(1), linewidth=_thin(axes), zorder=1.8)


def draw_columns(axes: Axes, columns: tuple[str, ...]) -> float:
    """Write what each column of a heat map is above it, words upright; return how many points high that is."""
    page = axes.get_figure(root=True)
    assert page is not None
    if not columns:
        return 0.0
    longest = max(map(len, columns))
    column = _WIDTH_OF_A_PICTURE * 72 * page.get_size_inches()[0] / len(columns)
    size = min(0.85 * float(mpl.rcParams["font.size"]), column * (_LETTER if longest == 1 else 0.95))
    for place, text in enumerate(columns):
        axes.annotate(
            drawable(text), (place, 1), (0, _BESIDE), xycoords=("data", "axes fraction"), textcoords="offset points",
            ha="center", va="bottom", color=MUTED, fontsize=size, rotation=0 if longest == 1 else 90,
        )  # fmt: skip
    return _BESIDE + (1.2 * size if longest == 1 else max(width_of(text, size) for text in columns if text))


def draw_uprights(axes: Axes, uprights: tuple[Level, ...], above: float | None = None) -> None:
    """Draw upright dashed lines with their names at their feet, or so many points above the axes."""
    foot = above is None
    for upright in uprights:
        axes.axvline(upright.value, color=AXIS, linestyle=line_style(1), linewidth=_thin(axes), zorder=1.8)
        axes.annotate(
            drawable(upright.name), (upright.value, 0 if foot else 1), (_BESIDE if foot else 0, _BESIDE + (above or 0)),
            xycoords=("data", "axes fraction"), textcoords="offset points", ha="left", va="bottom", color=MUTED,
            fontsize="small",
        )  # fmt: skip


def name_levels(axes: Axes, levels: tuple[Level, ...], size: float) -> None:
    """Write each level's name at its right end, moved apart where they would overlap.

    The axes must have their limits and their place.
    """
    if not levels:
        return
    page = axes.get_figure(root=True)
    assert page is not None
    height = axes.get_window_extent().height * 72 / page.dpi
    texts = [wrapped(level.name, size, _LEVEL_NAME_WIDTH * size) for level in levels]
    heights = np.array([1.25 * size * (text.count("\n") + 1) for text in texts]) / height
    to_axes = axes.transData + axes.transAxes.inverted()
    ends = np.array([to_axes.transform((axes.get_xlim()[1], level.value))[1] for level in levels])
    for text, centre in zip(texts, moved_apart(ends, heights), strict=True):
        axes.annotate(
            drawable(text), (1, centre), (size * 0.4, 0), xycoords="axes fraction", textcoords="offset points",
            ha="left", va="center", color=MUTED, fontsize=size, linespacing=1.05, annotation_clip=False,
        )  # fmt: skip


def moved_apart(centres: Numbers, heights: Numbers) -> Numbers:
    """Return the centres of boxes, moved as little as makes none overlap another."""
    order = np.argsort(centres, kind="stable")
    placed = centres[order].astype(np.float64)
    distances = (heights[order][1:] + heights[order][:-1]) / 2
    for _ in range(len(placed) * 4):
        overlap = np.maximum(distances - np.diff(placed), 0)
        if not (overlap > 1e-6).any():
            break
        placed[1:] += overlap / 2
        placed[:-1] -= overlap / 2
    moved = np.empty_like(placed)
    moved[order] = placed
    return moved


def _thin(axes: Axes) -> float:
    return 1.3 * axes.spines["left"].get_linewidth()
