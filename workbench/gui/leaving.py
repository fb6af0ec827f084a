"""Closing the window: what becomes of runs that train, and everything kept for the next start."""

from typing import get_args

from workbench.gui.context import Context
from workbench.gui.dialogs.closing import Answer, Closing
from workbench.gui.recovery import DraftKeeper
from workbench.lab.errors import LabError
from workbench.lab.running import send_command

_KEY = "closing"  # in memory


class Leaving:
    """Asks, saves and stops; once."""

    def __init__(self, context: Context, keeper: DraftKeeper) -> None:
        self._context, self._keeper = context, keeper
        self._left = False

    def may_leave(self) -> bool:
        """Tell whether the window may close now; where a person has to be asked, it closes after the answer."""
        if self._left:
            return True
        active = self._context.session.runs.active
        remembered = self._context.memory.text(_KEY)
        if not active:
            self.leave()
        elif remembered in get_args(Answer):
            self._take(remembered, True)
        else:
            question = Closing([record.name for record in active], self._context.window)
            question.answered.connect(self._take_and_close)
            question.open()
        return self._left

    def leave(self) -> None:
        """Save and stop without a question; runs train on."""
        if self._left:
            return
        self._left = True
        self._save()
        self._context.window.hide()  # what is under way may take a while to end: nobody has to watch
        self._context.clock.stop()
        self._context.dialogs.close()
        self._context.session.close()
        self._context.control.close()
        # A stack that is not empty when it is destroyed tells of it, to commands that can no longer ask it.
        self._context.undo_stack.clear()

    def _take_and_close(self, answer: str, lasting: bool) -> None:
        self._take(answer, lasting)
        if self._left:
            self._context.window.close()

    def _take(self, answer: str, lasting: bool) -> None:
        if answer == "cancel":
            return
        if lasting:
            self._context.memory.set_text(_KEY, answer)
        if answer == "stop":
            self._stop_runs()
        self.leave()

    def _stop_runs(self) -> None:
        session = self._context.session
        workbook = session.workbook
        if workbook is None:
            return
        for record in session.runs.active:
            try:
                send_command(workbook, record.id, "stop")
            except LabError as error:  # it ended by itself meanwhile
                session.complain(error)

    def _save(self) -> None:
        context = self._context
        memory, workbook = context.memory, context.session.workbook
        memory.set_place("geometry", context.window.saveGeometry())
        memory.set_values("workspace", context.workspace.saved())
        memory.set_text("workbook", str(workbook.path) if workbook else "")
        self._keeper.keep()
