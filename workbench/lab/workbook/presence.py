"""Which files this process has open as workbooks, so that nothing but SQLite touches those.

On POSIX, closing a file drops every lock that the process holds on it, whoever took them: a look at the header of
an open workbook would do that. See "How To Corrupt An SQLite Database File", 2.2 (sqlite.org/howtocorrupt.html).
"""

import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

opening = threading.RLock()
"""Held while a workbook is looked at and opened."""

_open: Counter[tuple[int, int]] = Counter()


def is_open_here(path: Path) -> bool:
    """Tell whether this process has the file open."""
    return path.exists() and _open[_identity(path)] > 0


def note_open(path: Path) -> Callable[[], None]:
    """Count the file as open once more; returns what takes that back, which may be called twice."""
    identity, still_open = _identity(path), [True]
    _open[identity] += 1

    def note_closed() -> None:
        with opening:
            if still_open:
                still_open.clear()
                _open[identity] -= 1

    return note_closed


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
