"""Attention: at which words of the source a decoder looks while it writes each word of the answer."""

from collections.abc import Sequence

import numpy as np

from workbench.figures.errors import FigureError
from workbench.figures.kind import Kind
from workbench.figures.options import Options, option
from workbench.figures.source import Source
from workbench.figures.spec import Axis, FigureSpec, HeatMap, Panel
from workbench.training.words import Words

_ATTENTION, _WORDS = "attention", "words"


class AttentionOptions(Options):
    """What can be chosen about the figure of the attention."""

    step: int | None = option(None, "Training step", "The snapshot to draw; left out, the last.", choices="steps", ge=0)


def make(sources: Sequence[Source], options: AttentionOptions) -> FigureSpec:
    """Return the figure. Raises FigureError for a run without attention, or a step that it does not have."""
    (source,) = sources
    step = source.snapshot_step(options.step)
    if _ATTENTION not in source.array_names:
        raise FigureError(
            f"Run {source.run} has no attention: that belongs to tasks that write an answer, trained with attention."
        )
    weights = source.array(step, _ATTENTION)
    rows, columns = weights.shape
    words = Words.from_array(source.array(step, _WORDS))
    read = words.inputs or tuple(map(str, range(columns)))
    written = words.outputs or ("",) * columns + tuple(map(str, range(rows)))
    panel = Panel(
        x=Axis("source", ticks=tuple(enumerate(read[:columns]))),
        y=Axis("written", ticks=tuple(enumerate(written[columns : columns + rows]))),
        heat_map=HeatMap(_ATTENTION, weights, (0.0, 1.0), np.arange(rows), "weight", "magnitude"),
    )
    description = (
        f"Attention of {source.name} after training step {step}: each row is a step of the answer with what is written "
        "there, each column a symbol of the source; the weights of a row add up to 1."
    )
    return FigureSpec(_ATTENTION, (panel,), description, aspect=min(max(rows / max(columns, 1), 0.4), 1.1) * 0.85)


KIND = Kind(
    _ATTENTION, "Attention", "Where a decoder looks in the source as it writes, as a heat map; at any snapshot.",
    AttentionOptions, several=False, make=make,
)  # fmt: skip
