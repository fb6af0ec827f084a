"""Training a run in a worker and following it from here, until it ends."""

import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Self

from workbench.lab.errors import LabError, RunNotActive
from workbench.lab.running import launch_worker, send_command
from workbench.lab.workbook import RunRecord, Workbook
from workbench.lab.worker.__main__ import REFUSED
from workbench.lab.worker.sitting import INTERRUPTED

LOOK_EVERY = 0.1  # seconds
PATIENCE = 2.0  # seconds that a worker asked to stop is given before a second Ctrl+C kills it

Watcher = Callable[[RunRecord], None]


class _Interrupts:
    """Ctrl+C noted down, to be answered between two looks at the run: as an exception it could strike in the middle."""

    def __init__(self) -> None:
        self.presses: list[float] = []

    def note(self, *_: object) -> None:
        """Note one press."""
        self.presses.append(time.monotonic())

    @property
    def insist(self) -> bool:
        """Whether it was pressed again, seconds later; one press often arrives as several."""
        return bool(self.presses) and self.presses[-1] - self.presses[0] > PATIENCE

    def __enter__(self) -> Self:
        # Python tells signals to the main thread alone.
        self._notes = threading.current_thread() is threading.main_thread()
        if self._notes:
            self._before = signal.signal(signal.SIGINT, self.note)
        return self

    def __exit__(self, *error: object) -> None:
        if self._notes:
            signal.signal(signal.SIGINT, self._before)


def train_here(workbook: Workbook, run: int, watch: Watcher | None = None) -> RunRecord:
    """Train a run to its end in a worker and return how it ended; ``watch`` is shown its state ten times a second.

    Ctrl+C stops the run with a checkpoint, then KeyboardInterrupt is raised; pressed again seconds later it ends the
    worker at once. Raises LabError where the worker refuses the run.
    """
    with tempfile.TemporaryFile() as complaints, _Interrupts() as interrupts:
        process = launch_worker(workbook, run, stderr=complaints)
        _follow(workbook, run, process, watch, interrupts)
        complaints.seek(0)
        said = complaints.read().decode(errors="replace").strip()
    if interrupts.presses:
        raise KeyboardInterrupt
    if process.returncode == REFUSED:
        raise LabError(said or f"The worker refused run {run}.")
    if workbook.runs.get(run).status == "interrupted" and process.returncode != INTERRUPTED:
        say_how_it_ended(workbook, run, process.returncode, said)
    return workbook.runs.get(run)


def say_how_it_ended(workbook: Workbook, run: int, status: int, said: str) -> None:
    """Keep why a worker vanished that could not say it itself: killed, or broken before it began.

    ``status``: its exit status; ``said``: what it wrote to its error stream.
    """
    last = f" Its last words: {said.splitlines()[-1]}." if said else ""
    how = f"was ended from outside (signal {-status})" if status < 0 else f"ended unexpectedly (exit status {status})"
    sentence = f"The process that trains {how}.{last} Resume the run to go on."
    with workbook.together():
        workbook.messages.append(run, "error", sentence, step=workbook.runs.get(run).step, details=said)
        workbook.runs.set_status(run, "interrupted", sentence)


def _follow(
    workbook: Workbook,
    run: int,
    process: "subprocess.Popen[bytes]",
    watch: Watcher | None,
    interrupts: _Interrupts,
) -> None:
    """Look at the run until its worker ends; ask that to stop, once, when somebody interrupts."""
    asked = False
    while process.returncode is None:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_EVERY)
        try:
            if watch:
                watch(workbook.runs.get(run))
        except KeyboardInterrupt:
            interrupts.note()
        if interrupts.presses and not asked:
            with suppress(RunNotActive):
                send_command(workbook, run, "stop")
                asked = True
        if interrupts.insist:
            process.kill()
