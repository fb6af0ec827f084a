"""What panels share that draw scores of the held-out data over few numbers: over lengths, over windows."""

from abc import abstractmethod
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.gui.format import steps
from workbench.gui.panels import quantities
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.panels.validation_reading import ScoreReader, Scores
from workbench.gui.plots.key import Key, KeyEntry
from workbench.gui.plots.places_axis import PlacesPlot, places
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.theme import theme
from workbench.lab.errors import ExperimentError
from workbench.lab.experiment import Experiment
from workbench.lab.workbook import RunRecord
from workbench.tasks import Baseline, Task, task_class

Found = dict[int, Scores]
_FAR_APART = 10.0


class AcrossPanel(Panel):
    """Reads the last validation of each ticked run, up to the film's place, and draws it over few numbers."""

    listens = frozenset({"validation", "run", "baselines"})
    across: str
    """What the x axis counts."""
    invitation: str
    """What is said while no run is ticked."""

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__(session, clock)
        self._reader: ScoreReader | None = None
        self.found: Found = {}
        self.baselines: tuple[Baseline, ...] = ()
        """What simple predictors score on the task of the run looked at."""
        self.pointed: int | None = None
        self.key = Key()
        self.plot = PlacesPlot(self.across)
        self.plot.setAccessibleName(self.title)
        self.body.addWidget(self.key)
        self.body.addWidget(self.plot, 1)
        self.plot.pointed.connect(lambda x, _: self._point(x))
        self.plot.left.connect(self._leave)
        session.film.changed.connect(self.outdate)
        session.runs.changed.connect(self._hear_of_runs)
        theme().changed.connect(self._dress)
        self.show_empty(self.invitation)

    # What a subclass does.

    @abstractmethod
    def draw_scores(self) -> None:
        """Draw ``found``, or say why there is nothing to draw."""

    @abstractmethod
    def entries(self) -> list[KeyEntry]:
        """Return what the key says, at the number pointed at where there is one."""

    @abstractmethod
    def caption(self) -> str:
        """Return what is drawn, in one line."""

    # What it may call.

    @property
    def current(self) -> Experiment | None:
        """The experiment of the run looked at; None without one, or where it cannot be read."""
        record = self.session.runs.current_record
        return None if record is None else experiment_of(record)

    def name_of(self, run: int) -> str:
        """Return what a run is called."""
        record = self.session.runs.get(run)
        return "" if record is None else record.name

    def when(self) -> str:
        """Return at which moment of training the scores were had: "at step 1 500"."""
        moments = {scores.step for scores in self.found.values()}
        if len(moments) == 1:
            return f"at step {steps(moments.pop())}"
        return "at each run's last validation" if self.session.film.live else f"up to step {steps(self._place or 0)}"

    def show_values(self, numbers: Sequence[int], values: NDArray[np.float64], metric: str) -> None:
        """Lay out both axes for these numbers and all values that are drawn."""
        shrinks = self._shrinks(metric) and _spans_decades(values)
        self.plot.set_log_y(shrinks)
        self.plot.set_labels(self.across, metric)
        self.plot.show_numbers(numbers)
        heights = self.plot.heights(values)
        known = heights[np.isfinite(heights)]
        low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
        if not shrinks and low >= 0 and high <= 1 and not self._lower_is_better(metric):
            low, high = 0.0, 1.0  # a share is seen as one
        self.plot.show_range(y=(low, high))

    def tell(self) -> None:
        """Say what is drawn, and the values at the number pointed at."""
        self.set_caption(self.caption())
        self.key.show_entries(self.entries())

    # How it works.

    @property
    def _place(self) -> int | None:
        return self.session.film.place

    def job(self) -> Job | None:
        """Read the scores of all ticked runs."""
        workbook, runs, place = self.session.workbook, sorted(self.session.runs.shown), self._place
        current = self.session.runs.current
        if workbook is None or not runs:
            self.set_caption("")
            self.show_empty(self.invitation)
            return None
        if self._reader is None or self._reader.workbook is not workbook:
            self._reader = ScoreReader(workbook)
        reader = self._reader

        def read() -> tuple[Found, tuple[Baseline, ...]]:
            return reader.read(runs, place), () if current is None else workbook.runs.baselines(current)

        return read

    def draw(self, data: tuple[Found, tuple[Baseline, ...]]) -> None:
        """Draw the scores that were read."""
        self.found, self.baselines = data
        self.draw_scores()

    def empty(self, sentence: str) -> None:
        """Show a sentence in place of the plot."""
        self.set_caption("")
        self.show_empty(sentence)

    def _shrinks(self, metric: str) -> bool:
        experiment = self.current
        task: type[Task] | None = None if experiment is None else task_class(experiment.task)
        return quantities.natural_scale(metric, task) == "log"

    def _lower_is_better(self, metric: str) -> bool:
        experiment = self.current
        if experiment is None:
            return False
        task = task_class(experiment.task)
        return task.metric == metric and task.better == "lower"

    def _point(self, x: float) -> None:
        self.pointed = self.plot.nearest(x) if self.plot.numbers else None
        self.plot.mark(None if self.pointed is None else float(places([self.pointed])[0]))
        self.tell()

    def _leave(self) -> None:
        self.pointed = None
        self.plot.mark(None)
        self.tell()

    def _hear_of_runs(self) -> None:
        """Draw anew when a ticked run has another name or another fate."""
        told = tuple((record.id, record.name, record.status) for record in self.session.runs.shown_records)
        if told != self._told:
            self._told = told
            self.outdate()

    _told: tuple[tuple[int, str, str], ...] = ()

    def _dress(self) -> None:
        if self.found:
            self.draw_scores()


def _spans_decades(values: NDArray[np.float64]) -> bool:
    """Tell whether values are all above 0 and so far apart that only powers of ten show them all."""
    known = values[np.isfinite(values)]
    return bool(len(known)) and bool(known.min() > 0) and float(known.max() / known.min()) >= _FAR_APART


def experiment_of(record: RunRecord) -> Experiment | None:
    """Return a run's experiment; None for one that this version cannot read."""
    try:
        return quantities.experiment_from(record.experiment)
    except ExperimentError:
        return None
