"""A full disk: the run waits and says so, goes on when there is room, or ends with all that was committed."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.lab.support import LONG, ended, small_experiment, wait_until, worker
from workbench.lab.running import start_run
from workbench.lab.workbook import Workbook, open_workbook

if sys.platform != "linux":
    pytest.skip("limits and file systems of Linux", allow_module_level=True)

import resource

Check = Callable[[Workbook, int], None]

UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 24 MiB."""
    place = Path(tempfile.mkdtemp(prefix="small-disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if os.geteuid() != 0 or shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("a file system can be mounted by root alone")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)
    place.rmdir()


@contextlib.contextmanager
def started(workbook: Workbook) -> Iterator["subprocess.Popen[bytes]"]:
    """Train the first run of a workbook, and wait until it is some way in."""
    with worker(workbook, start_run(workbook, small_experiment(steps=LONG))) as process:
        wait_until(lambda: workbook.runs.get(1).step > 50, "fifty steps")
        yield process


def fill(file: Path) -> None:
    """Write a file until there is no room for another page."""
    with file.open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while filler.write(bytes(4096)) == 4096:
            pass


def forbid_growth(process: "subprocess.Popen[bytes]") -> None:
    """Let no file the worker writes become longer: every commit fails as on a full disk."""
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def test_a_run_that_cannot_write_waits_and_goes_on(workbook: Workbook, undisturbed: Check) -> None:
    with started(workbook) as process:
        forbid_growth(process)
        assert process.stderr is not None
        assert b"no room left to write" in process.stderr.readline()
        assert process.poll() is None

        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, UNLIMITED)

        assert ended(process) == 0
        assert workbook.runs.get(1).status == "finished"
        assert "can be written again" in workbook.messages.read(1)[-1].text
        undisturbed(workbook, 1)


def test_a_run_that_cannot_write_ends_with_all_that_was_committed(workbook: Workbook, undisturbed: Check) -> None:
    with started(workbook) as process:
        forbid_growth(process)
        assert process.stderr is not None
        process.stderr.readline()
        kept = workbook.scalars.last_step(1)

        process.send_signal(signal.SIGTERM)

        assert ended(process) == 0
        assert workbook.scalars.last_step(1) == kept
        assert workbook.runs.get(1).status == "interrupted"
        with worker(workbook, 1) as again:
            assert ended(again) == 0
        undisturbed(workbook, 1)


def test_a_disk_about_to_be_full_pauses_the_run_with_a_sentence(small_disk: Path, undisturbed: Check) -> None:
    with open_workbook(small_disk / "book.rnnw", create=True) as workbook:
        with started(workbook) as process:
            filler = small_disk / "filler"
            filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - (3 << 20)))
            wait_until(lambda: workbook.runs.get(1).status == "paused", "the pause")
            assert "Make room and it goes on by itself" in workbook.runs.get(1).sentence

            filler.unlink()
            assert ended(process) == 0
        assert workbook.runs.get(1).status == "finished"
        undisturbed(workbook, 1)


def test_a_disk_filled_to_the_last_byte_loses_nothing_committed(small_disk: Path, undisturbed: Check) -> None:
    with open_workbook(small_disk / "book.rnnw", create=True) as workbook:
        with started(workbook) as process:
            fill(small_disk / "filler")
            kept = workbook.scalars.last_step(1)
            process.send_signal(signal.SIGTERM)
            assert ended(process) == 0
        (small_disk / "filler").unlink()
        assert workbook.scalars.last_step(1) >= kept
        with worker(workbook, 1) as again:
            assert ended(again) == 0
        undisturbed(workbook, 1)
