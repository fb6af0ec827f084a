"""Steering runs: what each button does is a function of the current run's state."""

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import QObject, QTimer, Signal

from workbench.errors import WorkbenchError
from workbench.gui.form.draft import Draft
from workbench.gui.form.fields import CELL
from workbench.gui.run_queue import RunQueue
from workbench.gui.session import Session
from workbench.gui.workers import Workers
from workbench.lab.asking import ask_start
from workbench.lab.comparison import FEEDFORWARD
from workbench.lab.running import send_command
from workbench.lab.workbook import Kind, Workbook

Main = Literal["train", "pause", "go", "wait"]
"""What the main button does."""
_MAIN: dict[str, Main] = {"running": "pause", "paused": "go"}
_REAP_EVERY = 1000  # milliseconds
_TRAIN = "train"  # key of the errand
_RESUMABLE = ("stopped", "interrupted", "failed")


class RunControl(QObject):
    """Starts runs of the draft and steers the current run. Writing happens on the thread of errands.

    ``refusal`` says why the draft cannot be trained, as far as that is known before.
    """

    changed = Signal()
    """Something else can be done now."""
    refused = Signal(str, str)
    """The draft cannot be trained: the field's path, and why."""

    def __init__(self, session: Session, draft: Draft, refusal: Callable[[], str]) -> None:
        super().__init__()
        self._session, self._draft, self._refusal = session, draft, refusal
        self._workers = Workers()
        self.queue = RunQueue(session, self._workers.launch)
        """Runs that wait for their turn."""
        for signal in (
            session.runs.changed,
            session.runs.current_changed,
            session.opened,
            session.errands.broke,
            draft.changed,
        ):
            signal.connect(self.changed)
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._reap)
        self._timer.start(_REAP_EVERY)

    # What can be done.

    @property
    def status(self) -> str:
        """The current run's status, "none" without one."""
        record = self._session.runs.current_record
        return record.status if record else "none"

    @property
    def refusal(self) -> str:
        """Why what stands in the form cannot be trained, "" where it can."""
        return self._refusal()

    @property
    def _starting(self) -> bool:
        return self._session.errands.is_pending(_TRAIN)

    @property
    def main(self) -> Main:
        """What the main button does now."""
        if self._starting or self.status in ("starting", "stopping"):
            return "wait"
        return _MAIN.get(self.status, "train")

    def why_not_train(self) -> str:
        """Return why no run can be started now, "" where one can."""
        workbook = self._session.workbook
        if workbook is None:
            return "No workbook is open."
        if workbook.read_only:
            return "This workbook is write-protected. Save a copy and train there."
        if self._starting:
            return "A run is being started."
        return ""

    def why_not_compare(self) -> str:
        """Return why the draft cannot be compared with windows now, "" where it can."""
        if self.queue.busy:
            return "A comparison is under way."
        if self._draft.value(CELL) == FEEDFORWARD:
            return "The cell in the form has no memory itself. Choose another."
        return self.why_not_train() or self._refusal()

    def why_not_steer(self) -> str:
        """Return why the current run cannot be steered, "" where it can."""
        if self.status in ("running", "paused"):
            return ""
        return "No run is being trained." if self.status == "none" else f"The run is {self.status}."

    def why_not_stop(self) -> str:
        """Return why the current run cannot be stopped, "" where it can."""
        return "" if self.status in ("starting", "running", "paused") else self.why_not_steer()

    def why_not_resume(self) -> str:
        """Return why the current run cannot be resumed, "" where it can."""
        if self.status in _RESUMABLE:
            return self.why_not_train()
        return "There is no run to resume." if self.status == "none" else f"The run is {self.status}."

    # What is done.

    def train_or_pause(self) -> None:
        """Do what the main button says."""
        deed = {"train": self.train, "pause": self.pause, "go": self.go}.get(self.main)
        if deed is not None:
            deed()

    def train(self) -> None:
        """Start a run of the draft and look at it; tell by `refused` what is missing."""
        workbook, experiment = self._session.workbook, self._draft.experiment
        if workbook is None or self.why_not_train():
            self._session.complained.emit(self.why_not_train(), "")
            return
        if experiment is None or self._refusal():
            self.refused.emit(next(iter(self._draft.problems), ""), self._refusal())
            return

        def start() -> int:
            run = ask_start(workbook, experiment)
            self._workers.launch(workbook, run)
            return run

        self._session.errands.ask(_TRAIN, start, lambda run: self._started(workbook, run), self._not_started)
        self.changed.emit()

    def resume(self) -> None:
        """Train the current run on from its last checkpoint."""
        if self._session.runs.current is not None and not self.why_not_resume():
            self.resume_run(self._session.runs.current)

    def resume_run(self, run: int) -> None:
        """Train a run on from its last checkpoint, and look at it."""
        self._session.runs.select(run)
        self._errand(f"resume {run}", lambda workbook: self._workers.launch(workbook, run))

    def stop_run(self, run: int) -> None:
        """End a run in good order."""
        self._errand(f"stop {run}", lambda workbook: send_command(workbook, run, "stop"))

    def pause(self) -> None:
        """Let the current run wait."""
        self._send("pause")

    def go(self) -> None:
        """Let the current run go on."""
        self._send("go")

    def step(self) -> None:
        """Let the current run take one step and wait; one that runs is paused."""
        self._send("step" if self.status == "paused" else "pause")

    def stop(self) -> None:
        """End the current run in good order, with a checkpoint."""
        self._send("stop")

    def snapshot(self) -> None:
        """Have a picture taken of the current run now."""
        self._send("snapshot")

    def set_rate(self, rate: float) -> None:
        """Change the learning rate of the current run, from its next step on."""
        self._send("learning_rate", rate)

    def close(self) -> None:
        """Reap no more; call it when errands have ended. Workers train on."""
        self._timer.stop()
        self._workers.let_go()

    # How.

    def _send(self, kind: Kind, value: float | None = None) -> None:
        run = self._session.runs.current
        if run is not None:
            self._errand(f"{kind} {run}", lambda workbook: send_command(workbook, run, kind, value))

    def _errand(self, key: str, job: Callable[[Workbook], object]) -> None:
        workbook = self._session.workbook
        if workbook is not None:
            self._session.errands.ask(
                key, lambda: job(workbook), lambda _: self._session.look(), self._session.complain
            )

    def _started(self, workbook: Workbook, run: int) -> None:
        if workbook is self._session.workbook:
            self._session.runs.expect(run)
            self._session.look()
        self.changed.emit()

    def _not_started(self, error: WorkbenchError) -> None:
        self._session.complain(error)
        self.changed.emit()

    def _reap(self) -> None:
        if not self._session.errands.is_pending("reap"):
            self._session.errands.ask("reap", self._workers.reap, self._tell, self._session.complain)

    def _tell(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self._session.complained.emit(sentence, "")
