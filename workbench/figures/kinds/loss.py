"""Loss: training and validation over the course of training, one run or several."""

from collections.abc import Sequence

import numpy as np

from workbench.figures.errors import FigureError
from workbench.figures.kind import Kind
from workbench.figures.kinds.course import Against, course_axis, course_of, levels_of, refuse_nothing_to_draw
from workbench.figures.options import Options, option
from workbench.figures.smoothing import moving_mean, reach
from workbench.figures.source import Source, run_labels
from workbench.figures.spec import NEUTRAL, Axis, Curve, FigureSpec, Panel, Scale

_FEWEST_MEANS = 10  # windows in a curve: a mean over more of a short run would show nothing of it


class LossOptions(Options):
    """What can be chosen about the figure of the loss."""

    scale: Scale = option("log", "Scale", "The loss on a logarithmic or a linear axis.")
    against: Against = option("step", "Against", "What runs along the x axis.")
    smoothing: int = option(25, "Smoothing", "Steps the mean is taken over; 1: none.", unit="steps", ge=1, le=1001)


def make(sources: Sequence[Source], options: LossOptions) -> FigureSpec:
    """Return the figure. Raises FigureError where the runs' losses have different units or hold no number."""
    for source in sources:
        refuse_nothing_to_draw("The loss", source.run, [source.training["loss"]], options.scale)
    first = sources[0]
    for other in sources:
        if other.loss_name != first.loss_name:
            raise FigureError(
                f"Run {first.run} measures its loss as {first.loss_name}, run {other.run} as {other.loss_name}: "
                "they cannot share an axis. Draw them apart."
            )
    labels = run_labels(sources)
    curves = [
        curve
        for number, (source, label) in enumerate(zip(sources, labels, strict=True))
        for curve in _curves(source, number, label, options, alone=len(sources) == 1)
    ]
    if len(sources) > 1:
        none = np.empty(0)
        curves.append(Curve("validation", none, none, label="validation", colour=NEUTRAL, line=None, marker=0))
    panel = Panel(
        x=course_axis(options.against),
        y=Axis(first.loss_name, unit=first.loss_unit, scale=options.scale),
        curves=tuple(curves),
        levels=levels_of(sources, lambda baseline: baseline.value),
    )
    return FigureSpec("loss", (panel,), _description(labels, options))


def _curves(source: Source, number: int, label: str, options: LossOptions, *, alone: bool) -> list[Curve]:
    """Return what belongs to one run: every step, their moving mean, the held-out data."""
    training, held_out = source.training, source.validations
    x = course_of(source, training.steps, options.against)
    window = min(options.smoothing, max(1, len(training) // _FEWEST_MEANS))
    faint = window > 1
    curves = [Curve(f"{label}: training", x, training["loss"], colour=number, line=number, faint=faint)]
    if faint:
        mean = moving_mean(training["loss"], window)
        name = f"{label}: training, mean of {2 * reach(window) + 1} steps"
        curves.append(Curve(name, x, mean, colour=number, line=number))
    legend = "training" if alone else label
    curves[-1] = Curve(curves[-1].name, x, curves[-1].y, label=legend, colour=number, line=number)
    if len(held_out):
        x = course_of(source, held_out.steps, options.against)
        legend = "validation" if alone else ""
        curves.append(
            Curve(f"{label}: validation", x, held_out["loss"], legend, colour=number, line=None, marker=number)
        )
    return curves


def _description(labels: Sequence[str], options: LossOptions) -> str:
    line = f"mean over up to {options.smoothing} steps, faint: every step" if options.smoothing > 1 else "every step"
    return (
        f"Loss of {', '.join(labels)}. Line: training ({line}); markers: held-out data; dashed: baselines. "
        f"{options.scale.capitalize()}{'arithmic' if options.scale == 'log' else ''} scale."
    )


KIND = Kind(
    "loss", "Loss", "Training and validation loss with the baselines; several runs in one figure.",
    LossOptions, several=True, make=make,
)  # fmt: skip
