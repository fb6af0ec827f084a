"""Draws the time of a training step against the work, both axes logarithmic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Panel:
    """Milliseconds (a line a cell) against the size named on the axis."""

    axis: str
    title: str
    sizes: Sequence[int]
    lines: Mapping[str, Sequence[float]]


def draw(panels: Sequence[Panel], path: Path) -> None:
    """Write the picture in the format of the path's ending."""
    from matplotlib.figure import Figure  # slow to import, and only needed here

    figure = Figure(figsize=(3.6 * len(panels), 3.4), layout="constrained")
    columns = figure.subplots(1, len(panels), squeeze=False, sharey=True)[0]
    for axes, panel in zip(columns, panels, strict=True):
        for name, milliseconds in panel.lines.items():
            axes.loglog(panel.sizes, milliseconds, marker="o", markersize=4, label=name)
        axes.set_xticks(panel.sizes, labels=[str(size) for size in panel.sizes], fontsize="small")
        axes.set_xticks([], minor=True)
        axes.set_xlabel(panel.axis)
        axes.set_title(panel.title, fontsize="medium")
        axes.grid(alpha=0.3)
    columns[0].set_ylabel("ms a training step")
    columns[0].legend(frameon=False)
    figure.savefig(path)
