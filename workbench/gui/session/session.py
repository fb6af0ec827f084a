"""The session: the one object that everything in the window is given."""

import logging
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from workbench.errors import WorkbenchError
from workbench.gui.background import Background
from workbench.gui.session.cursor import Cursor
from workbench.gui.session.film import FilmPlace
from workbench.gui.session.runs import RunList
from workbench.lab.apart import stop_answers
from workbench.lab.workbook import RunRecord, Workbook, open_workbook

logger = logging.getLogger(__name__)

News = frozenset[tuple[int, str]]
_GONE = (
    "The open workbook was moved or deleted. Its runs can still be seen here: save a copy of the workbook to keep "
    "them, and open that copy to train on."
)


@dataclass(frozen=True)
class _Look:
    """What one short look at the workbook found."""

    counter: int
    changed: News
    records: tuple[RunRecord, ...] | None
    file_there: bool


class Session(QObject):
    """The open workbook, what is looked at in it, and the threads that read and write it.

    ``reader`` does short reads for panels. ``errands`` writes to the workbook and starts runs: a click on Pause waits
    for nothing else. ``estimates`` works out what the form tells, which may take long: it reads the person's own data.
    """

    opened = Signal()
    """Another workbook is open, or none."""
    news = Signal(object)
    """What changed in the workbook: a frozenset of (run, kind); kinds: see workbench.lab.workbook.News."""
    closing = Signal()
    """All ends here: whoever works beside the session's threads ends too."""
    complained = Signal(str, str)
    """Something a person must know: a sentence, and details or ""."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = Background("reader")
        self.errands = Background("errands")
        self.estimates = Background("estimates")
        for background in (self.reader, self.errands, self.estimates):
            background.broke.connect(self.complained)
        self.workbook: Workbook | None = None
        self.runs = RunList()
        self.film = FilmPlace(self)
        self.cursor = Cursor()
        self._left: list[Workbook] = []
        self._counter = 0
        self._runs_changed = True
        self._trouble = ""
        self.news.connect(self._read_film)

    def open(self, path: Path, *, create: bool = False) -> None:
        """Open a workbook in place of the one before; `opened` tells when. One that is refused changes nothing."""
        self.errands.ask("open", lambda: open_workbook(path, create=create), self._take, self.complain)

    def look(self, *, with_records: bool = True) -> None:
        """Ask the workbook what is new; `news` and `runs.changed` tell what was found."""
        workbook, counter = self.workbook, self._counter
        if workbook is None or self.reader.is_pending("look"):
            return
        due = with_records and (self._runs_changed or any(map(_may_change_unheard, self.runs.records)))

        def read() -> _Look:
            news = workbook.changes.since(counter)
            records = workbook.runs.all() if due or (with_records and _tells_of_runs(news.changed)) else None
            return _Look(news.counter, news.changed, records, file_there=workbook.path.exists())

        self.reader.ask("look", read, self._found, lambda error: self._tell_trouble(str(error)))

    def complain(self, error: WorkbenchError) -> None:
        """Show a person what went wrong."""
        self.complained.emit(str(error), "")

    def close(self) -> None:
        """Stop the threads and let go of the workbook. Runs train on."""
        self.closing.emit()
        backgrounds = self.estimates, self.reader, self.errands
        for background in backgrounds:
            background.forget_all()
        stop_answers()  # nobody waits for a large file that is being read
        for background in backgrounds:
            background.close()
        for workbook in (*self._left, self.workbook):
            if workbook is not None:
                workbook.close()
        self._left, self.workbook = [], None

    def _take(self, workbook: Workbook) -> None:
        before, self.workbook = self.workbook, workbook
        self._counter, self._runs_changed, self._trouble = 0, True, ""
        self.reader.forget_all()
        self.film.forget_all()
        self.runs.clear()
        if before is not None:
            self._leave(before)
        for sentence in workbook.warnings:
            self.complained.emit(sentence, "")
        self.opened.emit()
        self.look()

    def _leave(self, workbook: Workbook) -> None:
        """Close a workbook behind all jobs that still use it, on both threads."""
        self._left.append(workbook)
        self.reader.ask("leave", lambda: None, lambda _: self._close_left(), self.complain)

    def _close_left(self) -> None:
        left = tuple(self._left)

        def close() -> None:
            for workbook in left:
                workbook.close()

        def closed(_: None) -> None:
            self._left = [workbook for workbook in self._left if workbook not in left]

        self.errands.ask("leave", close, closed, self.complain)

    def _found(self, look: _Look) -> None:
        self._counter = look.counter
        self._tell_trouble("" if look.file_there else _GONE)
        if look.records is not None:
            self._runs_changed = False
            self.runs.update(look.records)
        else:
            self._runs_changed |= _tells_of_runs(look.changed)
        if look.changed:
            self.news.emit(look.changed)

    def _tell_trouble(self, sentence: str) -> None:
        """Say once what keeps the workbook from being seen as it is; the same again only after it was well."""
        if sentence not in ("", self._trouble):
            self.complained.emit(sentence, "")
        self._trouble = sentence

    def _read_film(self, changed: News) -> None:
        if (self.runs.current, "film") in changed:
            self.film.refresh()


def _tells_of_runs(changed: News) -> bool:
    return any(kind == "run" for _, kind in changed)


def _may_change_unheard(record: RunRecord) -> bool:
    """Tell whether a run's status may change without a word in the workbook: whoever trains it dies, or wakes up."""
    return record.active or record.status == "interrupted"
