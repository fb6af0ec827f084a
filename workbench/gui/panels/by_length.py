"""By length: what each run scores on sequences longer than those it has learned from."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from workbench.figures.lengths import by_length, trained_length
from workbench.gui.format import number, steps
from workbench.gui.panels.across import AcrossPanel, experiment_of
from workbench.gui.plots.curves import Numbers, RunCurves
from workbench.gui.plots.key import KeyEntry
from workbench.gui.plots.places_axis import places
from workbench.gui.plots.uprights import Upright, Uprights
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.tasks import task_class

_NOTHING: tuple[Numbers, Numbers] = (np.empty(0), np.empty(0))
_ONE_LENGTH = (
    "This task tests one length only. Choose a task with a test length, such as Parity, set it beyond the length of "
    "training, and train."
)
_RAISE = "This run was tested at one length only. Set the test length beyond the length of training, and train anew."
_SOON = "Scores by length come with the run's first look at the held-out data."


@dataclass(frozen=True)
class _Line:
    """Scores of one run by length, and the length it was trained on."""

    run: int
    values: dict[int, float]
    trained: int


class ByLengthPanel(AcrossPanel):
    """The metric over the tested lengths, one line a ticked run; a dashed line stands where it was trained."""

    name: ClassVar[str] = "by_length"
    title: ClassVar[str] = "By length"
    across = "length of the sequences"
    invitation = "Press Train. Scores by length appear here, of tasks that test several."
    help: ClassVar[str] = (
        "Scores on held-out sequences of several lengths. The dashed upright line is the length that the network was "
        "trained on. A network that has found the rule keeps its score to the right of that line; one that has only "
        "learned by heart what happens within its training length falls. Each tick is a length that was tested; equal "
        "distances are equal factors. Tick more runs to compare cells. Going back in the film shows the scores at "
        "that step of the training."
    )

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._curves: list[RunCurves] = []
        self.uprights = Uprights(self.plot, height=0.06)
        self._lines: tuple[_Line, ...] = ()
        self._metric = ""

    def figure(self) -> tuple[str, dict[str, Any]]:
        """Return the same figure for paper, at the place in the film."""
        place = self.session.film.place
        return "by-length", {} if place is None else {"step": place}

    def draw_scores(self) -> None:
        """Draw a line a run that has scores by length in the metric of the run looked at."""
        self._metric = self._main_metric()
        self._lines = self._read_lines()
        if not self._lines:
            self.empty(self._why_empty())
            return
        lengths = sorted({length for line in self._lines for length in line.values})
        values = np.array([value for line in self._lines for value in line.values.values()])
        self.show_values(lengths, values, self._metric)
        self._draw_lines()
        trained = sorted({line.trained for line in self._lines})
        self.uprights.show([Upright(float(places([length])[0]), "trained") for length in trained])
        self.uprights.dress()
        self.tell()
        self.show_body()

    def entries(self) -> list[KeyEntry]:
        """Return each run with its score at the length pointed at, else at the longest."""
        return [self._entry(line) for line in self._lines]

    def caption(self) -> str:
        """Return what is drawn; the length where the mouse points."""
        if self.pointed is not None:
            return f"{self._metric} at length {steps(self.pointed)}"
        return f"{self._metric} on held-out sequences, {self.when()}"

    def summary(self) -> str:
        """Return each run's scores at the length of training and at the longest."""
        said = [f"{self.name_of(line.run)} {_ends(line)}" for line in self._lines]
        return f"{self._metric} by length, {self.when()}: {'; '.join(said)}" if said else ""

    # How it works.

    def _main_metric(self) -> str:
        """Return the metric of the run looked at, by which its task is judged where that is kept by length."""
        current = self.session.runs.current
        scores = self.found.get(current) if current is not None else None
        metrics = by_length(scores.values) if scores is not None else {}
        own = task_class(self.current.task).metric if self.current is not None else ""
        return own if own in metrics or not metrics else next(iter(metrics))

    def _read_lines(self) -> tuple[_Line, ...]:
        lines = []
        for run, scores in self.found.items():
            names, record = by_length(scores.values).get(self._metric, {}), self.session.runs.get(run)
            if names and record is not None:
                experiment = experiment_of(record)
                values = {length: scores.values[name] for length, name in names.items()}
                lines.append(_Line(run, values, trained_length(experiment and experiment.task, names)))
        return tuple(lines)

    def _draw_lines(self) -> None:
        while len(self._curves) < len(self._lines):
            self._curves.append(RunCurves(self.plot, antialias=True))
        for curves in self._curves[len(self._lines) :]:
            curves.clear()
        for curves, line in zip(self._curves, self._lines, strict=False):
            style = self.session.runs.style(line.run)
            points = places(tuple(line.values)), np.array(tuple(line.values.values()))
            curves.dress(theme().run_colour(style.colour), style.line)
            curves.draw(_NOTHING, points, points)

    def _entry(self, line: _Line) -> KeyEntry:
        style, length = self.session.runs.style(line.run), self.pointed or max(line.values)
        words = f"{number(line.values.get(length))} at {steps(length)}"
        return KeyEntry(self.name_of(line.run), words, theme().run_colour(style.colour), style.line)

    def _why_empty(self) -> str:
        record, experiment = self.session.runs.current_record, self.current
        if experiment is None or record is None:
            return _ONE_LENGTH
        if not any(name.startswith("test_") for name in type(experiment.task).model_fields):
            return _ONE_LENGTH
        if record.id in self.found or not record.active:
            return _RAISE
        return _SOON


def _ends(line: _Line) -> str:
    """Return a run's scores at the length of training and at the longest: "1 at 20, 0.52 at 100"."""
    longest = max(line.values)
    ends = dict.fromkeys((line.trained, longest))
    return ", ".join(f"{number(line.values[length])} at {steps(length)}" for length in ends)
