"""All that is kept of a run in words: how it stands, what defines it, where it ran, and its log."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from workbench.errors import WorkbenchError
from workbench.gui.dialogs.code import CodeEdit
from workbench.gui.dialogs.fact_sheet import FactSheet
from workbench.gui.dialogs.run_log import RunLog
from workbench.gui.dialogs.run_words import how_it_stands, sections
from workbench.gui.panels.run_table import Score, read_scores
from workbench.gui.session import Session
from workbench.gui.session.clock import TABLES
from workbench.gui.session.session import News
from workbench.gui.theme import set_role
from workbench.lab.experiment import dump_experiment
from workbench.lab.running import experiment_of
from workbench.lab.workbook import Message, RunRecord


@dataclass(frozen=True)
class _Found:
    """What one look at the run found; ``experiment`` is TOML, or the sentence why there is none."""

    record: RunRecord
    score: Score | None
    messages: tuple[Message, ...]
    checkpoints: tuple[int, ...]
    experiment: str


class RunDetails(QDialog):
    """Follows a run while it is open."""

    save_experiment_wanted = Signal(int)

    def __init__(self, session: Session, run: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Log and details")  # until the run's name is read
        self._session, self._run = session, run
        self._key = f"details {run}"
        self.heading = QLabel()
        self.status = QLabel()
        self.overview = FactSheet()
        self.experiment = CodeEdit()
        self.log = RunLog()
        self._lay_out()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._read)
        session.news.connect(self._hear)
        session.opened.connect(self.reject)
        self._read()

    def done(self, result: int) -> None:
        """Close; an answer that is on its way finds nobody."""
        self._soon.stop()
        self._session.reader.forget(self._key)
        super().done(result)

    # Reading.

    def _hear(self, changed: News) -> None:
        if any(run == self._run for run, _ in changed) and not self._soon.isActive():
            self._soon.start(TABLES)

    def _read(self) -> None:
        workbook, run = self._session.workbook, self._run
        if workbook is None:
            return

        def read() -> _Found:
            record = workbook.runs.get(run)
            score = read_scores(workbook, [run]).get(run)
            return _Found(
                record, score, workbook.messages.read(run), workbook.checkpoints.steps(run), _experiment(record)
            )

        self._session.reader.ask(self._key, read, self._show, self._fail)

    def _show(self, found: _Found) -> None:
        record = found.record
        self.setWindowTitle(f"{record.name}: log and details")
        self.heading.setText(record.name)
        role, sentence = how_it_stands(record, found.checkpoints)
        self.status.setText(sentence)
        set_role(self.status, role)
        self.overview.show_facts(sections(record, found.score, found.checkpoints))
        if found.experiment != self.experiment.toPlainText():
            self.experiment.setPlainText(found.experiment)
        self.log.show_messages(found.messages)
        self.tabs.setTabText(2, f"Log ({len(found.messages)})" if found.messages else "Log")

    def _fail(self, error: WorkbenchError) -> None:
        """Say what is wrong where the status stands: the run may have been deleted meanwhile."""
        self.status.setText(str(error))
        set_role(self.status, "bad")

    # Layout.

    def _lay_out(self) -> None:
        set_role(self.heading, "heading")
        for label in (self.heading, self.status):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.experiment.setReadOnly(True)
        self.experiment.setAccessibleName("Experiment as TOML")
        self.copy_experiment = _button("Copy", self._copy_experiment)
        self.save_experiment = _button("Save as file…", lambda: self.save_experiment_wanted.emit(self._run))
        self.copy_log = _button("Copy log", self._copy_log)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(_page(_card(self.overview)), "Overview")
        self.tabs.addTab(_page(self.experiment, self.copy_experiment, self.save_experiment), "Experiment")
        self.tabs.addTab(_page(self.log, self.copy_log), "Log")
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(8)
        layout.addWidget(self.heading)
        layout.addWidget(self.status)
        layout.addSpacing(4)
        layout.addWidget(self.tabs, 1)
        layout.addWidget(box)
        self.resize(640, 560)

    def _copy_experiment(self) -> None:
        QGuiApplication.clipboard().setText(self.experiment.toPlainText())

    def _copy_log(self) -> None:
        QGuiApplication.clipboard().setText(self.log.as_text())


def _experiment(record: RunRecord) -> str:
    try:
        return dump_experiment(experiment_of(record))
    except WorkbenchError as error:
        return f"# This version of the program cannot read the experiment of this run.\n# {error}\n"


def _button(title: str, do: Callable[[], object]) -> QPushButton:
    button = QPushButton(title)
    button.setAutoDefault(False)
    button.clicked.connect(lambda: do())
    return button


def _card(content: QWidget) -> QFrame:
    card = QFrame()
    set_role(card, "panel")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(8, 8, 8, 8)
    inside.addWidget(content)
    return card


def _page(content: QWidget, *buttons: QPushButton) -> QWidget:
    """Return a page with its buttons below it, at the right."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 8, 0, 0)
    column.setSpacing(8)
    column.addWidget(content, 1)
    if buttons:
        row = QHBoxLayout()
        row.addStretch(1)
        for button in buttons:
            row.addWidget(button)
        column.addLayout(row)
    return page
