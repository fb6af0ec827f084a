"""What a worker lets another process do: a wish to stop need not wait for it, and a crash takes nothing with it."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.errors import WorkbenchError
from workbench.lab.workbook import Lease, Workbook
from workbench.lab.worker.wishes import Wishes

LOOK_EVERY = 0.05  # seconds
PATIENCE = 5.0  # seconds that a process is given to tidy up when it is ended
_HIDDEN = 0
if sys.platform == "win32":
    _HIDDEN = subprocess.CREATE_NO_WINDOW


class StoppedEarly(WorkbenchError):
    """Somebody asked to stop before training began."""


@dataclass(frozen=True)
class Answer:
    """What a process said, and its exit status; ``late``: it was ended because its time was over."""

    status: int
    said: str
    late: bool = False


@dataclass(frozen=True)
class Watch:
    """Whoever waits for a process: the worker of a run, and what the run says when it is stopped meanwhile."""

    workbook: Workbook
    lease: Lease
    wishes: Wishes
    stopped: str

    def refuse_if_unwanted(self) -> None:
        """Raise StoppedEarly or LeaseLost where nobody waits any more; other commands wait their turn."""
        self.wishes.refuse_if_lost()
        run = self.lease.run
        for command in self.workbook.commands.pending(run):
            if command.kind == "stop":
                self.workbook.commands.take(command, run, self.workbook.runs.get(run).step)
                self.wishes.ask_to_stop()
        if self.wishes.stop:
            self.workbook.runs.set_status(run, "stopping")
            raise StoppedEarly(self.stopped)


def ask_apart(
    module: str,
    arguments: Sequence[str],
    question: str,
    watch: Watch,
    *,
    environment: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> Answer:
    """Run a module of ours in a process, give it ``question`` to read, and return what it printed.

    It is ended after ``seconds``, or when the run is stopped. Raises StoppedEarly, LeaseLost.
    """
    until = time.monotonic() + seconds if seconds is not None else float("inf")
    late = False
    with tempfile.TemporaryFile() as asked, tempfile.TemporaryFile() as answer:
        asked.write(question.encode())
        asked.seek(0)
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            stdin=asked,
            stdout=answer,
            env=environment,
            creationflags=_HIDDEN,
        )
        try:
            while _goes_on(process) and not late:
                watch.refuse_if_unwanted()
                late = time.monotonic() > until
        finally:
            _end(process)
        answer.seek(0)
        return Answer(process.returncode, answer.read().decode(errors="replace").strip(), late)


def _goes_on(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(LOOK_EVERY)
    except subprocess.TimeoutExpired:
        return True
    return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
