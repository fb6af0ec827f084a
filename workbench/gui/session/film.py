"""The film of the current run, and the place in it: a snapshot, or live."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from workbench.errors import WorkbenchError
from workbench.lab.errors import UnknownRun
from workbench.lab.workbook import Workbook

if TYPE_CHECKING:
    from workbench.gui.session.session import Session

_MOST_BYTES = 32 << 20  # of snapshots kept in memory, so that going back and forth is at once


@dataclass(frozen=True)
class Snapshot:
    """What the probe showed after a step of a run; names and shapes: see workbench.training.probe.Snapshot."""

    run: int
    step: int
    arrays: Mapping[str, NDArray[Any]]

    @property
    def length(self) -> int:
        """Steps of the sequence shown."""
        return int(self.arrays["length"])

    @property
    def sequence(self) -> int | None:
        """Which one of the probe's sequences is shown, from 0; None in snapshots of older workbooks."""
        return int(self.arrays["sequence"]) if "sequence" in self.arrays else None

    @property
    def switch(self) -> int | None:
        """The step at which an answer begins, behind its source; None where no decoder writes one."""
        return int(self.arrays["switch"]) if "switch" in self.arrays else None

    def named(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Return the arrays of one kind by the rest of their name: of "values/" as {"1.h": ..., "1.c": ...}."""
        return {name.removeprefix(prefix): array for name, array in self.arrays.items() if name.startswith(prefix)}


class FilmPlace(QObject):
    """The steps that have a snapshot, the place in them, and the snapshot there."""

    changed = Signal()
    """There are other steps, or the place moved."""
    snapshot_changed = Signal()
    """Another snapshot is shown, or none."""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session
        self.steps: tuple[int, ...] = ()
        self.place: int | None = None
        self.snapshot: Snapshot | None = None
        self.known = False
        """Whether the workbook has told which snapshots there are, none included."""
        self._kept: OrderedDict[tuple[int, int], Snapshot] = OrderedDict()
        session.runs.current_changed.connect(self._start_over)

    @property
    def live(self) -> bool:
        """Whether the newest snapshot is shown, whichever that is."""
        return self.place is None

    @property
    def step(self) -> int | None:
        """The step at which we stand, None where there is no film yet."""
        return self.place if self.place is not None else (self.steps[-1] if self.steps else None)

    def go_to(self, step: int) -> None:
        """Show the snapshot of a step; of the last one, whatever comes after it too."""
        if self.steps:
            self._move(_nearest(self.steps, step))

    def go_live(self) -> None:
        """Show the newest snapshot from now on."""
        self._move(None)

    def go_by(self, snapshots: int) -> None:
        """Go some snapshots on, or back."""
        if self.steps and self.step is not None:
            index = int(np.searchsorted(self.steps, self.step)) + snapshots
            self._move(self.steps[min(max(index, 0), len(self.steps) - 1)])

    def refresh(self) -> None:
        """Read which steps there are, and the snapshot of the place."""
        session, run = self._session, self._session.runs.current
        workbook = session.workbook
        if workbook is None or run is None:
            return
        place = self.place

        def read() -> tuple[tuple[int, ...], Snapshot | None]:
            steps = workbook.film.steps(run)
            self._let_go_of_thinned(run, steps)
            wanted = _nearest(steps, place) if steps else None
            return steps, None if wanted is None else self._read(workbook, run, wanted)

        session.reader.ask("film", read, lambda answer: self._show(run, *answer), self._gone)

    def forget_all(self) -> None:
        """Drop what was read: another workbook comes, whose runs have the same numbers."""
        self._kept = OrderedDict()

    def _let_go_of_thinned(self, run: int, steps: tuple[int, ...]) -> None:
        """Keep no snapshot in memory that the workbook has thinned away: nobody can go there any more."""
        there = set(steps)
        for key in [key for key in self._kept if key[0] == run and key[1] not in there]:
            del self._kept[key]

    def _read(self, workbook: Workbook, run: int, step: int) -> Snapshot:
        """Return a snapshot, from memory where it was read before. Called on the reader's thread only."""
        kept = self._kept
        snapshot = kept.get((run, step))
        if snapshot is None or snapshot.sequence != _sequence_in(workbook, run, step):
            snapshot = Snapshot(run, step, workbook.film.read(run, step))
        kept[run, step] = snapshot
        kept.move_to_end((run, step))
        while len(kept) > 1 and _size(kept.values()) > _MOST_BYTES:
            kept.popitem(last=False)
        return snapshot

    def _show(self, run: int, steps: tuple[int, ...], snapshot: Snapshot | None) -> None:
        if run != self._session.runs.current:
            return
        other_steps, other_snapshot = steps != self.steps or not self.known, snapshot is not self.snapshot
        self.steps, self.known, self.snapshot = steps, True, snapshot
        if other_steps:
            if self.place is not None and steps:
                self.place = _nearest(steps, self.place)  # the film may have been thinned where we stood
            self.changed.emit()
        if other_snapshot:
            self.snapshot_changed.emit()

    def _gone(self, error: WorkbenchError) -> None:
        # A snapshot thinned away between two reads is no matter: the next look finds its neighbour.
        if not isinstance(error, UnknownRun):
            self._session.complain(error)

    def _move(self, place: int | None) -> None:
        if place != self.place:
            self.place = place
            self.changed.emit()
            self.refresh()

    def _start_over(self) -> None:
        self._session.reader.forget("film")
        self.steps, self.place, self.snapshot, self.known = (), None, None, False
        self.changed.emit()
        self.snapshot_changed.emit()
        self.refresh()


def _sequence_in(workbook: Workbook, run: int, step: int) -> int | None:
    """Return which sequence a snapshot of the workbook shows by now: a choice replaces the one of the same step."""
    film = workbook.film
    there = "sequence" in film.names(run, step)
    return int(film.read(run, step, "sequence")["sequence"]) if there else None


def _nearest(steps: tuple[int, ...], place: int | None) -> int:
    """Return the step of the film that is nearest to a place, the last one for live."""
    return steps[-1] if place is None else min(steps, key=lambda step: abs(step - place))


def _size(snapshots: Iterable[Snapshot]) -> int:
    return sum(array.nbytes for snapshot in snapshots for array in snapshot.arrays.values())
