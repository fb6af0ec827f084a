"""The parts of the window, assembled and connected; loading them takes a moment, so the window shows itself first."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow, QMenu, QToolButton, QVBoxLayout, QWidget

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
from workbench.gui.form.form import ExperimentForm
from workbench.gui.leaving import Leaving
from workbench.gui.memory import Memory
from workbench.gui.notices import Notices
from workbench.gui.recovery import DraftKeeper, restored_draft
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.status_bar import StatusBar
from workbench.gui.theme import set_role
from workbench.gui.tool_bar import ToolBar
from workbench.gui.troubles import Troubles
from workbench.gui.workspace import Workspace

_ALL_COMMANDS = (file_commands, edit_commands, run_commands, view_commands, help_commands)


class Parts:
    """Everything that stands in a window."""

    def __init__(self, window: QMainWindow, memory: Memory) -> None:
        self._window = window
        self.context = _make_context(window, memory)
        self.leaving = Leaving(self.context, DraftKeeper(self.context.draft, memory, window))
        self._troubles = Troubles(
            self.context.session, self.context.control, self.context.notices, self.context.dialogs
        )
        self._file_name = QLabel()
        self._lay_out()
        self._fill_menus()
        self._connect()
        self._add_camera()
        self.context.workspace.restore(memory.values("workspace"))

    def open(self, workbook: Path) -> None:
        """Open a workbook, made where there is none, and begin to watch it."""
        self.context.session.open(workbook, create=True)
        self.context.clock.start()

    def _lay_out(self) -> None:
        context = self.context
        self.tool_bar = ToolBar(context.session, context.control, context.draft, context.files, context.commands)
        self._window.setStatusBar(StatusBar(context.session))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tool_bar)
        column.addWidget(context.workspace, 1)
        self._window.setCentralWidget(page)

    def _fill_menus(self) -> None:
        context = self.context
        bar = self._window.menuBar()
        for name in context.commands.menus():
            menu = bar.addMenu(name)
            for command in context.commands:
                if command.menu == name:
                    if command.starts_group:
                        menu.addSeparator()
                    menu.addAction(context.commands.action(command.id))
            if name == "File":
                self._add_recent(menu)
        set_role(self._file_name, "muted")
        above = (bar.sizeHint().height() - self._file_name.sizeHint().height()) // 2  # a corner stands at the top
        self._file_name.setContentsMargins(0, above, 16, 0)

    def _connect(self) -> None:
        context = self.context
        session, commands = context.session, context.commands
        session.complained.connect(context.notices.complain)
        session.opened.connect(self._show_name)
        context.control.refused.connect(self._show_refusal)
        context.control.changed.connect(self._forget_refusal)
        context.undo_stack.indexChanged.connect(commands.refresh)
        for signal in (context.control.changed, context.workspace.changed, session.film.changed, session.opened):
            signal.connect(commands.refresh)
        context.files.data_given.connect(context.workspace.form.use_own_data)
        context.workspace.form.data_asked.connect(context.files.ask_data)
        runs = context.workspace.runs_panel
        runs.duplicate_wanted.connect(context.files.duplicate)
        runs.resume_wanted.connect(context.control.resume_run)
        runs.stop_wanted.connect(context.control.stop_run)
        runs.details_wanted.connect(context.dialogs.show_details)
        runs.save_experiment_wanted.connect(context.files.save_experiment_of)
        runs.trash_dialog_wanted.connect(context.dialogs.show_trash)

    def _add_camera(self) -> None:
        camera = QToolButton()
        camera.setDefaultAction(self.context.commands.action("run.snapshot"))
        camera.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self.context.workspace.film_bar.tools.addWidget(camera)

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
        self._window.menuBar().setCornerWidget(self._file_name, Qt.Corner.TopRightCorner)
        self._file_name.setVisible(True)
        self._window.setWindowTitle(f"{name} – RNN Workbench" if name else "RNN Workbench")

    def _show_refusal(self, path: str, reason: str) -> None:
        self.context.notices.tell(reason, key="refusal")
        self.context.workspace.form.focus_field(path)

    def _forget_refusal(self) -> None:
        if not self.context.control.refusal:
            self.context.notices.withdraw("refusal")


def _make_context(window: QMainWindow, memory: Memory) -> Context:
    session = Session()
    clock = Clock(session)
    draft = restored_draft(memory, window)
    notices = Notices()
    form = ExperimentForm(draft, session.estimates, lambda: session.runs.records)
    control = RunControl(session, draft, lambda: form.refusal)
    form.refusal_changed.connect(control.changed)
    files = Files(session, draft, memory, window)
    workspace = Workspace(session, clock, form, notices)
    commands = Commands(window)
    deeds = RunDeeds(session, draft.undo_stack)
    workspace.runs_panel.attach(deeds)
    dialogs = Dialogs(window, session, deeds, workspace, commands, memory)
    context = Context(
        window, memory, session, clock, draft, control, deeds, files, notices, workspace, commands, dialogs
    )
    for make in _ALL_COMMANDS:
        commands.add(*make(context))
    return context
