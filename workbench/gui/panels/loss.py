"""The loss panel: the training loss of each ticked run, validation, and what trivial predictors score."""

from collections.abc import Mapping
from typing import Any, cast

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent

from workbench.gui.format import number
from workbench.gui.panels import loss_words, quantities
from workbench.gui.panels.loss_reading import Across, Drawing, LossReader, RunPoints, Wanted
from workbench.gui.panels.loss_tools import LossTools
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.plots.by_keys import ByKeys
from workbench.gui.plots.curves import RunCurves
from workbench.gui.plots.key import Key, KeyEntry
from workbench.gui.plots.levels import Levels, Line
from workbench.gui.plots.notice import Notice
from workbench.gui.plots.plot import Plot
from workbench.gui.plots.ranges import with_near, x_range, y_range
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.errors import ExperimentError
from workbench.lab.experiment import Experiment
from workbench.lab.workbook import RunRecord
from workbench.tasks import Task, task_class

_MOST_PIXELS = 950  # columns of a curve; two points a column stay below 2,000
_PATIENCE = 60  # milliseconds without zooming, before the numbers are read for the new stretch


class LossPanel(Panel):
    """Curves over training. Zooming into a long run reads that stretch again at its full resolution."""

    name = "loss"
    title = "Loss"
    listens = frozenset({"training", "validation", "baselines", "run"})
    help = (
        "The loss says how wrong the network is: lower is better. The faint curve is the loss of each training batch, "
        "which jumps because every batch is another sample; the strong curve is its moving mean. Circles are the loss "
        "on held-out data: where they stay above the curve, the network has learned its training data by heart. "
        "A dashed line is what a simple predictor scores; a network that stays there has learned no more than that. "
        "On the log scale equal distances are equal factors, so a straight slope is a loss that keeps halving. "
        "Turn the wheel to zoom and drag to move, or press + and - and the arrows; a double click, or follow, returns "
        "to the newest steps."
    )

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._reader: LossReader | None = None
        self._curves: dict[int, RunCurves] = {}
        self._spare: list[RunCurves] = []
        self._drawn: Drawing | None = None
        self._pointed: float | None = None
        self._told: tuple[tuple[str, str], ...] = ()
        self.key = Key()
        self.controls = LossTools()
        self.controls.add_to(self.tools)
        self.plot = Plot()
        self.plot.disableAutoRange()
        self.plot.box.setLimits(minXRange=1e-3, minYRange=1e-6)
        self.plot.setAccessibleName("Loss over training")
        self.levels = Levels(self.plot)
        self.failure = Notice(self.plot)
        ByKeys(self.plot)
        self.body.addWidget(self.key)
        self.body.addWidget(self.plot, 1)
        self._zoomed = QTimer(self)
        self._zoomed.setSingleShot(True)
        self._zoomed.setInterval(_PATIENCE)
        self._connect()
        self.key.hide()
        self.show_empty(loss_words.INVITATION)

    def _connect(self) -> None:
        self._zoomed.timeout.connect(self.outdate)
        self.plot.box.sigXRangeChanged.connect(self._read_stretch)
        self.plot.following_changed.connect(self._take_following)
        self.plot.pointed.connect(self._point)
        self.plot.left.connect(self._leave)
        self.controls.changed.connect(self.outdate)
        self.controls.across.changed.connect(self.plot.follow)  # no stretch of steps is one of seconds
        self.controls.follow_pressed.connect(self.plot.follow)
        self.session.runs.changed.connect(self._take_records)
        self.session.runs.current_changed.connect(self._take_current)
        theme().changed.connect(self._dress)

    # What it reads.

    def job(self) -> Job | None:
        """Return what to read: few points of each ticked run."""
        workbook, runs = self.session.workbook, self.session.runs
        if workbook is None or not runs.shown:
            self._show_nothing(loss_words.INVITATION)
            return None
        if self._reader is None or self._reader.workbook is not workbook:
            self._reader, self._drawn = LossReader(workbook), None
        self.controls.suit(self._task())
        reader, wanted = self._reader, self._wanted()
        return lambda: reader.read(wanted)

    def _wanted(self) -> Wanted:
        runs = self.session.runs
        span = None if self.plot.following else tuple(self.plot.box.viewRange()[0])
        return Wanted(
            runs=runs.shown,
            current=runs.current,
            quantity=self.controls.quantity.value,
            across=cast(Across, self.controls.across.value),
            smoothing=int(self.controls.smoothing.value),
            positive=self.controls.log,
            span=cast(tuple[float, float] | None, span),
            unit=self._drawn.unit if self._drawn is not None else 1.0,
            pixels=min(max(int(self.plot.box.width()), 100), _MOST_PIXELS),
            batches={
                record.id: experiment.batch
                for record in runs.shown_records
                if (experiment := _experiment(record)) is not None
            },
        )

    # What it draws.

    def draw(self, data: Drawing) -> None:
        """Draw the points that were read."""
        before, self._drawn = self._drawn, data
        if not self.controls.offer(data.names):
            return  # another quantity is on its way
        if all(np.isnan(points.newest) and points.latest is None for points in data.runs):
            self._show_nothing(loss_words.why_empty(self.session.runs.current_record))
            return
        self.plot.set_log_y(data.wanted.positive)
        self._draw_curves(data.runs)
        self._draw_levels(data)
        self._label(data)
        self._show_range(data, before)
        self._tell_failure()
        self._tell()
        self.show_body()

    def _draw_curves(self, runs: tuple[RunPoints, ...]) -> None:
        there = {points.run for points in runs}
        for run in [run for run in self._curves if run not in there]:
            curves = self._curves.pop(run)
            curves.clear()
            self._spare.append(curves)
        for points in runs:
            if points.run not in self._curves:
                self._curves[points.run] = self._spare.pop() if self._spare else RunCurves(self.plot)
            curves = self._curves[points.run]
            style = self.session.runs.style(points.run)
            curves.dress(theme().run_colour(style.colour), style.line)
            curves.draw(*((own.x, own.y) for own in (points.raw, points.main, points.circles)))

    def _draw_levels(self, data: Drawing) -> None:
        found = quantities.levels(data.wanted.quantity, self._task(), data.baselines)
        self.levels.show([Line(level.value, level.text, level.solved) for level in found])

    def _show_range(self, data: Drawing, before: Drawing | None) -> None:
        """Show all while the newest is followed; elsewhere only another quantity or scale needs another y range."""
        same = before is not None and _scale_of(before) == _scale_of(data)
        if same and not self.plot.following:
            return
        main = [self.plot.heights(points.main.y) for points in data.runs]
        main += [self.plot.heights(points.circles.y) for points in data.runs]
        raw = [self.plot.heights(points.raw.y) for points in data.runs]
        levels = self.plot.heights(np.array([line.value for line in self.levels.shown]))
        seen = with_near(y_range(main, raw, steady=not self.plot.log_y), levels, log=self.plot.log_y)
        if self.plot.following:
            self.plot.show_range(x_range([points.newest for points in data.runs]), seen)
        else:
            self.plot.setYRange(*seen, padding=0.06)

    def _label(self, data: Drawing) -> None:
        labels = (loss_words.x_label(data), quantities.label(data.wanted.quantity, self._task()))
        if labels != (self.plot.axes["bottom"].labelText, self.plot.axes["left"].labelText):
            self.plot.set_labels(*labels)
            self.plot.axes["bottom"].set_whole(data.wanted.across != "time")

    def _tell_failure(self) -> None:
        self.failure.say(loss_words.failure(self.session.runs.current_record))

    # What it says.

    def summary(self) -> str:
        """Return the newest number in words."""
        record = self.session.runs.current_record
        return "" if record is None or self._drawn is None else loss_words.summary(record, self._drawn)

    def _tell(self) -> None:
        """Name the runs where there are several, with their newest values, or those where the mouse points."""
        data, records = self._drawn, self.session.runs.shown_records
        if data is None:
            return
        entries = [self._entry(record, data) for record in records]
        caption = quantities.caption(data.wanted.quantity)
        if self._pointed is not None:
            caption = loss_words.place(self._pointed, data)
            if len(records) == 1:
                caption += f" · {quantities.title(data.wanted.quantity)} {entries[0].words}"
        self.set_caption(caption)
        self.key.show_entries(entries)
        self.key.setVisible(len(entries) > 1)

    def _entry(self, record: RunRecord, data: Drawing) -> KeyEntry:
        style = self.session.runs.style(record.id)
        curves, latest = self._curves.get(record.id), data.latest_of(record.id)
        if self._pointed is not None:
            value = None if curves is None else curves.value_at(self._pointed)
        else:
            value = None if latest is None else latest.value
        return KeyEntry(record.name, number(value), theme().run_colour(style.colour), style.line)

    def _show_nothing(self, sentence: str) -> None:
        self.set_caption("")
        self.show_empty(sentence)

    # What a person does.

    def _take_following(self, following: bool) -> None:
        self.controls.follow.setChecked(following)
        self.outdate()

    def _read_stretch(self) -> None:
        if not self.plot.following:
            self._zoomed.start()

    def _point(self, x: float, _: float) -> None:
        self._pointed = x
        self.plot.mark(x)
        self._tell()

    def _leave(self) -> None:
        self._pointed = None
        self.plot.mark(None)
        self._tell()

    # Settings, and what else changes.

    def settings(self) -> dict[str, Any]:
        """Return what the tools are set to."""
        return self.controls.settings()

    def restore(self, settings: Mapping[str, Any]) -> None:
        """Set the tools as they were."""
        self.controls.restore(settings)

    def figure(self) -> tuple[str, dict[str, Any]]:
        """Return the loss or the metric, drawn against what runs along the x axis here."""
        quantity, against = self.controls.quantity.value, self.controls.across.value
        if quantity == quantities.LOSS:
            smoothing = max(1, int(self.controls.smoothing.value))
            return "loss", {"scale": self.controls.scale.value, "against": against, "smoothing": smoothing}
        if quantity in (quantities.GRADIENT_NORM, quantities.LEARNING_RATE):
            return "loss", {"against": against}
        return "metric", {"metric": quantity, "scale": self.controls.scale.value, "against": against}

    def _task(self) -> type[Task] | None:
        record = self.session.runs.current_record
        experiment = None if record is None else _experiment(record)
        return None if experiment is None else task_class(experiment.task)

    def _take_records(self) -> None:
        """Draw anew when a ticked run has another name or another fate."""
        told = tuple((record.name, record.status) for record in self.session.runs.shown_records)
        if told != self._told:
            self._told = told
            self.outdate()

    def _take_current(self) -> None:
        """Go to the newest steps of a run that has just been started: it has none where another one was looked at."""
        record = self.session.runs.current_record
        if record is None or record.active:
            self.plot.follow()

    def _dress(self) -> None:
        if self._drawn is not None:
            self._draw_curves(self._drawn.runs)
            self.levels.dress()
            self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Read as many points as there are pixels now."""
        super().resizeEvent(event)
        self._zoomed.start()


def _experiment(record: RunRecord) -> Experiment | None:
    """Return a run's experiment; None for one that this version cannot read, whose numbers are drawn all the same."""
    try:
        return quantities.experiment_from(record.experiment)
    except ExperimentError:
        return None


def _scale_of(data: Drawing) -> tuple[str, bool]:
    return data.wanted.quantity, data.wanted.positive
