"""The runs of the open workbook: which there are, which are drawn and how, and which one is looked at closely."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal

from workbench.lab.workbook import RunRecord

_LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


@dataclass(frozen=True)
class RunStyle:
    """How a run is drawn everywhere: a colour's index in the theme, and a line style beside it."""

    colour: int
    line: Qt.PenStyle


class RunList(QObject):
    """All runs as they stand, those ticked to be drawn together, and the current one."""

    changed = Signal()
    """A run came, went, or has another status, progress or name."""
    shown_changed = Signal()
    """Other runs are ticked."""
    current_changed = Signal()
    """Another run is looked at closely."""

    def __init__(self) -> None:
        super().__init__()
        self.records: tuple[RunRecord, ...] = ()
        self.current: int | None = None
        self.shown: tuple[int, ...] = ()
        self._by_id: dict[int, RunRecord] = {}
        self._slots: dict[int, int] = {}
        self._expected: int | None = None

    def get(self, run: int | None) -> RunRecord | None:
        """Return a run as it stands, None where it is not there (any more)."""
        return None if run is None else self._by_id.get(run)

    @property
    def current_record(self) -> RunRecord | None:
        """The run that is looked at closely, as it stands."""
        return self.get(self.current)

    @property
    def shown_records(self) -> tuple[RunRecord, ...]:
        """The ticked runs, as they stand."""
        return tuple(self._by_id[run] for run in sorted(self.shown) if run in self._by_id)

    @property
    def active(self) -> tuple[RunRecord, ...]:
        """The runs that somebody trains."""
        return tuple(record for record in self.records if record.active)

    def style(self, run: int) -> RunStyle:
        """Return how a run is drawn. It keeps its style while the window is open."""
        slot = self._slots.get(run, 0)
        return RunStyle(slot, _LINES[slot % len(_LINES)])

    def select(self, run: int | None) -> None:
        """Look at a run closely; it is drawn from now on, alone where only the one before was."""
        if run == self.current:
            return
        alone = self.shown in ((), (self.current,))
        self.current = run
        if run is not None and run not in self.shown:
            self._set_shown((run,) if alone else (*self.shown, run))
        self.current_changed.emit()

    def expect(self, run: int) -> None:
        """Look at a run closely as soon as it is there: it was just started here."""
        self._expected = run

    def show(self, run: int, shown: bool) -> None:
        """Tick a run, or untick it. The current one stays ticked."""
        if shown == (run in self.shown) or run == self.current:
            return
        self._set_shown((*self.shown, run) if shown else tuple(other for other in self.shown if other != run))

    def update(self, records: Sequence[RunRecord]) -> None:
        """Take over what the workbook says."""
        if tuple(records) == self.records:
            return
        self.records = tuple(records)
        self._by_id = {record.id: record for record in self.records}
        if not set(self.shown) <= self._by_id.keys():
            self._set_shown(tuple(run for run in self.shown if run in self._by_id))
        if self._expected in self._by_id:
            self.select(self._expected)
            self._expected = None
        elif self.current not in self._by_id:
            self.select(self._worth_a_look())
        self.changed.emit()

    def clear(self) -> None:
        """Forget all runs: another workbook comes."""
        self._slots.clear()
        self._by_id.clear()
        self.records, self.shown, self.current, self._expected = (), (), None, None
        self.changed.emit()
        self.shown_changed.emit()
        self.current_changed.emit()

    def _set_shown(self, shown: tuple[int, ...]) -> None:
        taken = {self._slots[run] for run in shown if run in self._slots}
        for run in shown:
            if run not in self._slots:
                self._slots[run] = next(slot for slot in range(len(shown) + 1) if slot not in taken)
                taken.add(self._slots[run])
        for run in set(self._slots) - set(shown):
            if self._slots[run] in taken:
                del self._slots[run]
        self.shown = shown
        self.shown_changed.emit()

    def _worth_a_look(self) -> int | None:
        """Return the newest run, one that is being trained first."""
        candidates = self.active or self.records
        return candidates[-1].id if candidates else None
