"""Which figure is wanted: all that defines it, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.figures.figure import Figure, make_figure
from workbench.figures.registry import FIGURES
from workbench.figures.renderer import Renderer
from workbench.figures.style import RESOLUTION
from workbench.lab.workbook import Workbook


@dataclass(frozen=True)
class Wish:
    """A figure of some runs, the first run first. ``options``: those of the kind that are not left out."""

    kind: str
    runs: tuple[int, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    style: str = "column"
    font_size: float | None = None
    title: str = ""
    caption: str = ""
    dpi: int = RESOLUTION

    def make(self, workbook: Workbook, renderer: Renderer) -> Figure:
        """Return the figure. Raises FigureError, UnknownRun."""
        several = FIGURES[self.kind].several
        figure = make_figure(
            workbook,
            self.runs if several else self.runs[:1],
            self.kind,
            style=self.style,
            font_size=self.font_size,
            title=self.title,
            caption=self.caption,
            **self.options,
        )
        return Figure(figure.spec, figure.style, renderer)
