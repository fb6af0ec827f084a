"""Opens dialogs; each is loaded when it is first asked for."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QDialog, QMainWindow

from workbench.figures.renderer import Renderer
from workbench.gui.background import Background
from workbench.gui.commands import Commands
from workbench.gui.deeds import RunDeeds
from workbench.gui.dialogs.export.wish import Wish
from workbench.gui.log import log_folder
from workbench.gui.memory import Memory, settings_folder
from workbench.gui.panels.by_window import ByWindowPanel
from workbench.gui.run_queue import RunQueue
from workbench.gui.session import Session
from workbench.gui.tour_stops import tour_stops
from workbench.gui.workspace import Workspace
from workbench.lab.experiment import Experiment
from workbench.lab.places import default_workbook

_COPIED_RESOLUTION = 300  # dots per inch


class Dialogs(QObject):
    """All dialogs of a window."""

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        deeds: RunDeeds,
        workspace: Workspace,
        commands: Commands,
        memory: Memory,
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._deeds = window, session, deeds
        self._workspace, self._commands, self._memory = workspace, commands, memory
        self._drawing: Background | None = None
        self._renderer = Renderer()
        self._kept: dict[str, QObject] = {}

    # Figures.

    def export_figure(self) -> None:
        """Offer the figure of the panel in use, of the runs that are drawn."""
        from workbench.gui.dialogs.export import ExportDialog

        wish, workbook = self._wish(), self._session.workbook
        if wish is not None and workbook is not None:
            ExportDialog(workbook, wish, self._background, self._renderer, self._memory, self._window).open()

    def copy_figure(self) -> None:
        """Put the figure of the panel in use on the clipboard."""
        wish, workbook = self._wish(), self._session.workbook
        if wish is None or workbook is None:
            return
        self._background.ask(
            "copy",
            lambda: wish.make(workbook, self._renderer).png(_COPIED_RESOLUTION),
            self._copied,
            self._session.complain,
        )

    def _copied(self, png: bytes) -> None:
        QGuiApplication.clipboard().setImage(QImage.fromData(png))
        self._window.statusBar().showMessage("The figure was copied.", 4000)

    def _wish(self) -> Wish | None:
        runs = self._session.runs
        if runs.current is None:
            return None
        kind, options = self._workspace.figure_in_use()
        others = tuple(run for run in runs.shown if run != runs.current)
        return Wish(kind, (runs.current, *others), options)

    @property
    def _background(self) -> Background:
        if self._drawing is None:
            self._drawing = Background("figures")
            self._drawing.broke.connect(self._session.complained)
        return self._drawing

    # Runs.

    def show_details(self, run: int) -> None:
        """Show what defines a run, where it ran and what it said."""
        from workbench.gui.dialogs.run_details import RunDetails

        details = RunDetails(self._session, run, self._window)
        details.save_experiment_wanted.connect(self._workspace.runs_panel.save_experiment_wanted)
        details.open()

    def show_trash(self) -> None:
        """Show the runs in the trash."""
        from workbench.gui.dialogs.trash import TrashDialog

        TrashDialog(self._session, self._deeds, self._window).open()

    def compare_windows(self, experiment: Experiment, queue: RunQueue) -> None:
        """Ask for the windows with which an experiment is to be compared, and have all of it trained."""
        from workbench.gui.dialogs.window_comparison import WindowComparison

        def train(experiments: Sequence[Experiment]) -> None:
            queue.add(experiments)
            self._workspace.bring(ByWindowPanel.name)

        WindowComparison(experiment, train, self._window).open()

    # Cells.

    def show_cells(self) -> None:
        """Show the catalogue."""
        self._workspace.form.browse_cells()

    def edit_cell(self) -> None:
        """Let a person type equations."""
        self._workspace.form.edit_cell()

    # Help.

    def show_palette(self) -> None:
        """Let a person find a command."""
        from workbench.gui.dialogs.palette import Palette

        palette = self._keep("palette", lambda: Palette(self._commands, self._memory, self._window))
        assert isinstance(palette, Palette)
        palette.open()

    def show_shortcuts(self) -> None:
        """Show all keys."""
        from workbench.gui.dialogs.shortcuts import Shortcuts
        from workbench.gui.panel_keys import PANEL_KEYS

        Shortcuts(self._commands, PANEL_KEYS, self._window).open()

    def show_tour(self) -> None:
        """Lead through the window."""
        from workbench.gui.dialogs.tour import Tour

        tour = Tour(tour_stops(self._window, self._workspace), self._window)
        tour.start()

    def explain_focus(self) -> None:
        """Explain what has the focus."""
        from workbench.gui.dialogs.focus_help import explain_focus

        explain_focus(self._window)

    def show_about(self) -> None:
        """Show versions and where files lie."""
        from workbench.gui.dialogs.about import About, Place

        workbook = self._session.workbook.path if self._session.workbook else default_workbook()
        folders = {"Workbooks": workbook.absolute().parent, "Settings": settings_folder(), "Logs": log_folder()}
        About([Place(title, folder) for title, folder in folders.items()], self._window).open()

    def close(self) -> None:
        """Close what is open, and end the process that draws."""
        for dialog in self._window.findChildren(QDialog):
            dialog.close()
        if self._drawing is not None:
            self._drawing.close()
        self._renderer.close()

    def _keep(self, name: str, make: Callable[[], QObject]) -> QObject:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]
