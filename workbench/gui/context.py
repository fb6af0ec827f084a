"""What commands and dialogs work on: one object, passed explicitly."""

from dataclasses import dataclass

from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QMainWindow

from workbench.gui.commands import Commands
from workbench.gui.control import RunControl
from workbench.gui.deeds import RunDeeds
from workbench.gui.dialogs.dialogs import Dialogs
from workbench.gui.files import Files
from workbench.gui.form.draft import Draft
from workbench.gui.memory import Memory
from workbench.gui.notices import Notices
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.workspace import Workspace


@dataclass(frozen=True)
class Context:
    """The parts of one window."""

    window: QMainWindow
    memory: Memory
    session: Session
    clock: Clock
    draft: Draft
    control: RunControl
    deeds: RunDeeds
    files: Files
    notices: Notices
    workspace: Workspace
    commands: Commands
    dialogs: Dialogs

    @property
    def undo_stack(self) -> QUndoStack:
        """Edits of the experiment and deeds done to runs, in one order."""
        return self.draft.undo_stack
