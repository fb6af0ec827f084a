"""Whether other programs are at work: their share makes libraries that wait for each other's threads crawl."""

import sys
from pathlib import Path
from time import perf_counter, sleep

TOLERATED = 0.1
"""Cores in use elsewhere that do not show in the figures."""
_TICKS_A_SECOND = 100  # of /proc/stat, on every Linux
_IDLE = (3, 4)  # the columns idle and iowait
_GUEST = 8  # from here on, time that other columns count already


def cores_in_use(seconds: float = 1.0) -> float | None:
    """Return how many cores others use while this process sleeps; None where the system does not tell."""
    if sys.platform != "linux":
        return None
    begin, ticks = perf_counter(), _busy_ticks()
    sleep(seconds)
    return (_busy_ticks() - ticks) / _TICKS_A_SECOND / (perf_counter() - begin)


def complaint(cores: float | None) -> str | None:
    """Return a sentence where that is too much to measure well."""
    if cores is None or cores <= TOLERATED:
        return None
    return f"Other programs are using {cores:.1f} cores: figures will be off, most of all those of several threads."


def _busy_ticks() -> int:
    columns = [int(word) for word in Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]]
    return sum(ticks for column, ticks in enumerate(columns[:_GUEST]) if column not in _IDLE)
