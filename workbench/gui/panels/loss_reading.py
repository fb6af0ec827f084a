"""Reading what the loss panel draws: few points of long curves, worked out on the reader's thread."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workbench.gui.panels.loss_numbers import KeptNumbers, RunNumbers, Series
from workbench.gui.panels.quantities import quantities
from workbench.gui.plots.decimation import peaks
from workbench.lab.workbook import Workbook
from workbench.tasks import Baseline

Numbers = NDArray[np.float64]
Across = Literal["step", "time", "samples"]
_MARGIN = 0.15  # of the stretch that is seen, read on each side of it too
_CIRCLE = 28  # pixels of which a run has at most two circles, the least and the greatest
_UNITS = ((2 * 3600, 3600.0), (300, 60.0), (0, 1.0))  # from so many seconds on, a unit of so many


@dataclass(frozen=True)
class Wanted:
    """What to read."""

    runs: tuple[int, ...]
    current: int | None
    quantity: str
    across: Across
    smoothing: int
    """Steps that the moving mean reads, 0 for none."""
    positive: bool
    """Whether only numbers above 0 can be drawn."""
    span: tuple[float, float] | None
    """The stretch of x that is seen, None for all."""
    unit: float
    """Seconds that 1 on the time axis stands for, as last drawn."""
    pixels: int
    batches: Mapping[int, int]
    """Sequences in a batch, by run."""


@dataclass(frozen=True)
class Points:
    """A curve, or some points: x and y (N,), y with gaps."""

    x: Numbers
    y: Numbers


NO_POINTS = Points(np.empty(0), np.empty(0))


@dataclass(frozen=True)
class Latest:
    """The newest number of a main curve, the step it belongs to, and the number a tenth of the run before it."""

    value: float
    step: int
    before: float


@dataclass(frozen=True)
class RunPoints:
    """What is drawn of one run."""

    run: int
    raw: Points
    """Every step; empty where it is itself the main curve."""
    main: Points
    circles: Points
    newest: float
    """The greatest x of the run, NaN where it has no numbers."""
    latest: Latest | None


@dataclass(frozen=True)
class Drawing:
    """All that is drawn."""

    wanted: Wanted
    runs: tuple[RunPoints, ...]
    names: tuple[str, ...]
    """The quantities there are."""
    baselines: tuple[Baseline, ...]
    unit: float
    """Seconds that 1 on the time axis stands for."""

    def latest_of(self, run: int | None) -> Latest | None:
        """Return the newest number of a run, None where it has none."""
        return next((points.latest for points in self.runs if points.run == run), None)


class LossReader:
    """Reads drawings of one workbook. It keeps what it has read; use it on one thread."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._kept = KeptNumbers(workbook)
        self._drawn: dict[int, tuple[object, RunPoints]] = {}

    def read(self, wanted: Wanted) -> Drawing:
        """Return what to draw."""
        self._kept.keep(wanted.runs)
        numbers = {run: self._kept.of(run) for run in wanted.runs}
        unit = _unit(numbers.values()) if wanted.span is None else wanted.unit
        names = quantities(
            dict.fromkeys(name for own in numbers.values() for name in own.training.names),
            dict.fromkeys(name for own in numbers.values() for name in own.validation.names),
        )
        current = wanted.current
        return Drawing(
            wanted=wanted,
            runs=tuple(self._points(run, own, wanted, unit) for run, own in numbers.items()),
            names=names,
            baselines=() if current is None else self.workbook.runs.baselines(current),
            unit=unit,
        )

    def _points(self, run: int, numbers: RunNumbers, wanted: Wanted, unit: float) -> RunPoints:
        """Return a run's points, those of the last time where nothing has changed."""
        key = (
            numbers.version, wanted.quantity, wanted.across, wanted.smoothing, wanted.positive, wanted.span,
            wanted.pixels, wanted.batches.get(run), unit,
        )  # fmt: skip
        kept = self._drawn.get(run)
        if kept is not None and kept[0] == key:
            return kept[1]
        points = _points_of(run, numbers, wanted, unit)
        self._drawn[run] = (key, points)
        return points


