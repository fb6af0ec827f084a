"""What is done to runs that are there: a new name, the trash, and back; each deed can be undone."""

from collections.abc import Callable, Sequence
from itertools import count

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from workbench.errors import WorkbenchError
from workbench.gui.session import Session
from workbench.lab.errors import RunBusy
from workbench.lab.workbook import Workbook

Write = Callable[[Workbook], None]


class RunDeeds(QObject):
    """Writes to the workbook on the thread of errands; a deed that worked comes onto the undo stack."""

    done = Signal()
    """Something was written: a list of runs made by other means than the session's is to be read anew."""
    trashed = Signal(int, str)
    """A run, by its name, lies in the trash."""
    restored = Signal(int)
    """A run is out of the trash again."""
    busy = Signal(int, str)
    """A run was not moved, for somebody trains it: the run, and a sentence."""

    def __init__(self, session: Session, undo_stack: QUndoStack) -> None:
        super().__init__()
        self._session, self._undo_stack = session, undo_stack
        self._numbers = count()
        self._newest_trash: QUndoCommand | None = None

    def trash(self, run: int) -> None:
        """Put a run into the trash; `busy` tells where it cannot be."""
        name = self._name(run)
        text = f"Move {name} to the trash"
        deed = _Deed(self, text, _trash(run), _restore(run), undone=lambda: self.restored.emit(run))

        def moved() -> None:
            self._undo_stack.push(deed)
            self._newest_trash = deed
            self.trashed.emit(run, name)

        self._write(_trash(run), moved, lambda error: self._refuse(run, error))

    def rename(self, run: int, name: str) -> None:
        """Give a run another name; an empty one, or the same, changes nothing."""
        before, after = self._name(run), name.strip()
        if after in ("", before):
            return
        deed = _Deed(self, f"Rename {before}", _rename(run, after), _rename(run, before))
        self._write(_rename(run, after), lambda: self._undo_stack.push(deed))

    def restore(self, run: int, name: str = "") -> None:
        """Take a run out of the trash; ``name`` is what it is called there."""
        deed = _Deed(self, f"Restore {name or self._name(run)}", _restore(run), _trash(run))

        def restored() -> None:
            self._undo_stack.push(deed)
            self.restored.emit(run)

        self._write(_restore(run), restored)

    def take_back_trash(self, run: int, name: str) -> None:
        """Undo the move to the trash where it was the last thing done; else take the run out again."""
        stack, newest = self._undo_stack, self._newest_trash
        if newest is not None and stack.index() and stack.command(stack.index() - 1) is newest:
            stack.undo()
        else:
            self.restore(run, name)

    def delete(self, runs: Sequence[int]) -> None:
        """Remove runs that lie in the trash, for good."""

        def write(workbook: Workbook) -> None:
            for run in runs:
                workbook.runs.delete(run)

        self._write(write, lambda: None)

    def _name(self, run: int) -> str:
        record = self._session.runs.get(run)
        return record.name if record is not None else f"run {run}"

    def _write(
        self,
        write: Write,
        then: Callable[[], None],
        failed: Callable[[WorkbenchError], None] | None = None,
    ) -> None:
        """Write to the open workbook, then tell."""
        workbook = self._session.workbook
        if workbook is None:
            return

        def written(_: None) -> None:
            then()
            self._session.look()
            self.done.emit()

        def refused(error: WorkbenchError) -> None:
            (failed or self._session.complain)(error)
            self.done.emit()

        # Each deed has a key of its own: none may replace another that waits.
        self._session.errands.ask(f"deed {next(self._numbers)}", lambda: write(workbook), written, refused)

    def _refuse(self, run: int, error: WorkbenchError) -> None:
        if isinstance(error, RunBusy):
            self.busy.emit(run, str(error))
        else:
            self._session.complain(error)


class _Deed(QUndoCommand):
    """A deed that was done before it came onto the stack."""

    def __init__(
        self, deeds: RunDeeds, text: str, forth: Write, back: Write, undone: Callable[[], None] = lambda: None
    ) -> None:
        super().__init__(text)
        self._deeds, self._forth, self._back, self._undone = deeds, forth, back, undone
        self._workbook = deeds._session.workbook
        self._on_stack = False
        self._failed = False

    def redo(self) -> None:
        if self._on_stack:
            self._do(self._forth, lambda: None)
        self._on_stack = True

    def undo(self) -> None:
        self._do(self._back, self._undone)

    def _do(self, write: Write, then: Callable[[], None]) -> None:
        if self._failed or self._deeds._session.workbook is not self._workbook:
            # The stack drops a command that says so while it is carried out.
            self.setObsolete(True)
            if not self._failed:
                self._deeds._session.complained.emit(f"“{self.text()}” concerns a workbook that is no longer open.", "")
            return
        self._deeds._write(write, then, self._fail)

    def _fail(self, error: WorkbenchError) -> None:
        self._failed = True
        self._deeds._session.complain(error)


def _trash(run: int) -> Write:
    return lambda workbook: workbook.runs.trash(run)


def _restore(run: int) -> Write:
    return lambda workbook: workbook.runs.restore(run)


def _rename(run: int, name: str) -> Write:
    return lambda workbook: workbook.runs.rename(run, name)
