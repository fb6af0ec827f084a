"""Training runs side by side in workers, until all are done; an interruption stops them with a checkpoint."""

import subprocess
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from known_results.jobs import Job
from workbench.errors import WorkbenchError
from workbench.lab.errors import RunBusy, RunNotActive
from workbench.lab.following import say_how_it_ended
from workbench.lab.running import launch_worker, send_command
from workbench.lab.workbook import Workbook
from workbench.lab.worker.sitting import INTERRUPTED

LOOK_EVERY = 0.2  # seconds


@dataclass(frozen=True)
class Worker:
    """A run that is being trained; ``process`` is None where somebody else trains it."""

    job: Job
    process: "subprocess.Popen[bytes] | None"

    def has_ended(self, workbook: Workbook) -> bool:
        """Tell whether nobody trains the run any longer, and keep why a worker vanished."""
        if self.process is None:
            return not workbook.runs.get(self.job.run).active
        if self.process.poll() is None:
            return False
        status = self.process.returncode
        if workbook.runs.get(self.job.run).status == "interrupted" and status != INTERRUPTED:
            say_how_it_ended(workbook, self.job.run, status, "")
        return True


Watcher = Callable[[Sequence[Job]], None]
"""Shown five times a second which jobs are being trained."""
Ended = Callable[[Job, str], None]
"""Told of each job that has ended, with what kept it from beginning, if anything."""


def train_all(workbook: Workbook, jobs: Sequence[Job], together: int, watch: Watcher, ended: Ended) -> None:
    """Train all jobs, so many at once, the longest first: so no core idles at the end while one long run goes on.

    Ctrl+C asks those at work to stop with a checkpoint, waits for them, and goes on as KeyboardInterrupt.
    """
    waiting = deque(sorted(jobs, key=lambda job: -job.seconds))
    working: list[Worker] = []
    try:
        while waiting or working:
            while waiting and len(working) < together:
                _start(workbook, waiting.popleft(), working, ended)
            time.sleep(LOOK_EVERY)
            for worker in [one for one in working if one.has_ended(workbook)]:
                working.remove(worker)
                ended(worker.job, "")
            watch([worker.job for worker in working])
    except KeyboardInterrupt:
        _stop(workbook, working)
        raise


def _start(workbook: Workbook, job: Job, working: list[Worker], ended: Ended) -> None:
    try:
        working.append(Worker(job, launch_worker(workbook, job.run)))
    except RunBusy:
        working.append(Worker(job, None))
    except WorkbenchError as error:
        ended(job, str(error))


def _stop(workbook: Workbook, working: Sequence[Worker]) -> None:
    """Ask those that we started to stop, and wait until they have."""
    own = [worker for worker in working if worker.process is not None]
    for worker in own:
        with suppress(RunNotActive):
            send_command(workbook, worker.job.run, "stop")
    while not all(worker.has_ended(workbook) for worker in own):
        time.sleep(LOOK_EVERY)
