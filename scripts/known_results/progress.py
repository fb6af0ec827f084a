"""How far the table is: a line for each run that ends, one in between now and then, with the time left."""

import time
from collections.abc import Callable, Sequence

from known_results.jobs import Job
from workbench.lab.workbook import Workbook

SAY_EVERY = 30.0  # seconds


class Progress:
    """Tells of runs by ``say``; the pace of those that ended corrects the estimates of the others."""

    def __init__(self, workbook: Workbook, jobs: Sequence[Job], together: int, say: Callable[[str], object]) -> None:
        self._workbook, self._together, self._say = workbook, together, say
        self._total = len(jobs)
        self._left = {job.run: self._estimate(job) for job in jobs}
        self._begun: dict[int, tuple[float, float]] = {}
        self._took = self._estimated = 0.0
        self._said = time.monotonic()

    def show(self, working: Sequence[Job]) -> None:
        """Note how far the runs at work are, and say it, unless something was said lately."""
        for job in working:
            self._left[job.run] = self._estimate(job)
            self._begun.setdefault(job.run, (time.monotonic(), self._left[job.run]))
        if time.monotonic() - self._said >= SAY_EVERY:
            shares = ", ".join(f"{job.experiment.name} {self._share(job):.0%}" for job in working)
            self._tell(f"... {shares}; {self.time_left()}")

    def end(self, job: Job, says: str) -> None:
        """Say how a run ended."""
        began, estimated = self._begun.get(job.run, (0.0, 0.0))
        if estimated:
            self._took += time.monotonic() - began
            self._estimated += estimated
        del self._left[job.run]
        left = f"; {self.time_left()}" if self._left else ""
        self._tell(f"[{self._total - len(self._left)} of {self._total}] {job.experiment.name}: {says}{left}")

    def time_left(self) -> str:
        """Return how long the rest will take, in words."""
        pace = self._took / self._estimated if self._estimated else 1.0
        seconds = sum(self._left.values()) * pace / self._together
        return f"about {max(round(seconds / 60), 1)} min left"

    def _estimate(self, job: Job) -> float:
        """Return the seconds that the rest of a run was estimated to take."""
        return job.seconds * (1 - self._share(job))

    def _share(self, job: Job) -> float:
        record = self._workbook.runs.get(job.run)
        return record.step / record.steps

    def _tell(self, line: str) -> None:
        self._say(line)
        self._said = time.monotonic()
