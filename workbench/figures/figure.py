"""A figure of one or more runs: made from a workbook, drawn, written."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args

from workbench.figures.errors import FigureError
from workbench.figures.options import parse_options
from workbench.figures.registry import FIGURES
from workbench.figures.renderer import Renderer, shared_renderer
from workbench.figures.saving import write_whole
from workbench.figures.source import Source
from workbench.figures.spec import FigureSpec
from workbench.figures.style import RESOLUTION, Style, style_named
from workbench.figures.table import to_csv
from workbench.lab.workbook import Workbook

FileFormat = Literal["pdf", "svg", "png", "csv"]
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)
"""What a figure can be written as."""

_PREVIEW = 150  # dots per inch in a notebook


def make_spec(
    workbook: Workbook, runs: Sequence[int], kind: str, *, title: str = "", caption: str = "", **options: Any
) -> FigureSpec:
    """Return what a figure of these runs shows, the first run first.

    ``options``: those of the kind, see ``FIGURES[kind].options``. Raises FigureError for what the kind does not take
    or the runs do not have, UnknownRun.
    """
    if kind not in FIGURES:
        raise FigureError(f"There is no figure {kind!r}. The figures are {', '.join(FIGURES)}.")
    chosen = FIGURES[kind]
    parsed = parse_options(kind, chosen.options, options)
    distinct = list(dict.fromkeys(runs))
    if not distinct:
        raise FigureError("A figure needs a run.")
    if len(distinct) > 1 and not chosen.several:
        several = ", ".join(name for name, other in FIGURES.items() if other.several)
        raise FigureError(f"The figure {kind} shows one run. Several runs fit into {several}.")
    spec = chosen.make([Source(workbook, run) for run in distinct], parsed)
    return replace(spec, title=title, caption=caption)


class Figure:
    """A figure in a style. In a notebook it shows itself."""

    def __init__(self, spec: FigureSpec, style: Style, renderer: Renderer | None = None) -> None:
        self.spec, self.style, self._renderer = spec, style, renderer

    def to_bytes(self, file_format: FileFormat, *, dpi: int = RESOLUTION) -> bytes:
        """Return the file: "pdf", "svg", "png" at so many dots per inch, or "csv" with every point.

        Raises FigureError.
        """
        if file_format not in FORMATS:
            raise FigureError(f"There is no format {file_format!r}. The formats are {', '.join(FORMATS)}.")
        if file_format == "csv":
            return to_csv(self.spec)
        return (self._renderer or shared_renderer()).render(self.spec, self.style, file_format, dpi=dpi)

    def png(self, dpi: int = RESOLUTION) -> bytes:
        """Return the figure as a PNG."""
        return self.to_bytes("png", dpi=dpi)

    def save(
        self, path: str | os.PathLike[str], file_format: FileFormat | None = None, *, dpi: int = RESOLUTION
    ) -> Path:
        """Write the figure, in place of a file that is there; the format follows from the suffix if left out.

        Raises FigureError where that cannot be; then nothing is written.
        """
        target = Path(path)
        write_whole(target, self.to_bytes(file_format or format_of(target), dpi=dpi))
        return target

    def _repr_png_(self) -> bytes:
        return self.png(_PREVIEW)


def make_figure(
    workbook: Workbook,
    runs: Sequence[int],
    kind: str,
    *,
    style: str = "column",
    font_size: float | None = None,
    **options: Any,
) -> Figure:
    """Return a figure of these runs; ``options`` as for ``make_spec``. Raises FigureError, UnknownRun."""
    return Figure(make_spec(workbook, runs, kind, **options), style_named(style, font_size))


def format_of(path: Path) -> FileFormat:
    """Return the format that a file's suffix names. Raises FigureError."""
    for file_format in FORMATS:
        if path.suffix.lower() == f".{file_format}":
            return file_format
    raise FigureError(
        f"{path} does not end in {', '.join(f'.{name}' for name in FORMATS)}, so its format is not clear. "
        "Choose such a name, or name the format."
    )
