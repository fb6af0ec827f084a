"""By window: feed-forward networks over the inputs that they see at once, beside networks with a memory."""

from collections.abc import Sequence

import numpy as np

from workbench.figures.errors import FigureError
from workbench.figures.kind import Kind
from workbench.figures.kinds.course import levels_of, score_axis
from workbench.figures.options import Options, option
from workbench.figures.source import Source, run_labels
from workbench.figures.spec import Axis, Curve, FigureSpec, Level, Panel, Scale
from workbench.lab.comparison import FEEDFORWARD


class ByWindowOptions(Options):
    """What can be chosen about the figure of a score by window."""

    scale: Scale = option("linear", "Scale", "The score on a logarithmic or a linear axis.")


def make(sources: Sequence[Source], options: ByWindowOptions) -> FigureSpec:
    """Return the figure. Raises FigureError where no run is of the feed-forward cell, or tasks differ."""
    metric = sources[0].main_metric
    windows: dict[int, list[float]] = {}
    levels = []
    for source, label in zip(sources, run_labels(sources), strict=True):
        if source.experiment.task != sources[0].experiment.task:
            raise FigureError(f"Run {source.run} learns another task than run {sources[0].run}: draw runs of one task.")
        score = source.scores(None)[1][metric]
        if source.experiment.cell == FEEDFORWARD:
            windows.setdefault(source.experiment.window, []).append(score)
        else:
            levels.append(Level(label, score))
    if not windows:
        raise FigureError("None of these runs is of the feed-forward cell: there is no window to draw over.")
    sizes = np.array(sorted(windows))
    means = np.array([np.mean(windows[size]) for size in sizes])
    lines = (*levels, *levels_of(sources[:1], lambda baseline: baseline.metric))
    panel = Panel(
        x=Axis("window: inputs seen at once", scale="log", ticks=tuple((size, str(size)) for size in sizes.tolist())),
        y=score_axis(sources[0], metric, options.scale, [*means, *(line.value for line in lines)]),
        curves=(Curve("feed-forward", sizes, means, label="feed-forward", colour=0, line=0, marker=0),),
        levels=lines,
    )
    description = (
        f"{metric} on held-out data of feed-forward networks over the window of inputs that they see; dashed: "
        f"{', '.join(level.name for level in levels) or 'baselines'}."
    )
    return FigureSpec("by-window", (panel,), description[0].upper() + description[1:])


KIND = Kind(
    "by-window", "By window", "Feed-forward networks over their window, beside runs with a memory on the same task.",
    ByWindowOptions, several=True, make=make,
)  # fmt: skip
