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
from workbench.lab.workbook import RunRecord, Workbook, open_workbook

logger = logging.getLogger(__name__)

News = frozenset[tuple[int, str]]


@dataclass(frozen=True)
class _Look:
    """What one short look at the workbook found."""

    counter: int
    changed: News
    records: tuple[RunRecord, ...] | None


class Session(QObject):
    """The open workbook, what is looked at in it, and the threads that read and write it.

    ``reader`` does short reads for panels, ``errands`` whatever may take longer: starting a run, renaming one.
    """

    opened = Signal()
    """Another workbook is open, or none."""
    news = Signal(object)
    """What changed in the workbook: a frozenset of (run, kind); kinds: see workbench.lab.workbook.News."""
    complained = Signal(str, str)
    """Something a person must know: a sentence, and details or ""."""

    def __init__(self) -> None:
        super().__init__()
        self.reader = Background("reader")
        self.errands = Background("errands")
        for background in (self.reader, self.errands):
            background.broke.connect(self.complained)
        self.workbook: Workbook | None = None
        self.runs = RunList()
        self.film = FilmPlace(self)
        self.cursor = Cursor()
        self._counter = 0
        self._looking = False
        self.news.connect(self._read_film)

    def open(self, path: Path, *, create: bool = False) -> None:
        """Open a workbook in place of the one before; `opened` tells when. One that is refused changes nothing."""
        self.errands.ask("open", lambda: open_workbook(path, create=create), self._take, self.complain)

    def look(self, *, with_records: bool = True) -> None:
        """Ask the workbook what is new; `news` and `runs.changed` tell what was found."""
        workbook, counter = self.workbook, self._counter
        if workbook is None or self._looking:
            return
        self._looking = True

        def read() -> _Look:
            news = workbook.changes.since(counter)
            return _Look(news.counter, news.changed, workbook.runs.all() if with_records else None)

        self.reader.ask("look", read, self._found, self._look_failed)

    def complain(self, error: WorkbenchError) -> None:
        """Show a person what went wrong."""
        self.complained.emit(str(error), "")

    def close(self) -> None:
        """Stop the threads and let go of the workbook. Runs train on."""
        self.reader.close()
        self.errands.close()
        if self.workbook is not None:
            self.workbook.close()
            self.workbook = None

    def _take(self, workbook: Workbook) -> None:
        before, self.workbook = self.workbook, workbook
        self._counter, self._looking = 0, False
        for key in ("look", "film"):
            self.reader.forget(key)
        self.film.forget_all()
        self.runs.clear()
        if before is not None:
            self._close_when_idle(before)
        for sentence in workbook.warnings:
            self.complained.emit(sentence, "")
        self.opened.emit()
        self.look()

    def _close_when_idle(self, workbook: Workbook) -> None:
        """Close a workbook behind all jobs that still use it, on both threads."""
        self.reader.ask(
            f"leave {workbook.path}",
            lambda: None,
            lambda _: self.errands.ask(f"close {workbook.path}", workbook.close, lambda _: None, self.complain),
            self.complain,
        )

    def _found(self, look: _Look) -> None:
        self._looking = False
        self._counter = look.counter
        if look.records is not None:
            self.runs.update(look.records)
        if look.changed:
            self.news.emit(look.changed)

    def _look_failed(self, error: WorkbenchError) -> None:
        self._looking = False
        self.complain(error)

    def _read_film(self, changed: News) -> None:
        if (self.runs.current, "film") in changed:
            self.film.refresh()
