"""One connection to a workbook: short reads, transactions, and the record of what changed."""

import os
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.lab.errors import ReadOnlyWorkbook, WorkbookError
from workbench.lab.workbook import schema
from workbench.lab.workbook.failures import as_workbook_error
from workbench.lab.workbook.opening import connect_new, open_file, signature

_LARGEST_WAL = 16 << 20  # bytes it is cut back to after a checkpoint


class Database:
    """A workbook's file, open. Threads may share it; they take turns."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._depth = 0
        self._touched: set[tuple[int, str]] = set()
        self._open()
        if self.read_only and self._version() < schema.VERSION:
            self.close()
            raise ReadOnlyWorkbook(f"{path} is of an older format and write-protected. Copy it, then open the copy.")
        self._migrate()

    @staticmethod
    def create(path: Path) -> None:
        """Make an empty workbook at once or not at all. Raises WorkbookError, also when the path is taken."""
        if not path.parent.is_dir():
            raise WorkbookError(f"There is no folder {path.parent}. Make it first, or choose another place.")
        draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}.new")
        try:
            connection = connect_new(draft)
            try:
                _write_schema(connection)
            finally:
                connection.close()
            _move_to_free_place(draft, path)
        except FileExistsError:
            raise WorkbookError(f"{path} is there already: open it, or choose a new name.") from None
        except sqlite3.Error as error:
            raise as_workbook_error(error, path) from error
        except OSError as error:
            raise WorkbookError(f"{path} cannot be created: {error.strerror or error}.") from error
        finally:
            draft.unlink(missing_ok=True)

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written."""
        return self._opened.read_only

    @property
    def private_copy(self) -> bool:
        """Whether a copy is shown, because the file itself could not be read in place."""
        return self._opened.private_copy

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._opened.close()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one state of the workbook until the block ends; keep it short."""
        with self._lock, self._sentences():
            if self._depth == 0:
                self._refresh()
            with self._transaction("BEGIN") as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection whose changes become visible together when the outermost block ends.

        Raises ReadOnlyWorkbook, NoRoom, WorkbookBusy; then nothing of the block is written.
        """
        if self.read_only:
            raise ReadOnlyWorkbook(f"{self.path} can only be read. Save a copy to change it.")
        with self._lock, self._sentences(), self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def touch(self, run: int, kind: str) -> None:
        """Note, within `writing`, that something of this kind changed in the run."""
        self._touched.add((run, kind))

    def flush_to_disk(self) -> None:
        """Move what is committed into the file proper and onto the disk, as far as readers allow."""
        with self._lock, self._sentences():
            self._opened.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def backup(self, target: sqlite3.Connection) -> None:
        """Copy one state of the whole workbook."""
        with self._lock, self._sentences():
            self._refresh()
            self._opened.connection.backup(target)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        connection = self._opened.connection
        self._depth += 1
        try:
            if self._depth == 1:
                self._touched.clear()
                connection.execute(begin)
            yield connection
            if self._depth == 1:
                self._record_changes(connection)
                connection.execute("COMMIT")
        finally:
            self._depth -= 1
            if self._depth == 0 and connection.in_transaction:
                connection.execute("ROLLBACK")

    def _record_changes(self, connection: sqlite3.Connection) -> None:
        if not self._touched:
            return
        connection.execute("UPDATE workbook SET counter = counter + 1")
        connection.executemany(
            "INSERT INTO changes SELECT ?, ?, counter FROM workbook WHERE true "
            "ON CONFLICT DO UPDATE SET counter = excluded.counter",
            sorted(self._touched),
        )

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise as_workbook_error(error, self.path) from error

    def _open(self) -> None:
        self._opened = open_file(self.path)
        self._seen = signature(self.path)
        if not self.read_only:
            self._opened.connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_WAL}")

    def _refresh(self) -> None:
        """Open the file again where this connection would not notice that another process wrote it."""
        if not self._opened.follows and signature(self.path) != self._seen:
            self._opened.close()
            self._open()

    def _migrate(self) -> None:
        if self._version() == schema.VERSION:
            return
        with self.writing() as connection:
            for old in range(self._version(), schema.VERSION):  # asked again: another process may have been first
                for statement in schema.MIGRATIONS[old].split(";"):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {schema.VERSION}")
        self._opened.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _version(self) -> int:
        return int(self._opened.connection.execute("PRAGMA user_version").fetchone()[0])


def _write_schema(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL").fetchall()
    connection.executescript(f"BEGIN; {schema.TABLES} COMMIT;")
    connection.execute("INSERT INTO workbook VALUES (1, ?, 0)", (time.time(),))
    connection.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {schema.VERSION}")


def _move_to_free_place(draft: Path, path: Path) -> None:
    """Rename without ever replacing a file. Raises FileExistsError."""
    if os.name == "nt":
        draft.rename(path)
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        if path.exists():
            raise FileExistsError(path) from None
        draft.rename(path)
