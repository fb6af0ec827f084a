"""Closing the window: what becomes of runs that train, and everything kept for the next start."""

from typing import get_args

from workbench.gui.context import Context
from workbench.gui.dialogs.closing import Choice, ClosingDialog
from workbench.lab.errors import LabError
from workbench.lab.running import send_command

_KEY = "closing"


class Leaving:
    """Asks, saves and stops; once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._left = False

    def leave(self) -> bool:
        """Tell whether the window may close; then everything is saved and stopped."""
        if self._left:
            return True
        active = self._context.session.runs.active
        choice = self._choose([record.name for record in active]) if active else "keep"
        if choice == "cancel":
            return False
        if choice == "stop":
            self._stop([record.id for record in active])
        self.leave_quietly()
        return True

    def leave_quietly(self) -> None:
        """Save and stop without a question; runs train on."""
        if self._left:
            return
        self._left = True
        self._save()
        self._context.clock.stop()
        self._context.control.close()
        self._context.dialogs.close()
        self._context.session.close()

    def _choose(self, names: list[str]) -> Choice:
        memory = self._context.memory
        remembered = memory.text(_KEY)
        if remembered in get_args(Choice):
            return remembered  # type: ignore[return-value]
        dialog = ClosingDialog(names, self._context.window)
        choice = dialog.ask()
        if dialog.remember and choice != "cancel":
            memory.set_text(_KEY, choice)
        return choice

    def _stop(self, runs: list[int]) -> None:
        workbook = self._context.session.workbook
        assert workbook is not None
        for run in runs:
            try:
                send_command(workbook, run, "stop")
            except LabError as error:  # it ended by itself meanwhile
                self._context.session.complain(error)

    def _save(self) -> None:
        context = self._context
        memory, workbook = context.memory, context.session.workbook
        memory.set_place("geometry", context.window.saveGeometry())
        memory.set_values("workspace", context.workspace.saved())
        memory.set_text("draft", context.draft.saved())
        memory.set_text("workbook", str(workbook.path) if workbook else "")
        memory.save()
