"""Parameter norms: how large each parameter is over training, and how far a step moves it."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from workbench.figures.errors import FigureError
from workbench.figures.kind import Kind
from workbench.figures.kinds.course import course_axis, refuse_nothing_to_draw
from workbench.figures.layers import layer_words, split_layer
from workbench.figures.options import Options, option
from workbench.figures.source import Source
from workbench.figures.spec import Axis, Curve, FigureSpec, Panel, Scale

Shows = Literal["norm", "update ratio", "both"]

_CALLED = {"readout": "read-out"}


class ParameterNormsOptions(Options):
    """What can be chosen about the figure of the parameters' norms."""

    shows: Shows = option("norm", "Shows", "Norms, the last update's norm beside them, or both above each other.")
    layer: int | None = option(
        None, "Layer", "One layer, counted from 1; left out, all of them and the read-out.", choices="layers", ge=1
    )
    scale: Scale = option("log", "Scale", "Norms on a logarithmic or a linear axis.")


def make(sources: Sequence[Source], options: ParameterNormsOptions) -> FigureSpec:
    """Return the figure. Raises FigureError for a layer the run does not have, or without snapshots."""
    (source,) = sources
    source.snapshot_step(None)
    names = _parameters(source, options.layer)
    panels = []
    if options.shows != "update ratio":
        panels.append(_panel(source, names, "norm", Axis("norm", scale=options.scale)))
    if options.shows != "norm":
        panels.append(_panel(source, names, "update-ratio", Axis("update / norm", scale=options.scale)))
    description = (
        f"Euclidean norm of each parameter of {source.name} over training"
        + ("" if options.shows == "norm" else "; update / norm: length of a training step beside that norm")
        + f"; {len(source.film_steps)} snapshots."
    )
    return FigureSpec("parameter-norms", tuple(panels), description, aspect=0.65 * len(panels) ** 0.6)


def _parameters(source: Source, layer: int | None) -> list[str]:
    """Return the parameters as "1.W_fh": those of a layer, or all and the read-out's."""
    own = [f"{each}.{name}" for each in source.layers_of("norm", layer) for name in source.names_of("norm", each)]
    if layer is not None:
        return own
    every = [name.removeprefix("norm/") for name in source.array_names if name.startswith("norm/")]
    return own + [name for name in every if name not in own]


def _panel(source: Source, names: Sequence[str], quantity: str, axis: Axis) -> Panel:
    curves = []
    for number, name in enumerate(names):
        history = source.history(f"{quantity}/{name}")
        if history:  # one that is not trained has no update
            steps, values = np.array(list(history)), np.array([float(value) for value in history.values()])
            curves.append(Curve(name, steps, values, label=_label(source, name), colour=number, line=number))
    if not curves:
        raise FigureError(f"Run {source.run} has no update yet: the first snapshot comes before the first step.")
    refuse_nothing_to_draw(f"The {axis.name}", source.run, [curve.y for curve in curves], axis.scale)
    return Panel(x=course_axis("step"), y=axis, curves=tuple(curves))


def _label(source: Source, name: str) -> str:
    layer, parameter = split_layer(name)
    if not layer:
        part, _, parameter = name.partition(".")
        return rf"\({parameter}\) {_CALLED.get(part, part)}"
    return source.label(parameter) + (f", {layer_words(layer)}" if source.has_several_layers else "")


KIND = Kind(
    "parameter-norms", "Parameter norms", "Norm of each parameter over training, and how far a step moves it.",
    ParameterNormsOptions, several=False, make=make,
)  # fmt: skip
