"""Metric: a score on the held-out data over the course of training, one run or several."""

from collections.abc import Sequence

from workbench.figures.errors import FigureError
from workbench.figures.kind import Kind
from workbench.figures.kinds.course import Against, course_axis, course_of, levels_of, refuse_nothing_to_draw
from workbench.figures.options import Options, option
from workbench.figures.source import Source, run_labels
from workbench.figures.spec import Axis, Curve, FigureSpec, Panel, Scale


class MetricOptions(Options):
    """What can be chosen about the figure of a metric."""

    metric: str = option("", "Metric", "The score; left out, the task's main one.", choices="metrics")
    scale: Scale = option("linear", "Scale", "The score on a logarithmic or a linear axis.")
    against: Against = option("step", "Against", "What runs along the x axis.")


def make(sources: Sequence[Source], options: MetricOptions) -> FigureSpec:
    """Return the figure. Raises FigureError where a run has no such metric, or no validation yet."""
    name = options.metric or sources[0].main_metric
    for source in sources:
        _refuse_without(source, name)
        refuse_nothing_to_draw(f"The metric {name}", source.run, [source.validations[name]], options.scale)
    labels = run_labels(sources)
    curves = tuple(
        Curve(
            f"{label}: {name}",
            course_of(source, source.validations.steps, options.against),
            source.validations[name],
            label=label,
            colour=number,
            line=number,
            marker=number,
        )
        for number, (source, label) in enumerate(zip(sources, labels, strict=True))
    )
    main = [source for source in sources if source.main_metric == name]
    panel = Panel(
        x=course_axis(options.against),
        y=Axis(name, scale=options.scale),
        curves=curves,
        levels=levels_of(main, lambda baseline: baseline.metric),
    )
    description = f"{name} of {', '.join(labels)} on the held-out data; dashed: baselines."
    return FigureSpec("metric", (panel,), description[0].upper() + description[1:])


def _refuse_without(source: Source, name: str) -> None:
    if not len(source.validations):
        raise FigureError(f"Run {source.run} has not been validated yet, so it has no metric to draw.")
    if name not in source.metrics:
        raise FigureError(f"Run {source.run} has no metric {name!r}. It has {', '.join(source.metrics)}.")


KIND = Kind(
    "metric", "Metric", "A score on the held-out data; several runs in one figure.",
    MetricOptions, several=True, make=make,
)  # fmt: skip
