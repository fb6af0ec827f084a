"""Spectrum: the eigenvalues of a recurrent matrix beside the unit circle."""

from collections.abc import Sequence

import numpy as np

from workbench.figures.errors import FigureError
from workbench.figures.kind import Kind
from workbench.figures.layers import Direction, layer_words
from workbench.figures.options import Options, option
from workbench.figures.source import Source
from workbench.figures.spec import Axis, FigureSpec, Panel, Points

_ROOM = 1.08  # between the outermost point and the edge


class SpectrumOptions(Options):
    """What can be chosen about the figure of a spectrum."""

    matrix: str = option("", "Matrix", "A recurrent matrix; left out, the first.", choices="matrices")
    layer: int = option(1, "Layer", "The layer, counted from 1.", choices="layers", ge=1)
    direction: Direction = option("forward", "Direction", "The layer that reads from the start, or from the end.")
    step: int | None = option(None, "Training step", "The snapshot to draw; left out, the last.", choices="steps", ge=0)


def make(sources: Sequence[Source], options: SpectrumOptions) -> FigureSpec:
    """Return the figure. Raises FigureError for a matrix, layer or step that the run does not have."""
    (source,) = sources
    step = source.snapshot_step(options.step)
    layer = source.layer(options.layer, options.direction)
    names = source.names_of("eigenvalues", layer)
    if not names:
        raise FigureError(f"The cell {source.cell.title} of run {source.run} has no recurrent matrix, so no spectrum.")
    name = options.matrix or names[0]
    if name not in names:
        raise FigureError(f"Run {source.run} has no recurrent matrix {name!r}. It has {', '.join(names)}.")
    real, imaginary = source.array(step, f"eigenvalues/{layer}.{name}").T
    largest = np.abs(np.concatenate([real, imaginary]))
    if not np.isfinite(largest).all():
        raise FigureError(f"The eigenvalues of {name} of run {source.run} are not numbers at step {step}.")
    edge = _ROOM * max(1.0, float(largest.max()))
    symbol = source.label(name)
    panel = Panel(
        x=Axis(
            f"real part of eigenvalues of {name}", label=f"real part of eigenvalues of {symbol}", limits=(-edge, edge)
        ),
        y=Axis("imaginary part", limits=(-edge, edge)),
        points=(Points(name, real, imaginary),),
        unit_circle=True,
    )
    radius = float(np.hypot(real, imaginary).max())
    description = (
        f"Eigenvalues of {name} in {layer_words(layer)} of {source.name} after training step {step}, and the unit "
        f"circle; the spectral radius is {radius:.3g}."
    )
    return FigureSpec("spectrum", (panel,), description, aspect=0.95)


KIND = Kind(
    "spectrum", "Spectrum", "Eigenvalues of a recurrent matrix beside the unit circle.",
    SpectrumOptions, several=False, make=make,
)  # fmt: skip
