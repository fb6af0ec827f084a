"""Gradient flow: how much each time step still matters to the loss, and how fast that fades going back."""

import math
from typing import Any, ClassVar

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeySequence, QPen, QShortcut

from workbench.figures.layers import direction_of, layer_words
from workbench.gui.format import MINUS, number, steps
from workbench.gui.panels.gradient_curves import Curve, GradientFlow, nameless, read_flow, tells_where_it_vanished
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.panels.tools import word
from workbench.gui.panels.without_film import why_no_snapshot
from workbench.gui.plots.decades import SteadyDecades
from workbench.gui.plots.key import Key, KeyEntry
from workbench.gui.plots.plot import Plot
from workbench.gui.plots.uprights import Uprights, where_an_answer_begins
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.session.session import News
from workbench.gui.theme import theme, with_alpha

_WHAT = "The gradient flow"
_OUTPUT_WIDTH, _OTHER_WIDTH = 1.5, 1.0
_OTHER_LINES = (Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
_OTHER_ALPHA = 0.75
_UNNAMED_LINE, _UNNAMED_ALPHA = Qt.PenStyle.DotLine, 0.5


class GradientFlowPanel(Panel):
    """The norm of dL/ds_t over t, on a logarithmic axis: all states of the current run, the output of each other."""

    name: ClassVar[str] = "gradient_flow"
    title: ClassVar[str] = "Gradient flow"
    help: ClassVar[str] = (
        "How much the state at each time step still matters to the loss: the length of the gradient ∂L/∂sₜ, mean over "
        "the probe. Training can only use what happened at step t if this is not vanishingly small. A straight line "
        "that falls towards the left is a vanishing gradient: it is multiplied by about the same factor at each step "
        "back, and its half-life says after how many steps half is left. “Vanished at t−61” says that 61 steps before "
        "the loss nothing is left of it in any sequence of the probe: what happened earlier cannot be learnt. A curve "
        "that stays level lets the network learn across the whole sequence. Each tick of the axis is a power of ten. "
        "A layer with an arrow reads from the end; a dashed line parts a source from the answer that a decoder writes. "
        "Tick a second run to compare both at the same training step."
    )

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self.plot = Plot("time step t", "|∂L/∂sₜ|")
        self.plot.set_log_y(True)
        self.uprights = Uprights(self.plot, height=0.94)
        self.key = Key()
        self.follow_button = word("show all", "Show all of it again, and follow what comes (or double-click the plot)")
        self._curves: list[Any] = []
        self._pens: list[QPen] = []
        self._decades = SteadyDecades()
        self._flow: GradientFlow | None = None
        self.body.addWidget(self.key)
        self.body.addWidget(self.plot, 1)
        self.set_caption("how much step t still matters")
        self._add_tools()
        self._connect()
        self.show_empty(why_no_snapshot(None, _WHAT))

    def figure(self) -> tuple[str, dict[str, Any]]:
        """Return the gradient flow at the place in the film."""
        place = self.session.film.place
        return "gradient-flow", {} if place is None else {"step": place}

    def job(self) -> Job | None:
        """Read the curves of all ticked runs at the step of the film."""
        workbook, snapshot, shown = self.session.workbook, self.session.film.snapshot, self.session.runs.shown_records
        if workbook is None or snapshot is None:
            if self.session.film.known or self.session.runs.current is None:
                self.show_empty(why_no_snapshot(self.session.runs.current_record, _WHAT))
            return None
        return lambda: read_flow(workbook, snapshot, shown)

    def draw(self, data: GradientFlow) -> None:
        """Give the curves their data; make one only when there was never so many."""
        self._flow = data
        if not data.curves:
            self.show_empty("This run's snapshots hold no gradients. Train it anew and the gradient flow appears here.")
            return
        self._make_curves(len(data.curves))
        for index, item in enumerate(self._curves):
            item.setVisible(index < len(data.curves))
        for item, curve in zip(self._curves, data.curves, strict=False):
            item.setData(*_drawable(curve), connect="finite")
        self.uprights.show(where_an_answer_begins(data.switch))
        self._dress_curves()
        self._show_range(data)
        self._mark()
        self.show_body()

    def summary(self) -> str:
        """Return the half-life of each run in words, and where its gradients have vanished."""
        flow = self._flow
        if flow is None or not flow.curves:
            return ""
        unnamed = nameless(flow.curves)
        said = [
            f"{self._label(curve, _spoken(curve))} {_joined(_half_life(curve), _vanishing(curve, flow))}".rstrip()
            for place, curve in enumerate(flow.curves)
            if curve.is_output or (_vanishing(curve, flow) and place not in unnamed)
        ]
        return f"gradient flow at training step {steps(flow.step)}: {'; '.join(said)}"

    # Curves and their key.

    def _make_curves(self, count: int) -> None:
        while len(self._curves) < count:
            item = pg.PlotDataItem(antialias=True)
            self.plot.addItem(item)
            self._curves.append(item)
            self._pens.append(QPen())

    def _dress_curves(self) -> None:
        flow = self._flow
        if flow is None:
            return
        entries, others, unnamed = [], 0, nameless(flow.curves)
        last_own = sum(curve.run == flow.curves[0].run for curve in flow.curves) - 1  # its curves come first
        for index, curve in enumerate(flow.curves):
            style = self.session.runs.style(curve.run)
            colour, line, width = theme().run_colour(style.colour), style.line, _OUTPUT_WIDTH
            if index in unnamed:
                colour, line, width = with_alpha(colour.name(), _UNNAMED_ALPHA), _UNNAMED_LINE, _OTHER_WIDTH
            elif not curve.is_output:
                colour, width = with_alpha(colour.name(), _OTHER_ALPHA), _OTHER_WIDTH
                line, others = _OTHER_LINES[others % len(_OTHER_LINES)], others + 1
            pen = pg.mkPen(colour, width=width, style=line)
            if pen != self._pens[index]:
                self._pens[index] = pen
                self._curves[index].setPen(pen)
                self._curves[index].setZValue(10 if curve.is_output else 5)
            if index not in unnamed:
                entries.append(self._entry(curve, flow, colour, line, width))
            if unnamed and index == last_own:
                rest = with_alpha(theme().run_colour(style.colour).name(), _UNNAMED_ALPHA)
                entries.append(KeyEntry(f"{len(unnamed)} others", "", rest, _UNNAMED_LINE, _OTHER_WIDTH))
        self.key.show_entries(entries)
        self.uprights.dress()

    def _entry(self, curve: Curve, flow: GradientFlow, colour: QColor, line: Qt.PenStyle, width: float) -> KeyEntry:
        """Return a curve's entry; of a run alone, where its output's gradient has vanished is said in any case."""
        words, more = _half_life(curve), _vanishing(curve, flow)
        if curve.is_output and len({other.run for other in flow.curves}) == 1:
            words, more = _joined(words, more), ""
        return KeyEntry(self._label(curve, curve.name), words, colour, line, width, more)

    def _label(self, curve: Curve, name: str) -> str:
        """Return a curve's name, with that of its run where several are drawn."""
        record = self.session.runs.get(curve.run)
        several = self._flow is not None and len({other.run for other in self._flow.curves}) > 1
        return f"{name} of {record.name}" if several and curve.is_output and record is not None else name

    def _show_range(self, flow: GradientFlow) -> None:
        heights = np.concatenate([curve.heights for curve in flow.curves])
        known = heights[np.isfinite(heights)]
        low, high = self._decades.fit(*((known.min(), known.max()) if len(known) else (math.nan, math.nan)))
        self.plot.show_range((-0.5, max(flow.length, 1) - 0.5), (low, high))

    # The cursor and the person's place.

    def _point(self, t: float) -> None:
        self.session.cursor.hover(self._step_at(t))

    def _pin(self, t: float) -> None:
        self.session.cursor.pin(self._step_at(t))

    def _step_at(self, t: float) -> int:
        """Return the step of the shown sequence nearest to a place; others of the probe may be longer."""
        snapshot = self.session.film.snapshot
        return min(max(round(t), 0), snapshot.length - 1 if snapshot is not None else 0)

    def _mark(self) -> None:
        self.plot.mark(self.session.cursor.t)

    def _follow(self, following: bool) -> None:
        self.follow_button.setVisible(not following)
        if following and self._flow is not None:
            self._decades.start_over()
            self._show_range(self._flow)

    # How it is put together.

    def _add_tools(self) -> None:
        kept = self.follow_button.sizePolicy()
        kept.setRetainSizeWhenHidden(True)  # so that the header stands still
        self.follow_button.setSizePolicy(kept)
        self.follow_button.hide()
        self.tools.addWidget(self.follow_button)

    def _connect(self) -> None:
        session, cursor, plot = self.session, self.session.cursor, self.plot
        session.film.snapshot_changed.connect(self.outdate)
        for changed in (session.runs.changed, session.film.changed):
            changed.connect(self._explain_emptiness)
        session.news.connect(self._hear_of_others)
        session.runs.current_changed.connect(self._start_over)
        cursor.changed.connect(self._mark)
        plot.pointed.connect(lambda t, _: self._point(t))
        plot.clicked.connect(lambda t, _: self._pin(t))
        plot.left.connect(cursor.leave)
        plot.following_changed.connect(self._follow)
        self.follow_button.clicked.connect(plot.follow)
        theme().changed.connect(self._dress_curves)
        plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for keys, deed in (("Left", lambda: cursor.move(-1)), ("Right", self._go_right), ("Esc", cursor.release)):
            # Given what to call as well, PySide6 forgets the context.
            shortcut = QShortcut(QKeySequence(keys), plot, context=Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(deed)

    def _go_right(self) -> None:
        cursor, snapshot = self.session.cursor, self.session.film.snapshot
        if snapshot is not None and (cursor.t is None or cursor.t < snapshot.length - 1):
            cursor.move(1)

    def _start_over(self) -> None:
        self._flow = None
        self._decades.start_over()
        self.plot.follow()

    def _explain_emptiness(self) -> None:
        if self.session.film.snapshot is None:
            self.outdate()

    def _hear_of_others(self, changed: News) -> None:
        """Another ticked run has a new snapshot. That of the current run comes with the film."""
        runs = self.session.runs
        if any(kind == "film" and run != runs.current and run in runs.shown for run, kind in changed):
            self.outdate()


def _drawable(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    """Return x and y; a sequence of one step becomes a short line, for a point cannot be seen."""
    if len(curve.t) == 1:
        return np.array([-0.25, 0.25]), np.repeat(curve.heights, 2)
    return curve.t, curve.heights


def _spoken(curve: Curve) -> str:
    return f"{curve.state}, {layer_words(curve.layer)}" if curve.layers > 1 else curve.state


def _half_life(curve: Curve) -> str:
    """Return the half-life of an output's gradient: "half-life 7.2 steps"."""
    if not curve.is_output or math.isnan(curve.half_life):
        return ""
    if math.isinf(curve.half_life):
        return "does not vanish" if curve.vanished is None else ""
    return f"half-life {number(float(f'{curve.half_life:.2g}'))} steps"


def _vanishing(curve: Curve, flow: GradientFlow) -> str:
    """Return where nothing is left of a gradient: "vanished at t−61"; of a layer that reads from the end, at t+61."""
    if not tells_where_it_vanished(curve, flow.curves):
        return ""
    sign = "+" if direction_of(curve.layer) == "backward" else MINUS
    return f"vanished at t{sign}{curve.vanished}" if curve.vanished else "no gradient"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