def _points_of(run: int, numbers: RunNumbers, wanted: Wanted, unit: float) -> RunPoints:
    training, validation = numbers.training, numbers.validation
    place, factor = _places(training, training, wanted, run, unit)
    judged_place, judged_factor = _places(validation, training, wanted, run, unit)
    newest = max((float(array[-1]) * f for array, f in ((place, factor), (judged_place, judged_factor)) if len(array)),
                 default=np.nan)  # fmt: skip
    latest = _latest(numbers, wanted)
    name, pixels = wanted.quantity, wanted.pixels
    bins = max(pixels // _CIRCLE, 1)
    circles = _curve(judged_place, judged_factor, validation, name, wanted, bins)
    if name not in training.names:
        main = _curve(judged_place, judged_factor, validation, name, wanted, pixels)
        return RunPoints(run, NO_POINTS, main, circles, newest, latest)
    raw = _curve(place, factor, training, name, wanted, pixels)
    if not wanted.smoothing:
        return RunPoints(run, NO_POINTS, raw, circles, newest, latest)
    smooth = _decimated(place, factor, training.smoothed(name, wanted.smoothing), wanted, pixels)
    return RunPoints(run, raw, smooth, circles, newest, latest)


def _places(series: Series, training: Series, wanted: Wanted, run: int, unit: float) -> tuple[Numbers, float]:
    """Return where entries stand on the x axis (N,), to be multiplied by the factor beside; none where unknown."""
    if wanted.across == "time":
        clock = training.column("seconds")
        if series is training:
            return clock, 1 / unit
        return (np.interp(series.steps, training.steps, clock), 1 / unit) if len(clock) else (np.empty(0), 1.0)
    if wanted.across == "samples":
        batch = wanted.batches.get(run)
        return (np.empty(0), 1.0) if batch is None else (series.steps, float(batch))
    return series.steps, 1.0


def _curve(place: Numbers, factor: float, series: Series, name: str, wanted: Wanted, bins: int) -> Points:
    if name not in series.names:
        return NO_POINTS
    return _decimated(place, factor, series.column(name), wanted, bins)


def _decimated(place: Numbers, factor: float, values: Numbers, wanted: Wanted, bins: int) -> Points:
    """Return the points that show a curve over the stretch that is seen, and a little on each side."""
    if not len(place):
        return NO_POINTS
    first, stop = 0, len(place)
    if wanted.span is not None:
        margin = _MARGIN * (wanted.span[1] - wanted.span[0])
        first = int(np.searchsorted(place, (wanted.span[0] - margin) / factor, side="left")) - 1
        stop = int(np.searchsorted(place, (wanted.span[1] + margin) / factor, side="right")) + 1
    visible = np.isfinite(values)
    if wanted.positive:
        visible &= values > 0
    chosen = peaks(values if visible.all() else np.where(visible, values, np.nan), first, stop, bins)
    return Points(place[chosen] * factor, np.where(visible[chosen], values[chosen], np.nan))


def _unit(runs: Iterable[RunNumbers]) -> float:
    """Return the seconds of the unit in which the longest run's time reads well."""
    longest = max((float(run.training.column("seconds")[-1]) for run in runs if len(run.training)), default=0.0)
    return next((unit for least, unit in _UNITS if longest >= least), 1.0)


def _latest(numbers: RunNumbers, wanted: Wanted) -> Latest | None:
    name = wanted.quantity
    series = numbers.training if name in numbers.training.names else numbers.validation
    if name not in series.names:
        return None
    smooth = series is numbers.training and wanted.smoothing > 0
    values = series.smoothed(name, wanted.smoothing) if smooth else series.column(name)
    there = np.flatnonzero(np.isfinite(values))
    if not len(there):
        return None
    last = int(there[-1])
    before = there[max(0, len(there) - 1 - max(1, len(there) // 10))]
    return Latest(float(values[last]), int(series.steps[last]), float(values[before]))
