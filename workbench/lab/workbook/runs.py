"""The runs of a workbook: what defines each, how far it is, its name, and the trash."""

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from workbench.lab.errors import RunBusy, UnknownRun
from workbench.lab.workbook.database import Database
from workbench.lab.workbook.leases import is_alive, is_held
from workbench.tasks import Baseline

Status = Literal["idle", "starting", "running", "paused", "stopping", "stopped", "finished", "failed", "interrupted"]
ACTIVE: frozenset[Status] = frozenset({"starting", "running", "paused", "stopping"})
"""What a run can be while somebody trains it. "stopped" was ended in good order, "interrupted" was not."""


@dataclass(frozen=True)
class RunRecord:
    """One run as it stands. Times are seconds since 1970; `seconds` is time spent training."""

    id: int
    name: str
    experiment: str
    cell: str
    origin: Mapping[str, object]
    status: Status
    sentence: str
    step: int
    steps: int
    loss: float | None
    seconds: float
    created: float
    started: float | None
    ended: float | None
    trashed: float | None

    @property
    def active(self) -> bool:
        """Whether a worker is training it, or about to."""
        return self.status in ACTIVE


class Runs:
    """All runs of a workbook."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, *, experiment: str, cell: str, origin: Mapping[str, object], steps: int) -> int:
        """Add a run that has not begun and return its id."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO runs "
                "(name, experiment, cell, origin, status, sentence, step, steps, seconds, created) "
                "VALUES (?, ?, ?, ?, 'idle', '', 0, ?, 0, ?)",
                (name, experiment, cell, json.dumps(origin, sort_keys=True), steps, time.time()),
            )
            run = int(cursor.lastrowid or 0)
            self._database.touch(run, "run")
        return run

    def get(self, run: int) -> RunRecord:
        """Return one run. Raises UnknownRun."""
        with self._database.reading() as connection:
            row = connection.execute(f"{_SELECT} WHERE runs.id = ?", (run,)).fetchone()
        if row is None:
            raise UnknownRun(f"There is no run {run} in {self._database.path}.")
        return _record(row)

    def all(self, *, trashed: bool = False) -> tuple[RunRecord, ...]:
        """Return the runs, oldest first: those in use, or those in the trash."""
        condition = "IS NOT NULL" if trashed else "IS NULL"
        with self._database.reading() as connection:
            rows = connection.execute(f"{_SELECT} WHERE trashed {condition} ORDER BY runs.id").fetchall()
        return tuple(_record(row) for row in rows)

    def rename(self, run: int, name: str) -> None:
        """Give a run another name."""
        self._update(run, name=name)

    def trash(self, run: int) -> None:
        """Put a run into the trash. Raises RunBusy while it is being trained."""
        with self._database.writing() as connection:
            self._refuse_while_training(connection, run)
            self._update(run, trashed=time.time())

    def restore(self, run: int) -> None:
        """Take a run out of the trash."""
        self._update(run, trashed=None)

    def delete(self, run: int) -> None:
        """Remove a run and all that was kept of it, for good. Raises RunBusy while it is being trained."""
        with self._database.writing() as connection:
            self._refuse_while_training(connection, run)
            connection.execute("DELETE FROM runs WHERE id = ?", (run,))
            self._database.touch(run, "run")

    def set_origin(self, run: int, origin: Mapping[str, object]) -> None:
        """Correct what a run is made with, before its first step; or add how."""
        self._update(run, origin=json.dumps(origin, sort_keys=True))

    def set_status(self, run: int, status: Status, sentence: str = "") -> None:
        """Record what the run is doing, and why where that needs words."""
        now = time.time()
        if status == "starting":
            self._update(run, status=status, sentence=sentence, started=now, ended=None)
        elif status in ACTIVE:
            self._update(run, status=status, sentence=sentence)
        else:
            self._update(run, status=status, sentence=sentence, ended=now)

    def set_progress(self, run: int, *, step: int, loss: float | None, seconds: float) -> None:
        """Record how far the run is."""
        self._update(run, step=step, loss=loss, seconds=seconds)

    def baselines(self, run: int) -> tuple[Baseline, ...]:
        """Return the baselines of a run's task."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT name, value, metric, formula, source FROM baselines WHERE run = ? ORDER BY place", (run,)
            ).fetchall()
        return tuple(Baseline(*row) for row in rows)

    def set_baselines(self, run: int, baselines: Sequence[Baseline]) -> None:
        """Keep the baselines of a run's task, in place of earlier ones."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM baselines WHERE run = ?", (run,))
            connection.executemany(
                "INSERT INTO baselines VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(run, place, b.name, b.value, b.metric, b.formula, b.source) for place, b in enumerate(baselines)],
            )
            self._database.touch(run, "baselines")

    def _update(self, run: int, **values: object) -> None:
        assignments = ", ".join(f"{name} = ?" for name in values)
        with self._database.writing() as connection:
            cursor = connection.execute(f"UPDATE runs SET {assignments} WHERE id = ?", (*values.values(), run))
            if cursor.rowcount == 0:
                raise UnknownRun(f"There is no run {run} in {self._database.path}.")
            self._database.touch(run, "run")

    def _refuse_while_training(self, connection: sqlite3.Connection, run: int) -> None:
        if is_held(connection, run):
            raise RunBusy(f"Run {run} is being trained. Stop it first.")


_SELECT = """
SELECT runs.id, name, experiment, cell, origin, status, sentence, step, steps, loss, seconds,
       created, started, ended, trashed, host, process, heartbeat
FROM runs LEFT JOIN leases ON leases.run = runs.id
"""


def _record(row: tuple[object, ...]) -> RunRecord:
    *values, host, process, heartbeat = row
    record = RunRecord(*values)  # type: ignore[arg-type]
    alive = host is not None and is_alive(host, process, heartbeat)  # type: ignore[arg-type]
    # A run that says it is active while nobody trains it was left by a process that died.
    status = "interrupted" if record.active and not alive else record.status
    return RunRecord(**{**vars(record), "origin": json.loads(str(record.origin)), "status": status})
