"""The main window: it assembles the parts and connects them, nothing else."""

from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QVBoxLayout, QWidget

from workbench.gui.commands import Commands
from workbench.gui.commands.edit import edit_commands
from workbench.gui.commands.file import file_commands
from workbench.gui.commands.help import help_commands
from workbench.gui.commands.run import run_commands
from workbench.gui.commands.view import view_commands
from workbench.gui.context import Context
from workbench.gui.control import RunControl
from workbench.gui.deeds import RunDeeds
from workbench.gui.dialogs.dialogs import Dialogs
from workbench.gui.files import Files
from workbench.gui.form.draft import Draft
from workbench.gui.form.form import ExperimentForm
from workbench.gui.leaving import Leaving
from workbench.gui.memory import Memory
from workbench.gui.notices import Notices
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.status_bar import StatusBar
from workbench.gui.theme import set_role
from workbench.gui.tool_bar import ToolBar
from workbench.gui.troubles import Troubles
from workbench.gui.workspace import Workspace

_SIZE = (1440, 900)
_ALL_COMMANDS = (file_commands, edit_commands, run_commands, view_commands, help_commands)


class MainWindow(QMainWindow):
    """The workbench. Give it a workbook to open, or let it open the last one."""

    def __init__(self, memory: Memory, workbook: Path) -> None:
        super().__init__()
        self.setObjectName("workbench")
        self.resize(*_SIZE)
        self.setAcceptDrops(True)
        self.context = self._make_context(memory)
        self._lay_out()
        self._connect()
        self._restore()
        self.context.session.open(workbook, create=True)
        self.context.clock.start()

    def _make_context(self, memory: Memory) -> Context:
        session = Session()
        clock = Clock(session)
        draft = Draft.restored(memory.text("draft"), parent=self)
        control = RunControl(session, draft)
        notices = Notices()
        form = ExperimentForm(draft, session.errands, lambda: session.runs.records)
        files = Files(session, draft, memory, self)
        workspace = Workspace(session, clock, form, notices)
        commands = Commands(self)
        deeds = RunDeeds(session, draft.undo_stack)
        workspace.runs_panel.attach(deeds)
        dialogs = Dialogs(self, session, deeds, workspace, commands, memory)
        context = Context(
            self, memory, session, clock, draft, control, deeds, files, notices, workspace, commands, dialogs
        )
        for make in _ALL_COMMANDS:
            commands.add(*make(context))
        return context

    def _lay_out(self) -> None:
        context = self.context
        self.tool_bar = ToolBar(context.session, context.control, context.draft, context.files, context.commands)
        self.setStatusBar(StatusBar(context.session))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tool_bar)
        column.addWidget(context.workspace, 1)
        self.setCentralWidget(page)
        bar = self.menuBar()
        for name in context.commands.menus():
            menu = bar.addMenu(name)
            for command in context.commands:
                if command.menu == name:
                    if command.starts_group:
                        menu.addSeparator()
                    menu.addAction(context.commands.action(command.id))
            if name == "File":
                self._add_recent(menu)
        self._file_name = QLabel()
        set_role(self._file_name, "muted")
        self._file_name.setContentsMargins(0, 0, 16, 0)

    def _connect(self) -> None:
        context = self.context
        session, commands = context.session, context.commands
        session.complained.connect(context.notices.complain)
        session.opened.connect(self._show_name)
        context.control.refused.connect(self._show_refusal)
        self._troubles = Troubles(session, context.control, context.notices, context.dialogs)
        context.undo_stack.indexChanged.connect(commands.refresh)
        for signal in (context.control.changed, context.workspace.changed, session.film.changed, session.opened):
            signal.connect(commands.refresh)
        runs = context.workspace.runs_panel
        runs.duplicate_wanted.connect(context.files.duplicate)
        runs.resume_wanted.connect(context.control.resume_run)
        runs.stop_wanted.connect(context.control.stop_run)
        runs.details_wanted.connect(context.dialogs.show_details)
        runs.save_experiment_wanted.connect(context.files.save_experiment_of)
        runs.trash_dialog_wanted.connect(context.dialogs.show_trash)
        self._leaving = Leaving(context)
        self.setFocus()  # no field, no button: Space trains

    def _restore(self) -> None:
        memory = self.context.memory
        self.restoreGeometry(memory.place("geometry"))
        self.context.workspace.restore(memory.values("workspace"))

    def show_first_tour(self) -> None:
        """Show the tour if this is the first start."""
        if not self.context.memory.text("tour"):
            self.context.memory.set_text("tour", "shown")
            QTimer.singleShot(300, self, self.context.dialogs.show_tour)

    def _add_recent(self, menu: QMenu) -> None:
        recent = QMenu("Open recent", menu)
        menu.insertMenu(self.context.commands.action("file.copy"), recent)

        def fill() -> None:
            recent.clear()
            for path in self.context.memory.recent:
                action = recent.addAction(str(path))
                action.triggered.connect(lambda _=False, own=path: self.context.session.open(own))

        recent.aboutToShow.connect(fill)

    def _show_name(self) -> None:
        workbook = self.context.session.workbook
        name = workbook.path.name if workbook else ""
        self._file_name.setText(name)
        # A corner keeps the width that its widget had when it was put there.
        self.menuBar().setCornerWidget(self._file_name, Qt.Corner.TopRightCorner)
        self._file_name.setVisible(True)
        self.setWindowTitle(f"{name} – RNN Workbench" if name else "RNN Workbench")

    def _show_refusal(self, path: str, reason: str) -> None:
        self.context.notices.tell(f"This experiment cannot be trained yet: {reason}", key="refusal")
        self.context.workspace.form.focus_field(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the file that was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if len(paths) != 1:
            self.context.session.complained.emit("Drop one file at a time.", "")
            return
        event.acceptProposedAction()
        self.context.files.open(paths[0])

    def close_quietly(self) -> None:
        """Close without a question, as when the computer shuts down: runs train on."""
        self._leaving.leave()
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask once what becomes of runs that train; save where everything stands; stop the threads."""
        if not self._leaving.may_leave():
            event.ignore()
            return
        event.accept()
