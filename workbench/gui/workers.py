"""The processes that train for this window: launched here, reaped here; they outlive the window."""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from workbench.lab.errors import WorkbookError
from workbench.lab.following import say_how_it_ended
from workbench.lab.running import launch_worker
from workbench.lab.workbook import Workbook, open_workbook
from workbench.lab.worker.__main__ import REFUSED
from workbench.lab.worker.sitting import INTERRUPTED


@dataclass(frozen=True)
class _Worker:
    workbook: Path  # its file: the window may have closed it since
    run: int
    process: "subprocess.Popen[bytes]"
    complaints: IO[bytes]


_outliving: list["subprocess.Popen[bytes]"] = []  # Python warns of a process that is forgotten while it runs


class Workers:
    """Call its methods on the thread of errands: starting a process takes a moment."""

    def __init__(self) -> None:
        self._workers: list[_Worker] = []

    def launch(self, workbook: Workbook, run: int) -> None:
        """Start the process that trains a run, from its beginning or its last checkpoint. Raises LabError."""
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the worker lives)
        try:
            process = launch_worker(workbook, run, stderr=complaints)
        except BaseException:
            complaints.close()
            raise
        self._workers.append(_Worker(workbook.path, run, process, complaints))

    def let_go(self) -> None:
        """Reap no more: those that still train go on alone."""
        for worker in self._workers:
            worker.complaints.close()
            if worker.process.poll() is None:
                _outliving.append(worker.process)
        self._workers = []

    def reap(self) -> list[str]:
        """Let go of processes that have ended; return what those had to say that refused their run."""
        ended = [worker for worker in self._workers if worker.process.poll() is not None]
        self._workers = [worker for worker in self._workers if worker not in ended]
        return [sentence for worker in ended for sentence in _last_words(worker)]


def _last_words(worker: _Worker) -> list[str]:
    with worker.complaints as complaints:
        complaints.seek(0)
        said = complaints.read().decode(errors="replace").strip()
    status = worker.process.returncode
    if status == REFUSED:
        return [said or f"The worker refused run {worker.run}."]
    try:
        with open_workbook(worker.workbook) as workbook:
            if workbook.runs.get(worker.run).status == "interrupted" and status != INTERRUPTED:
                say_how_it_ended(workbook, worker.run, status, said)
    except WorkbookError as error:
        return [f"Run {worker.run} has ended. {error}"]
    return []
