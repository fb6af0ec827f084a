"""The workbook: one file that holds runs, and everything that is kept of them."""

import os
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from workbench.lab.errors import WorkbookError
from workbench.lab.workbook.changes import Changes
from workbench.lab.workbook.checkpoints import Checkpoints
from workbench.lab.workbook.commands import Commands
from workbench.lab.workbook.database import Database
from workbench.lab.workbook.drives import network_drive
from workbench.lab.workbook.failures import as_workbook_error
from workbench.lab.workbook.film import Film
from workbench.lab.workbook.leases import Leases
from workbench.lab.workbook.messages import Messages
from workbench.lab.workbook.runs import Runs
from workbench.lab.workbook.scalars import Scalars


class Workbook:
    """An open workbook. Close it, or use it in a `with`; threads may share it.

    Opening raises NotAWorkbook, NewerWorkbook, DamagedWorkbook or WorkbookError and changes nothing.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)
        self._database = Database(self.path)
        self.runs = Runs(self._database)
        self.scalars = Scalars(self._database, "training")
        self.validations = Scalars(self._database, "validation")
        self.film = Film(self._database)
        self.checkpoints = Checkpoints(self._database)
        self.messages = Messages(self._database)
        self.commands = Commands(self._database)
        self.leases = Leases(self._database)
        self.changes = Changes(self._database)

    @property
    def read_only(self) -> bool:
        """Whether the file, or its folder, is write-protected."""
        return self._database.read_only

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a person should know about the place of this file, as sentences."""
        sentences = []
        if network_drive(self.path):
            sentences.append(
                f"{self.path} lies on a network drive, where two machines writing at once can damage it. "
                "Keep workbooks on this computer and save a copy to the network."
            )
        if self.read_only:
            sentences.append(f"{self.path} is write-protected: it can be looked at, not changed.")
        if self._database.private_copy:
            sentences.append(f"{self.path} was not closed in order: what you see is a private copy put right.")
        return tuple(sentences)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit everything written in the block at once, or nothing of it."""
        with self._database.writing():
            yield

    def flush_to_disk(self) -> None:
        """See to it that what is committed survives a power cut too."""
        self._database.flush_to_disk()

    def save_copy(self, target: str | os.PathLike[str]) -> None:
        """Write a copy, even while workers train; replaces a file of that name. Raises WorkbookError."""
        place = Path(target)
        if place.exists() and place.samefile(self.path):
            raise WorkbookError(f"{place} is the open workbook itself. Choose another name for the copy.")
        draft = place.with_name(f".{place.name}.{uuid.uuid4().hex}.new")
        try:
            connection = sqlite3.connect(draft, isolation_level=None)
            try:
                self._database.backup(connection)
                connection.execute("DELETE FROM leases")
            finally:
                connection.close()
            draft.replace(place)
        except sqlite3.Error as error:
            raise as_workbook_error(error, place) from error
        except OSError as error:
            raise WorkbookError(f"{place} cannot be written: {error.strerror or error}.") from error
        finally:
            draft.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_workbook(path: str | os.PathLike[str], *, create: bool = False) -> Workbook:
    """Open a workbook; with `create`, make an empty one where there is no file yet. Raises WorkbookError."""
    if create and not Path(path).exists():
        try:
            Database.create(Path(path))
        except WorkbookError:
            if not Path(path).exists():  # else another process was first, which is as good
                raise
    return Workbook(path)
