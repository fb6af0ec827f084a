"""Runs that wait for their turn: those of a comparison, of which two train at a time."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from workbench.errors import WorkbenchError
from workbench.gui.session import Session
from workbench.lab.asking import ask_start
from workbench.lab.experiment import Experiment
from workbench.lab.workbook import Workbook

AT_ONCE = 2
_BEGIN = "queue"  # key of errands


class RunQueue(QObject):
    """Adds runs to the workbook, draws them all, and starts the next one whenever fewer than two of them train.

    ``launch`` starts the process that trains a run; it is called on the thread of errands. What still waits when the
    window closes stays in the workbook, and can be resumed there.
    """

    def __init__(self, session: Session, launch: Callable[[Workbook, int], object]) -> None:
        super().__init__()
        self._session, self._launch = session, launch
        self._coming: list[Experiment] = []
        self._waiting: list[int] = []
        self._launched: set[int] = set()
        self._to_draw: set[int] = set()
        session.opened.connect(self._forget)
        session.runs.changed.connect(self._look)

    @property
    def busy(self) -> bool:
        """Whether runs are still to be started."""
        return bool(self._coming or self._waiting)

    def add(self, experiments: Sequence[Experiment]) -> None:
        """Train these, the first ones first; the first of all is looked at."""
        self._coming += experiments
        self._add_next(is_first=True)

    def _add_next(self, *, is_first: bool) -> None:
        """Add one run to the workbook: one errand each, so that a click on Pause never waits for all of them."""
        workbook = self._session.workbook
        if workbook is None or not self._coming:
            return
        experiment = self._coming.pop(0)

        def added(run: int) -> None:
            if workbook is self._session.workbook:
                self._take(run, is_first=is_first)

        self._session.errands.ask(_BEGIN, lambda: ask_start(workbook, experiment), added, self._fail)

    def _take(self, run: int, *, is_first: bool) -> None:
        self._waiting.append(run)
        self._to_draw.add(run)
        if is_first:
            self._session.runs.expect(run)
        self._session.look()
        if self._coming:
            self._add_next(is_first=False)

    def _look(self) -> None:
        """Draw the runs that have come, and start those whose turn it is."""
        runs = self._session.runs
        for run in sorted(run for run in self._to_draw if runs.get(run) is not None):
            self._to_draw.discard(run)
            runs.show(run, True)
        self._waiting = [run for run in self._waiting if run in self._to_draw or self._still_waits(run)]
        ready = [run for run in self._waiting if run not in self._to_draw]
        for run in ready[: max(0, AT_ONCE - self._training())]:
            self._waiting.remove(run)
            self._start(run)

    def _still_waits(self, run: int) -> bool:
        """Tell whether a run is there, and nobody has started it by other means."""
        record = self._session.runs.get(run)
        return record is not None and record.status == "idle"

    def _training(self) -> int:
        """Return how many of those that were started are not at their end; one just started may still seem idle."""
        records = map(self._session.runs.get, self._launched)
        return sum(record is not None and (record.active or record.status == "idle") for record in records)

    def _start(self, run: int) -> None:
        workbook = self._session.workbook
        if workbook is None:
            return
        self._launched.add(run)

        def failed(error: WorkbenchError) -> None:
            self._launched.discard(run)
            self._session.complain(error)
            self._look()

        self._session.errands.ask(
            f"{_BEGIN} {run}", lambda: self._launch(workbook, run), lambda _: self._session.look(), failed
        )

    def _fail(self, error: WorkbenchError) -> None:
        """Give up what has not been added yet: the others would fail the same way."""
        self._coming = []
        self._session.complain(error)

    def _forget(self) -> None:
        self._coming, self._waiting, self._launched, self._to_draw = [], [], set(), set()
