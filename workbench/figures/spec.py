"""What a figure shows, as values: data, axes, names. Knows neither workbooks nor how it is drawn.

Texts are plain; mathematics stands between ``\\(`` and ``\\)``, in LaTeX. Colours, line styles and markers are
numbers from 0: what they look like is the drawing's business. NEUTRAL is grey, for what belongs to no run.
Arrays are kept as they were measured: what cannot stand on an axis (not a number, infinite, or not positive on
a logarithmic one) becomes a gap when drawn and stays in the table.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Scale = Literal["linear", "log"]
NEUTRAL = -1


@dataclass(frozen=True)
class Axis:
    """What runs along one side. ``label`` is drawn in place of ``name``, which the table uses too."""

    name: str
    unit: str = ""
    label: str = ""
    scale: Scale = "linear"
    limits: tuple[float, float] | None = None
    whole: bool = False
    """Ticks stand at whole numbers alone."""
    ticks: tuple[tuple[float, str], ...] = ()
    """Where ticks stand and what they say, in place of those that the axis would choose."""

    @property
    def heading(self) -> str:
        """The name of the table's column."""
        return _with_unit(self.name, self.unit)

    @property
    def text(self) -> str:
        """What stands beside the axis."""
        return _with_unit(self.label or self.name, self.unit)


@dataclass(frozen=True, eq=False)
class Curve:
    """Numbers in order of x: ``x``, ``y`` (N,). ``line`` None: markers alone; long curves mark some points only.

    ``label`` is what the legend says, "" leaves the curve out; ``name`` is the table's.
    """

    name: str
    x: NDArray[Any]
    y: NDArray[Any]
    label: str = ""
    colour: int = 0
    line: int | None = 0
    marker: int | None = None
    faint: bool = False


@dataclass(frozen=True, eq=False)
class Points:
    """A cloud of points ``x``, ``y`` (N,), each of them drawn."""

    name: str
    x: NDArray[Any]
    y: NDArray[Any]
    label: str = ""
    colour: int = 0
    marker: int = 0


@dataclass(frozen=True, eq=False)
class HeatMap:
    """A picture ``values`` (rows, columns), its first row at the top; column j stands at x = j.

    ``colours``: "diverging" is white at 0 and symmetric about it, "magnitude" runs from ``limits[0]`` to
    ``limits[1]``, "grey" likewise without a colour bar. ``rows`` (rows,): what each row is called in the table.
    """

    name: str
    values: NDArray[Any]
    limits: tuple[float, float]
    rows: NDArray[Any]
    label: str = ""
    colours: Literal["diverging", "magnitude", "grey"] = "diverging"


@dataclass(frozen=True)
class Level:
    """A horizontal line with its name at the right end: the score of a baseline."""

    name: str
    value: float


@dataclass(frozen=True, eq=False)
class Panel:
    """One pair of axes. ``height`` is its share beside other panels of the figure."""

    x: Axis
    y: Axis
    curves: tuple[Curve, ...] = ()
    points: tuple[Points, ...] = ()
    heat_map: HeatMap | None = None
    levels: tuple[Level, ...] = ()
    unit_circle: bool = False
    """Draws the circle of radius 1 about 0, with the same scale on both axes."""
    height: float = 1.0
    uprights: tuple[Level, ...] = ()
    """Dashed lines that stand upright at a value of x, with their names beside them, above a heat map."""
    columns: tuple[str, ...] = ()
    """What stands above each column of the heat map."""


@dataclass(frozen=True, eq=False)
class FigureSpec:
    """A whole figure: panels above each other that share their x axis, a title above and a caption below.

    ``description`` says in a sentence or two what is drawn: for those who cannot see it, and a caption to start
    from. ``aspect`` is the height of the page, before title and caption, beside its width.
    """

    kind: str
    panels: tuple[Panel, ...]
    description: str
    title: str = ""
    caption: str = ""
    aspect: float = 0.65


def whole_numbers(count: int) -> NDArray[np.int64]:
    """Return 0 to count - 1."""
    return np.arange(count, dtype=np.int64)


def _with_unit(name: str, unit: str) -> str:
    return f"{name} ({unit})" if unit else name
