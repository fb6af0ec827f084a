"""The run table: all runs of the workbook, which are drawn, how far and how good they are."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QToolButton

from workbench.gui.deeds import RunDeeds
from workbench.gui.format import number
from workbench.gui.panels.panel import Job, Panel
from workbench.gui.panels.run_table import RunModel, RunView, Score, read_scores
from workbench.gui.panels.run_table.about import status_word
from workbench.gui.panels.run_table.menu import Do, run_menu
from workbench.gui.panels.run_table.model import NAME, SCORE, TICK
from workbench.gui.panels.run_table.note import Note
from workbench.gui.session import Session
from workbench.gui.session.clock import TABLES, Clock
from workbench.gui.session.session import News
from workbench.gui.theme import icon, set_role, theme

_ORDERS = {
    "newest": (TICK, Qt.SortOrder.DescendingOrder),
    "oldest": (TICK, Qt.SortOrder.AscendingOrder),
    "name": (NAME, Qt.SortOrder.AscendingOrder),
    "loss": (SCORE, Qt.SortOrder.AscendingOrder),
}


class RunsPanel(Panel):
    """All runs in a table. `attach` gives it the deeds by which runs are renamed and trashed."""

    name = "runs"
    title = "Runs"
    help = (
        "Every row is one training run. The coloured square tells how its curves are drawn, in colour and kind of "
        "line; click the square to draw the run together with others, or to leave it out. Click the name to look at "
        "a run closely: all other panels then show that run. The number at the right is the loss on held-out data, "
        "which the network never learns from; lower is better. Double click a name to change it. Delete moves a run "
        "to the trash, from which it can be restored."
    )

    duplicate_wanted = Signal(int)
    resume_wanted = Signal(int)
    stop_wanted = Signal(int)
    details_wanted = Signal(int)
    save_experiment_wanted = Signal(int)
    trash_dialog_wanted = Signal()

    def __init__(self, session: Session, clock: Clock) -> None:
        self._changes: dict[int, int] = {}
        self._read: dict[int, int] = {}
        self._order = "newest"
        super().__init__(session, clock)
        self.model = RunModel(session.runs)
        self.view = RunView(self.model)
        self.note = Note()
        self._told_trashed: int | None = None
        self._deeds: RunDeeds | None = None
        self.body.addWidget(self.view)
        outer = self.layout()
        assert outer is not None
        outer.addWidget(self.note)  # outside the body: the last run may lie in the trash
        self._add_tools()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self.outdate)
        self.view.chosen.connect(session.runs.select)
        self.view.menu_wanted.connect(self._open_menu)
        session.runs.changed.connect(self._notice_runs)
        session.runs.current_changed.connect(self._follow_current)
        session.news.connect(self._notice_scores)
        session.opened.connect(self._start_over)
        self._sort("newest")
        self._notice_runs()

    def attach(self, deeds: RunDeeds) -> None:
        """Let runs be renamed and trashed."""
        self._deeds = deeds
        self.model.editable = True
        self.model.rename_wanted.connect(deeds.rename)
        self.view.trash_wanted.connect(deeds.trash)
        deeds.trashed.connect(self._tell_trashed)
        deeds.restored.connect(self._forget_trashed)
        deeds.busy.connect(self._offer_stop)

    def settings(self) -> dict[str, Any]:
        """Return how runs are sorted."""
        return {"order": self._order}

    def restore(self, settings: Mapping[str, Any]) -> None:
        """Sort as it was."""
        if settings.get("order") in _ORDERS:
            self._sort(str(settings["order"]))

    def summary(self) -> str:
        """Return how many runs there are, and how the current one stands."""
        runs = self.session.runs
        count = len(runs.records)
        parts = [f"{count} run{'s' if count != 1 else ''}, {len(runs.active)} in training"]
        if (record := runs.current_record) is not None:
            score = self.model.score(record.id)
            loss = f"validation loss {number(score.loss)}" if score else f"loss {number(record.loss)}"
            parts.append(f"{record.name} is looked at: {status_word(record)}, {loss}")
        return "; ".join(parts)

    # Reading.

    def refresh(self) -> None:
        """Read the scores that changed; say why there is nothing where that is so."""
        if self.session.workbook is None:
            self.show_empty("No workbook is open.")
        elif not self.session.runs.records:
            self.show_empty("No runs yet. Press Train.")
        else:
            self.show_body()
        super().refresh()

    def job(self) -> Job | None:
        """Return what reads the last validation of all runs whose validations changed."""
        workbook = self.session.workbook
        there = {record.id for record in self.session.runs.records}
        wanted = {run: at for run, at in self._changes.items() if run in there and self._read.get(run) != at}
        if workbook is None or not wanted:
            return None
        return lambda: (workbook, wanted, read_scores(workbook, wanted))

    def draw(self, data: tuple[object, dict[int, int], dict[int, Score]]) -> None:
        """Show the scores."""
        workbook, wanted, scores = data
        if workbook is self.session.workbook:
            self._read.update(wanted)
            self.model.set_scores(scores)
            self.show_body()

    def _notice_runs(self) -> None:
        for record in self.session.runs.records:
            self._changes.setdefault(record.id, 0)
        self.outdate()

    def _notice_scores(self, changed: News) -> None:
        """Read anew what changed, together and not too often."""
        runs = {run for run, kind in changed if kind == "validation"}
        for run in runs:
            self._changes[run] = self._changes.get(run, 0) + 1
        if runs and not self._soon.isActive():
            self._soon.start(TABLES)

    def _start_over(self) -> None:
        self._changes.clear()
        self._read.clear()
        self.model.forget_scores()
        self.note.hide()
        self._notice_runs()

    def _follow_current(self) -> None:
        """Let the keyboard stand on the current run, and see that it is in sight."""
        run = self.session.runs.current
        if run is not None and self.view.run_at_cursor() != run:
            index = self.view.index_of(run)
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    # Tools and menus.

    def _add_tools(self) -> None:
        self.set_caption("validation loss")
        self.sort_tool = QToolButton()
        set_role(self.sort_tool, "quiet")
        self.sort_tool.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.sort_tool.setToolTip("In which order the runs stand.")
        menu = QMenu(self.sort_tool)
        for order in _ORDERS:
            menu.addAction(order.capitalize()).triggered.connect(lambda _=False, own=order: self._sort(own))
        self.sort_tool.setMenu(menu)
        self.trash_tool = QToolButton()
        set_role(self.trash_tool, "quiet")
        self.trash_tool.setAccessibleName("Show the trash")
        self.trash_tool.setToolTip("Show the runs in the trash: restore them, or delete them for good.")
        self.trash_tool.clicked.connect(self.trash_dialog_wanted)
        theme().changed.connect(self._dress)
        self._dress()
        for tool in (self.sort_tool, self.trash_tool):
            tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self.tools.addWidget(tool)

    def _dress(self) -> None:
        self.trash_tool.setIcon(icon("trash", theme().colours.muted))

    def _sort(self, order: str) -> None:
        self._order = order
        self.view.sort_runs(*_ORDERS[order])
        self.sort_tool.setText(f"{order} ▾")
        self.sort_tool.setAccessibleName(f"Sorted by: {order}")

    def _open_menu(self, run: int, place: QPoint) -> None:
        record = self.session.runs.get(run)
        if record is None:
            return
        deeds: dict[str, Do] = {
            "duplicate": lambda: self.duplicate_wanted.emit(run),
            "resume": lambda: self.resume_wanted.emit(run),
            "stop": lambda: self.stop_wanted.emit(run),
            "details": lambda: self.details_wanted.emit(run),
            "copy": lambda: QGuiApplication.clipboard().setText(record.name),
            "save": lambda: self.save_experiment_wanted.emit(run),
        }
        if (own := self._deeds) is not None:
            deeds["rename"] = lambda: self.view.start_renaming(run)
            deeds["trash"] = lambda: own.trash(run)
        menu = run_menu(record, deeds, self.view)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    # What the note says.

    def _tell_trashed(self, run: int, name: str) -> None:
        deeds = self._deeds
        if deeds is not None:
            self._told_trashed = run
            self.note.say(f"{name} is in the trash.", "Undo", lambda: deeds.take_back_trash(run, name))

    def _forget_trashed(self, run: int) -> None:
        """Take the note back where it speaks of a run that is here again."""
        if run == self._told_trashed:
            self._told_trashed = None
            self.note.hide()

    def _offer_stop(self, run: int, sentence: str) -> None:
        self._told_trashed = None
        self.note.say(sentence, "Stop", lambda: self.stop_wanted.emit(run))
