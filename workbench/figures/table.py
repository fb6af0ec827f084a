"""A figure as a table: every point with all its digits, as CSV.

One row a point. The first line names the columns, with units. ``series`` says which curve, cloud, map or baseline a
row belongs to; the other columns are the figure's axes and the colours of its maps. A field is empty where the column
does not apply to the row (a baseline has no x); a value that is not a number is ``nan``, an infinite one ``inf``.
"""

import csv
import io
from collections.abc import Iterator

import numpy as np

from workbench.figures.spec import Curve, FigureSpec, Panel, Points

SERIES = "series"
Row = dict[str, str]


def to_csv(spec: FigureSpec) -> bytes:
    """Return the figure's numbers as CSV in UTF-8."""
    rows = [row for panel in spec.panels for row in _rows(panel)]
    columns = dict.fromkeys([SERIES, *(heading for panel in spec.panels for heading in _headings(panel))])
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def _headings(panel: Panel) -> tuple[str, ...]:
    own = (panel.x.heading, panel.y.heading)
    return own if panel.heat_map is None else (*own, panel.heat_map.name)


def _rows(panel: Panel) -> Iterator[Row]:
    across, up = panel.x.heading, panel.y.heading
    if panel.heat_map is not None:
        name = panel.heat_map.name
        for row, values in zip(panel.heat_map.rows, panel.heat_map.values, strict=True):
            for column, value in enumerate(values):
                yield {SERIES: name, across: str(column), up: _digits(row), name: _digits(value)}
    marks: tuple[Curve | Points, ...] = (*panel.curves, *panel.points)
    for mark in marks:
        for x, y in zip(mark.x, mark.y, strict=True):
            yield {SERIES: mark.name, across: _digits(x), up: _digits(y)}
    for level in panel.levels:
        yield {SERIES: f"baseline: {level.name}", up: _digits(np.float64(level.value))}
    for upright in panel.uprights:
        yield {SERIES: upright.name, across: _digits(np.float64(upright.value))}


def _digits(value: np.generic) -> str:
    """Return a number with as many digits as bring the very same number back."""
    return repr(value.item())
