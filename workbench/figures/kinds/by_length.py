"""By length: a score over the length of the held-out sequences, one run or several."""

from collections.abc import Sequence

import numpy as np

from workbench.figures.errors import FigureError
from workbench.figures.kind import Kind
from workbench.figures.kinds.course import refuse_nothing_to_draw, score_axis
from workbench.figures.lengths import by_length, trained_length
from workbench.figures.options import Options, option
from workbench.figures.source import Source, run_labels
from workbench.figures.spec import Axis, Curve, FigureSpec, Level, Panel, Scale


class ByLengthOptions(Options):
    """What can be chosen about the figure of a score by length."""

    step: int | None = option(
        None, "Training step", "The last validation up to this step; left out, the last of all.", choices="steps", ge=0
    )
    scale: Scale = option("linear", "Scale", "The score on a logarithmic or a linear axis.")


def make(sources: Sequence[Source], options: ByLengthOptions) -> FigureSpec:
    """Return the figure. Raises FigureError where a run was tested at one length alone, or not yet."""
    metric = _metric(sources[0], options.step)
    curves, trained, moments = [], {}, {}
    for number, (source, label) in enumerate(zip(sources, run_labels(sources), strict=True)):
        moments[label], lengths, values = _scores(source, metric, options.step)
        trained[trained_length(source.experiment.task, dict.fromkeys(lengths.tolist(), ""))] = "trained"
        refuse_nothing_to_draw(f"The {metric} by length", source.run, [values], options.scale)
        curves.append(
            Curve(f"{label}: {metric}", lengths, values, label=label, colour=number, line=number, marker=number)
        )
    tested = sorted({int(length) for curve in curves for length in curve.x})
    panel = Panel(
        x=Axis("length of the sequences", scale="log", ticks=tuple((length, f"{length:,}") for length in tested)),
        y=score_axis(sources[0], metric, options.scale, np.concatenate([curve.y for curve in curves])),
        curves=tuple(curves),
        uprights=tuple(Level(name, length) for length, name in sorted(trained.items())),
    )
    when = "; ".join(f"{label} after training step {step}" for label, step in moments.items())
    description = f"{metric} on held-out sequences by their length: {when}. The dashed line is the length of training."
    return FigureSpec("by-length", (panel,), description[0].upper() + description[1:])


def _metric(source: Source, step: int | None) -> str:
    """Return the metric that is drawn: the task's main one, where that is kept by length."""
    kept = by_length(source.scores(step)[1])
    if not kept:
        raise FigureError(
            f"Run {source.run} was tested at one length only. Draw a run whose task has a test length beyond that of "
            "training."
        )
    return source.main_metric if source.main_metric in kept else next(iter(kept))


def _scores(source: Source, metric: str, step: int | None) -> tuple[int, np.ndarray, np.ndarray]:
    """Return the step of a validation, the lengths (N,), ascending, and the scores (N,)."""
    own, scores = source.scores(step)
    names = by_length(scores).get(metric)
    if names is None:
        raise FigureError(f"Run {source.run} has no {metric} by length: it cannot stand beside the other runs.")
    return own, np.array(tuple(names)), np.array([scores[name] for name in names.values()])


KIND = Kind(
    "by-length", "By length", "A score over the length of the held-out sequences; several runs in one figure.",
    ByLengthOptions, several=True, make=make,
)  # fmt: skip
