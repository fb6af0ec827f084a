"""Opening a workbook's file: for writing, or for reading where nothing may be written.

A workbook is in WAL mode, and SQLite wants to write beside it even to read it. Where that is not allowed
there are three ways. With live companions (`-wal`, `-shm`) a plain read-only connection works. Without a
`-wal` the file is complete and `immutable` reads it; that flag ignores a `-wal` that appears later, so the
caller watches for one. A `-wal` left behind by a crash on a write-protected disk is merged in a private copy.
"""

import os
import shutil
import sqlite3
import tempfile
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.lab.errors import DamagedWorkbook, NewerWorkbook
from workbench.lab.workbook.failures import as_workbook_error, primary_code
from workbench.lab.workbook.header import check_header, has_wal, newer_sentence, wal_path
from workbench.lab.workbook.presence import is_open_here, note_open, opening
from workbench.lab.workbook.schema import TABLE_NAMES, VERSION

_PATIENCE = 30.0  # seconds to wait for other writers
_THOROUGH = 32 << 20  # up to this many bytes every page is checked on opening


@dataclass(frozen=True)
class Opened:
    """A connection, and what it can do.

    `follows` is False where it shows the file as it was when opened, whatever other processes write later.
    """

    connection: sqlite3.Connection
    read_only: bool
    follows: bool
    private_copy: bool
    close: Callable[[], None]


def open_file(path: Path) -> Opened:
    """Check the file, then open it: for writing if the file and its folder allow that, else for reading.

    Raises WorkbookError and its kinds; the file is then left byte for byte as it was.
    """
    with opening:
        if not is_open_here(path):
            check_header(path)
            _examine(path)
        try:
            opened = _following(_connect(path, "mode=rw")) if _may_write(path) else _open_for_reading(path)
        except sqlite3.Error as error:
            raise as_workbook_error(error, path) from error
        note_closed = note_open(path)

    def close() -> None:
        opened.close()
        note_closed()

    return replace(opened, close=close)


def connect_new(path: Path) -> sqlite3.Connection:
    """Create the file of a new workbook."""
    return _connect(path, "mode=rwc")


def signature(path: Path) -> tuple[int, ...]:
    """Return what changes when another process writes the file."""
    return tuple(
        number
        for file in (path, wal_path(path))
        if file.exists()
        for number in (file.stat().st_ino, file.stat().st_mtime_ns, file.stat().st_size)
    )


def _open_for_reading(path: Path) -> Opened:
    if not has_wal(path):
        frozen = _connect(path, "mode=ro&immutable=1")
        return Opened(frozen, read_only=True, follows=False, private_copy=False, close=frozen.close)
    connection: sqlite3.Connection | None = None
    try:
        connection = _connect(path, "mode=ro")
        connection.execute("SELECT one FROM workbook").fetchall()
        return _following(connection, read_only=True)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        if primary_code(error) not in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY):
            raise
        return _open_private_copy(path)


def _open_private_copy(path: Path) -> Opened:
    folder = Path(tempfile.mkdtemp(prefix="rnn-workbench-"))
    try:
        copy = folder / path.name
        shutil.copyfile(path, copy)
        shutil.copyfile(wal_path(path), wal_path(copy))
        connection = _connect(copy, "mode=rw")
        connection.execute("PRAGMA query_only = ON")
    except (sqlite3.Error, OSError):
        shutil.rmtree(folder, ignore_errors=True)
        raise

    def close() -> None:
        connection.close()
        shutil.rmtree(folder, ignore_errors=True)

    return Opened(connection, read_only=True, follows=False, private_copy=True, close=close)


def _following(connection: sqlite3.Connection, *, read_only: bool = False) -> Opened:
    return Opened(connection, read_only, follows=True, private_copy=False, close=connection.close)


def _examine(path: Path) -> None:
    """Raise DamagedWorkbook or NewerWorkbook, looking through a connection that cannot write."""
    before = signature(path)
    try:
        opened = _open_for_reading(path)
        try:
            _check_contents(path, opened.connection)
        finally:
            opened.close()
    except (sqlite3.Error, DamagedWorkbook) as error:
        if signature(path) != before:  # another process began to write meanwhile: look again
            return _examine(path)
        raise as_workbook_error(error, path) if isinstance(error, sqlite3.Error) else error from error


def _check_contents(path: Path, connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise NewerWorkbook(newer_sentence(path, version))
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    missing = sorted(TABLE_NAMES - names) if version == VERSION else []
    if missing:
        raise DamagedWorkbook(f"{path} is damaged: it has no table of {', '.join(missing)}. Restore it from a copy.")
    if path.stat().st_size <= _THOROUGH:
        verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise DamagedWorkbook(f"{path} is damaged ({verdict.splitlines()[-1]}). Restore it from a copy.")
    else:
        connection.execute("SELECT * FROM runs").fetchall()


def _may_write(path: Path) -> bool:
    effective = os.access in os.supports_effective_ids
    return all(os.access(place, os.W_OK, effective_ids=effective) for place in (path, path.parent))


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{_uri(path)}?{mode}",
        uri=True,
        timeout=_PATIENCE,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        # A workbook may come from anyone: nothing in its schema gets to call functions with side effects.
        for pragma in ("trusted_schema = OFF", "foreign_keys = ON", "synchronous = NORMAL", "temp_store = MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _uri(path: Path) -> str:
    place = path.absolute().as_posix()
    place = place if place.startswith("/") else f"/{place}"
    return "file://" + urllib.parse.quote(os.fsencode(place))
