"""By window: what a network without memory makes of the last k inputs, beside networks that need no window."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from workbench.gui.format import number
from workbench.gui.panels import quantities
from workbench.gui.panels.across import AcrossPanel, experiment_of
from workbench.gui.plots.key import KeyEntry
from workbench.gui.plots.levels import Levels, Line
from workbench.gui.plots.places_axis import places
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.comparison import FEEDFORWARD
from workbench.tasks import TaskSettings, task_class

_NO_WINDOW = (
    "A feed-forward network sees the last k inputs and nothing else. Choose “Compare with windows …” in the Run menu: "
    "it trains the experiment in the form beside feed-forward networks with several windows. Their scores appear here."
)
_CIRCLE = 7  # pixels
_DASHED = Qt.PenStyle.DashLine


@dataclass(frozen=True)
class _Point:
    """What one run scores; its window, where its network has no other memory."""

    run: int
    score: float
    window: int | None


class ByWindowPanel(AcrossPanel):
    """The task's metric over the window of feed-forward runs; every other run on that task is a dashed line."""

    name: ClassVar[str] = "by_window"
    title: ClassVar[str] = "By window"
    across = "window: inputs seen at once"
    invitation = "Press Train. Scores by window appear here, of feed-forward networks beside others."
    help: ClassVar[str] = (
        "A feed-forward network has no memory: it sees the last k inputs at once, through a window. Each circle is "
        "such a network; its place is its window. Each dashed line is a recurrent network on the same task: it sees "
        "one input at a time and keeps in its state what it needs, so it has no k. Where the circles reach the line, "
        "the task needs no more of the past than that window. “Compare with windows …” in the Run menu trains them. "
        "Other runs on the same task join when they are ticked."
    )

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._join: Any = pg.PlotCurveItem(antialias=True)
        self._circles: Any = pg.ScatterPlotItem(size=_CIRCLE, pxMode=True, antialias=True)
        self._circles.setZValue(40)
        for item in (self._join, self._circles):
            self.plot.addItem(item, ignoreBounds=True)
        self._lines: list[Any] = []
        self.levels = Levels(self.plot)
        self._points: tuple[_Point, ...] = ()
        self._metric = ""

    def figure(self) -> tuple[str, dict[str, Any]]:
        """Return the same figure for paper."""
        return "by-window", {}

    def draw_scores(self) -> None:
        """Draw circles for runs with a window, dashed lines for the others on the same task."""
        experiment = self.current
        self._points = () if experiment is None else self._read_points(experiment.task)
        if experiment is None or not any(point.window for point in self._points):
            self.empty(_NO_WINDOW)
            return
        windows = sorted({point.window for point in self._points if point.window})
        self._draw_levels(experiment.task)
        scores = np.array([point.score for point in self._points] + [line.value for line in self.levels.shown])
        self.show_values(windows, scores, self._metric)
        self._draw_circles()
        self._draw_lines()
        self.levels.dress()
        self.tell()
        self.show_body()

    def entries(self) -> list[KeyEntry]:
        """Return the feed-forward networks as one entry, then each dashed line."""
        circles = [point for point in self._points if point.window and self.pointed in (None, point.window)]
        said = ", ".join(f"{number(point.score)} with {point.window}" for point in circles[-1:])
        others = (
            KeyEntry(self.name_of(point.run), number(point.score), self._colour(point), _DASHED)
            for point in self._others
        )
        return [KeyEntry("feed-forward", said, theme().colour("muted"), Qt.PenStyle.SolidLine), *others]

    def caption(self) -> str:
        """Return what is drawn; the runs where the mouse points."""
        if self.pointed is None:
            return f"{self._metric} on held-out data, {self.when()}"
        there = [point for point in self._points if point.window == self.pointed]
        return ", ".join(f"{self.name_of(point.run)}: {self._metric} {number(point.score)}" for point in there)

    def summary(self) -> str:
        """Return the score at each window and without one."""
        with_window = [f"{number(point.score)} with a window of {point.window}" for point in self._windows]
        without = [f"{self.name_of(point.run)} {number(point.score)}" for point in self._others]
        return f"{self._metric} {', '.join(with_window)}; {'; '.join(without)}" if self._points else ""

    # How it works.

    @property
    def _windows(self) -> list[_Point]:
        return sorted((point for point in self._points if point.window), key=lambda point: point.window or 0)

    @property
    def _others(self) -> list[_Point]:
        return [point for point in self._points if not point.window]

    def _read_points(self, task: TaskSettings) -> tuple[_Point, ...]:
        """Return what the ticked runs on one task score, as it is judged."""
        self._metric = task_class(task).metric
        points = []
        for run, scores in self.found.items():
            record = self.session.runs.get(run)
            experiment = None if record is None else experiment_of(record)
            if experiment is None or experiment.task != task or self._metric not in scores.values:
                continue
            window = experiment.window if experiment.cell == FEEDFORWARD else None
            points.append(_Point(run, scores.values[self._metric], window))
        return tuple(points)

    def _colour(self, point: _Point) -> QColor:
        return theme().run_colour(self.session.runs.style(point.run).colour)

    def _draw_circles(self) -> None:
        """Draw a circle a run, and a line through the means of those with one window."""
        points = self._windows
        windows = np.array([point.window for point in points], np.int64)
        heights = self.plot.heights(np.array([point.score for point in points]))
        colours = [self._colour(point) for point in points]
        self._circles.setData(
            x=places(windows.tolist()),
            y=heights,
            pen=[pg.mkPen(colour, width=1.5) for colour in colours],
            brush=[pg.mkBrush(theme().colour("panel"))] * len(points),
        )
        each = np.unique(windows)
        means = np.array([heights[windows == window].mean() for window in each])
        self._join.setData(x=places(each.tolist()), y=means)
        self._join.setPen(pg.mkPen(theme().colour("muted"), width=1))

    def _draw_lines(self) -> None:
        others = self._others
        while len(self._lines) < len(others):
            line: Any = pg.InfiniteLine(angle=0, movable=False)
            line.setZValue(30)
            self.plot.addItem(line, ignoreBounds=True)
            self._lines.append(line)
        heights = self.plot.heights(np.array([point.score for point in others]))
        for line in self._lines[len(others) :]:
            line.hide()
        for line, point, height in zip(self._lines, others, heights, strict=False):
            line.setVisible(bool(np.isfinite(height)))
            line.setPos(float(np.nan_to_num(height)))
            line.setPen(pg.mkPen(self._colour(point), width=1.5, style=_DASHED))

    def _draw_levels(self, task: TaskSettings) -> None:
        """Name what simple predictors score."""
        found = quantities.levels(self._metric, task_class(task), self.baselines)
        self.levels.show([Line(level.value, level.text, level.solved) for level in found])
