"""Leases: who trains a run. One holder at a time, and one that falls silent loses it."""

import os
import socket
import sqlite3
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from workbench.lab.errors import LeaseLost, RunBusy
from workbench.lab.workbook.database import Database

STALE_AFTER = 15.0  # seconds without a heartbeat
BEAT_EVERY = 2.0


@dataclass(frozen=True)
class Lease:
    """The right to train a run, held by one process."""

    run: int
    holder: str = field(default_factory=lambda: uuid.uuid4().hex)


class Leases:
    """Who trains which run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, run: int) -> Lease:
        """Take the lease on a run. Raises RunBusy while another process holds it."""
        lease = Lease(run)
        with self._database.writing() as connection:
            if is_held(connection, run):
                raise RunBusy(f"Run {run} is being trained by another process. Stop that one first, or watch it.")
            connection.execute(
                "INSERT OR REPLACE INTO leases VALUES (?, ?, ?, ?, ?)",
                (run, lease.holder, this_host(), os.getpid(), time.time()),
            )
            self._database.touch(run, "run")
        return lease

    def hand_over(self, lease: Lease, process: int) -> None:
        """Let another process of this machine hold the lease. Raises LeaseLost if it is gone."""
        self._update(lease, process)

    def renew(self, lease: Lease) -> None:
        """Say that the holder, this process, is alive. Raises LeaseLost if another one has taken the run over."""
        self._update(lease, os.getpid())

    def release(self, lease: Lease) -> None:
        """Give the run back."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM leases WHERE run = ? AND holder = ?", (lease.run, lease.holder))
            self._database.touch(lease.run, "run")

    def _update(self, lease: Lease, process: int) -> None:
        with self._database.writing() as connection:
            cursor = connection.execute(
                "UPDATE leases SET process = ?, heartbeat = ? WHERE run = ? AND holder = ?",
                (process, time.time(), lease.run, lease.holder),
            )
            if cursor.rowcount == 0:
                raise LeaseLost(f"Run {lease.run} was taken over by another process while this one was silent.")


def is_held(connection: sqlite3.Connection, run: int) -> bool:
    """Tell whether a living process holds the run."""
    row = connection.execute("SELECT host, process, heartbeat FROM leases WHERE run = ?", (run,)).fetchone()
    return row is not None and is_alive(*row)


def is_alive(host: str, process: int, heartbeat: float) -> bool:
    """Judge a lease: its heart has beaten lately and, if it belongs to this machine, its process is there."""
    return time.time() - heartbeat < STALE_AFTER and not (host == this_host() and _is_gone(process))


@cache
def this_host() -> str:
    """Name this machine, this start of it and this container: where a process number means one process."""
    marks = [socket.gethostname()]
    with suppress(OSError):
        marks.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip())
    with suppress(OSError):
        marks.append(str(Path("/proc/self/ns/pid").readlink()))
    return " ".join(marks)


def _is_gone(process: int) -> bool:
    if os.name != "posix":  # elsewhere signal 0 is not a question; the heartbeat has to do
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return _is_zombie(process)


def _is_zombie(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] in ("Z", "X")
