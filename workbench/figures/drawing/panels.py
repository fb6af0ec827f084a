"""One pair of axes: scales, ticks, grid and everything in it."""

from matplotlib.axes import Axes

from workbench.figures.drawing.marks import (
    draw_columns,
    draw_curve,
    draw_heat_map,
    draw_levels,
    draw_points,
    draw_unit_circle,
    draw_uprights,
    gaps,
)
from workbench.figures.drawing.texts import drawable
from workbench.figures.drawing.ticks import number_axis
from workbench.figures.spec import HeatMap, Panel

_BAR = (1.025, 0.0, 0.03, 1.0)  # the colour bar's place beside its axes


def draw_panel(axes: Axes, panel: Panel) -> None:
    """Draw a panel; the names of its levels need the layout and come later."""
    axes.set_xscale(panel.x.scale)
    axes.set_yscale(panel.y.scale)
    if panel.heat_map is None:
        axes.grid(visible=True, which="major")
        axes.margins(x=0.01, y=0.06)
    else:
        _draw_picture(axes, panel.heat_map, drawable(panel.heat_map.label or panel.heat_map.name))
    draw_levels(axes, panel.levels)
    draw_uprights(axes, panel.uprights, None if panel.heat_map is None else draw_columns(axes, panel.columns))
    if panel.unit_circle:
        draw_unit_circle(axes)
    for curve in panel.curves:
        draw_curve(axes, curve, panel.x, panel.y)
    for points in panel.points:
        draw_points(axes, points, panel.x, panel.y)
    _set_limits(axes, panel)
    axes.set_xlabel(drawable(panel.x.text))
    axes.set_ylabel(drawable(panel.y.text))
    number_axis(axes.xaxis, panel.x)
    number_axis(axes.yaxis, panel.y)


def _draw_picture(axes: Axes, heat_map: HeatMap, label: str) -> None:
    image = draw_heat_map(axes, heat_map)
    if heat_map.colours == "grey":
        axes.tick_params(left=False, labelleft=False)
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.tick_params(bottom=False, which="both")
        axes.yaxis.label.set(rotation=0, ha="right", va="center")
        return
    page = axes.get_figure(root=True)
    assert page is not None
    bar = page.colorbar(image, cax=axes.inset_axes(_BAR))
    bar.set_label(label, rotation=0, va="center", ha="left")
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=axes.spines["left"].get_linewidth() * 3)


def _set_limits(axes: Axes, panel: Panel) -> None:
    """Set the limits that were asked for; else those of the data, with room about a single value."""
    if panel.x.limits:
        axes.set_xlim(*panel.x.limits)
    elif panel.heat_map is None:
        _start_at_zero(axes, panel)
    if panel.y.limits:
        axes.set_ylim(*panel.y.limits)


def _start_at_zero(axes: Axes, panel: Panel) -> None:
    """Let an axis of steps or time, which has nothing left of 0, begin there."""
    low, high = axes.get_xlim()
    if low < 0 and panel.x.scale == "linear" and all((gaps(curve.x, panel.x) >= 0).all() for curve in panel.curves):
        axes.set_xlim(0 if not panel.points else low, high)


def hide_x(axes: Axes) -> None:
    """Leave the ticks' numbers and the label to the panel below that shares this axis."""
    axes.set_xlabel("")
    axes.tick_params(labelbottom=False)
