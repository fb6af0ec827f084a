"""Leases: one worker a run."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lab.support import add_run
from workbench.lab.errors import LeaseLost, RunBusy
from workbench.lab.workbook import Workbook, leases


def age_lease(path: Path, seconds: float) -> None:
    """Let a heartbeat be older than it is."""
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE leases SET heartbeat = heartbeat - ?", (seconds,))
    connection.close()


def test_a_second_holder_is_refused(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    workbook.leases.take(run)

    with Workbook(path) as other, pytest.raises(RunBusy, match=f"Run {run} is being trained"):
        other.leases.take(run)


def test_a_lease_given_back_can_be_taken_again(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.leases.release(workbook.leases.take(run))

    workbook.leases.take(run)


def test_leases_on_different_runs_do_not_touch(workbook: Workbook) -> None:
    workbook.leases.take(add_run(workbook))
    workbook.leases.take(add_run(workbook))


def test_a_holder_that_fell_silent_loses_the_run(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    workbook.runs.set_status(run, "running")
    silent = workbook.leases.take(run)
    assert workbook.runs.get(run).status == "running"

    age_lease(path, leases.STALE_AFTER + 1)

    assert workbook.runs.get(run).status == "interrupted"
    workbook.leases.take(run)
    with pytest.raises(LeaseLost, match="taken over"):
        workbook.leases.renew(silent)


def test_a_heartbeat_keeps_the_lease(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    lease = workbook.leases.take(run)
    age_lease(path, leases.STALE_AFTER + 1)

    workbook.leases.renew(lease)

    with pytest.raises(RunBusy):
        workbook.leases.take(run)


def test_a_lease_of_a_process_that_is_gone_is_free_at_once(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    workbook.leases.take(run)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE leases SET process = ?", (ended.pid,))
    connection.close()

    workbook.leases.take(run)


def test_a_lease_handed_over_lasts_as_long_as_its_new_holder(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.runs.set_status(run, "starting")
    lease = workbook.leases.take(run)
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    workbook.leases.hand_over(lease, child.pid)
    assert workbook.runs.get(run).status == "starting"

    child.communicate()

    assert workbook.runs.get(run).status == "interrupted"
    workbook.leases.take(run)
    with pytest.raises(LeaseLost):
        workbook.leases.hand_over(lease, os.getpid())


def test_a_process_that_waits_to_be_buried_counts_as_gone() -> None:
    zombie = subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE)
    assert zombie.stdout is not None
    zombie.stdout.read()
    end = time.monotonic() + 30
    while leases.is_alive(leases.this_host(), zombie.pid, time.time()):
        assert time.monotonic() < end
    zombie.stdout.close()
    zombie.wait()


def test_a_process_of_another_machine_is_judged_by_its_heartbeat_alone() -> None:
    now = time.time()

    assert leases.is_alive("elsewhere", 2**22 + 1, now)
    assert not leases.is_alive("elsewhere", os.getpid(), now - leases.STALE_AFTER - 1)
