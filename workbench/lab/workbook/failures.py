"""SQLite's errors as sentences."""

import sqlite3
from pathlib import Path

from workbench.lab.errors import (
    DamagedWorkbook,
    NoRoom,
    ReadOnlyWorkbook,
    WorkbookBusy,
    WorkbookError,
)

_CANNOT_WRITE = frozenset(
    {
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMOPEN,
    }
)


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code (0 for errors of the Python module itself)."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def as_workbook_error(error: sqlite3.Error, path: Path) -> WorkbookError:
    """Return the error a person understands: what happened to which file, and what to do."""
    code = primary_code(error)
    if code == sqlite3.SQLITE_FULL or getattr(error, "sqlite_errorcode", 0) in _CANNOT_WRITE:
        return NoRoom(f"There is no room left to write {path}. Make room on the disk; nothing committed is lost.")
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return DamagedWorkbook(f"{path} is damaged ({error}). Restore it from a copy.")
    if code == sqlite3.SQLITE_READONLY:
        return ReadOnlyWorkbook(f"{path} can only be read: it, or its folder, is write-protected. Save a copy first.")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return WorkbookBusy(f"{path} is locked by another program. Close what uses it and try again.")
    if code == sqlite3.SQLITE_CANTOPEN:
        return WorkbookError(f"{path} cannot be opened. Check that the file and its folder may be used.")
    return WorkbookError(f"{path} cannot be used ({error}).")
