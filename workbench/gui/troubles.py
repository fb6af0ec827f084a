"""Runs that failed, were interrupted or wait for something, as a cell to be compiled: said above the panels."""

from workbench.gui.control import RunControl
from workbench.gui.dialogs.dialogs import Dialogs
from workbench.gui.notices import Deed, Notices
from workbench.gui.session import Session
from workbench.lab.workbook import RunRecord

_KEY = "trouble"


class Troubles:
    """Watches the current run and speaks up when it is in trouble, or cannot begin yet; says what can be done."""

    def __init__(self, session: Session, control: RunControl, notices: Notices, dialogs: Dialogs) -> None:
        self._session, self._control, self._notices, self._dialogs = session, control, notices, dialogs
        self._told: tuple[int, str, str] | None = None
        session.runs.changed.connect(self.look)
        session.runs.current_changed.connect(self.look)

    def look(self) -> None:
        """Say what is wrong with the current run, once; take it back when it is no longer so."""
        record = self._session.runs.current_record
        state = (record.id, record.status, record.sentence) if record else None
        if state == self._told:
            return
        self._told = state
        self._notices.withdraw(_KEY)
        if record is None:
            return
        if record.status == "starting" and record.sentence:
            self._notices.tell(record.sentence, key=_KEY)
        elif record.status in ("interrupted", "failed") or _waits(record):
            self._notices.tell(_sentence(record), *self._deeds(record), key=_KEY)

    def _deeds(self, record: RunRecord) -> list[Deed]:
        run = record.id
        deeds = [Deed("Show log", lambda: self._dialogs.show_details(run))]
        if record.status == "interrupted":
            deeds.insert(0, Deed("Resume", lambda: self._control.resume_run(run)))
        return deeds


def _waits(record: RunRecord) -> bool:
    """Tell whether a run has paused by itself, as where the disk is full: then it says why."""
    return record.status == "paused" and bool(record.sentence)


def _sentence(record: RunRecord) -> str:
    if record.sentence:
        return f"{record.name}: {record.sentence}"
    if record.status == "interrupted":
        return f"{record.name} was interrupted at step {record.step:,}: whoever trained it is gone. Resume it to go on."
    return f"{record.name} failed at step {record.step:,}."
