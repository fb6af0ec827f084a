"""Training a run in a worker and following it from here, until it ends."""

import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs

from workbench.lab.errors import LabError, RunNotActive
from workbench.lab.running import launch_worker, send_command
from workbench.lab.workbook import SUFFIX, RunRecord, Workbook
from workbench.lab.worker.__main__ import REFUSED

LOOK_EVERY = 0.1  # seconds
PATIENCE = 2.0  # seconds that a worker asked to stop is given before a second Ctrl+C kills it

Watcher = Callable[[RunRecord], None]


def default_workbook() -> Path:
    """Return where runs are kept when nobody says where; the folder is made."""
    return platformdirs.user_data_path("rnn-workbench", ensure_exists=True) / f"runs{SUFFIX}"


def train_here(workbook: Workbook, run: int, watch: Watcher | None = None) -> RunRecord:
    """Train a run to its end in a worker and return how it ended; ``watch`` is shown its state ten times a second.

    A KeyboardInterrupt stops the run with a checkpoint and is raised again; another one, seconds later,
    ends the worker at once.
    Raises LabError where the worker refuses the run.
    """
    with tempfile.TemporaryFile() as complaints:
        process = launch_worker(workbook, run, stderr=complaints)
        try:
            _follow(workbook, run, process, watch)
        except KeyboardInterrupt:
            _stop(workbook, run, process, watch)
            raise
        complaints.seek(0)
        said = complaints.read().decode(errors="replace").strip()
    if process.returncode == REFUSED:
        raise LabError(said or f"The worker refused run {run}.")
    if workbook.runs.get(run).status == "interrupted":
        _say_how_it_ended(workbook, run, process.returncode, said)
    return workbook.runs.get(run)


def _say_how_it_ended(workbook: Workbook, run: int, status: int, said: str) -> None:
    """Keep why a worker vanished that could not say it itself: killed, or broken before it began."""
    last = f" Its last words: {said.splitlines()[-1]}." if said else ""
    sentence = f"The worker ended unexpectedly (exit status {status}).{last} Resume the run to go on."
    with workbook.together():
        workbook.messages.append(run, "error", sentence, step=workbook.runs.get(run).step, details=said)
        workbook.runs.set_status(run, "interrupted", sentence)


def _follow(workbook: Workbook, run: int, process: "subprocess.Popen[bytes]", watch: Watcher | None) -> None:
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_EVERY)
        if watch:
            watch(workbook.runs.get(run))
        if process.returncode is not None:
            return


def _stop(workbook: Workbook, run: int, process: "subprocess.Popen[bytes]", watch: Watcher | None) -> None:
    """Ask the worker to stop and wait for its checkpoint; somebody who insists ends it at once."""
    asked = time.monotonic()
    while process.poll() is None:
        try:
            with suppress(RunNotActive):
                send_command(workbook, run, "stop")
            _follow(workbook, run, process, watch)
        except KeyboardInterrupt:
            # One press often arrives as several.
            if time.monotonic() - asked > PATIENCE:
                process.kill()
                process.wait()
