"""What figures over the course of training share: the x axis, baselines, and what cannot be drawn."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.figures.errors import FigureError
from workbench.figures.source import Source, run_labels
from workbench.figures.spec import Axis, Level, Scale
from workbench.tasks import Baseline

Against = Literal["step", "time", "samples"]


def course_axis(against: Against) -> Axis:
    """Return the axis along which training runs."""
    return {
        "step": Axis("training step", whole=True),
        "time": Axis("time", unit="s"),
        "samples": Axis("training sequences", whole=True),
    }[against]


def course_of(source: Source, steps: NDArray[np.int64], against: Against) -> NDArray[Any]:
    """Return where steps (N,) stand on that axis; the time of a step between two is drawn straight between."""
    if against == "step":
        return steps
    if against == "samples":
        return steps * source.experiment.batch
    trained = source.training
    known, seconds = np.concatenate([[0], trained.steps]), np.concatenate([[0.0], trained["seconds"]])
    return np.asarray(np.interp(steps, known, seconds))


def levels_of(sources: Sequence[Source], score: Callable[[Baseline], float]) -> tuple[Level, ...]:
    """Return each baseline of the runs once; where runs disagree about one, it says whose it is."""
    found: dict[tuple[str, float], str] = {}
    for source, label in zip(sources, run_labels(sources), strict=True):
        for baseline in source.baselines:
            found.setdefault((baseline.name, score(baseline)), label)
    names = [name for name, _ in found]
    return tuple(
        Level(name if names.count(name) == 1 else f"{name} ({label})", value)
        for (name, value), label in found.items()
        if np.isfinite(value)
    )


def score_axis(source: Source, metric: str, scale: Scale, values: Iterable[float]) -> Axis:
    """Return the axis of a score, with all values that are drawn on it; shares, where more is better, run 0 to 1."""
    known = np.array([value for value in values if np.isfinite(value)])
    is_share = scale == "linear" and not source.is_better_lower(metric) and ((known >= 0) & (known <= 1)).all()
    return Axis(metric, scale=scale, limits=(0.0, 1.0) if is_share else None)


def refuse_nothing_to_draw(what: str, run: int, columns: Iterable[NDArray[Any]], scale: Scale) -> None:
    """Raise FigureError where no value at all has a place on the axis."""
    values = np.concatenate([np.asarray(column, np.float64).ravel() for column in columns])
    finite = values[np.isfinite(values)]
    if not len(finite):
        raise FigureError(f"{what} of run {run} is not a finite number at any of its {len(values)} points.")
    if scale == "log" and not (finite > 0).any():
        raise FigureError(
            f"{what} of run {run} is never above 0, so a logarithmic axis shows nothing. Choose a linear one."
        )
