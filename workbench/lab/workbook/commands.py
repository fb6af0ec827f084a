"""Commands: what people ask a running worker to do, and when it did."""

import time
from dataclasses import dataclass
from typing import Literal

from workbench.lab.workbook.database import Database

Kind = Literal["pause", "go", "step", "stop", "snapshot", "learning_rate", "sequence"]
KINDS: tuple[Kind, ...] = ("pause", "go", "step", "stop", "snapshot", "learning_rate", "sequence")
COURSE: frozenset[Kind] = frozenset({"learning_rate"})
"""The kinds that change the numbers of a run, so that a resumed run has to repeat them."""


@dataclass(frozen=True)
class Command:
    """One command; `step` is the number of completed steps when it took effect, None before."""

    id: int
    kind: Kind
    value: float | None
    sent: float
    step: int | None


class Commands:
    """The commands of each run, in the order in which they were sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def send(self, run: int, kind: Kind, value: float | None = None) -> int:
        """Put a command into the workbook and return its id; whoever trains the run reads it."""
        with self._database.writing() as connection:
            cursor = connection.execute(
                "INSERT INTO commands (run, kind, value, sent) VALUES (?, ?, ?, ?)",
                (run, kind, value, time.time()),
            )
            self._database.touch(run, "commands")
            return int(cursor.lastrowid or 0)

    def pending(self, run: int) -> tuple[Command, ...]:
        """Return what no worker has taken yet."""
        return self._select(run, "taken IS NULL")

    def course(self, run: int) -> tuple[Command, ...]:
        """Return the commands that changed the course of the run, with the steps at which they did."""
        return tuple(command for command in self._select(run, "step IS NOT NULL") if command.kind in COURSE)

    def take(self, command: Command, run: int, step: int) -> None:
        """Record that a command took effect after this many completed steps."""
        with self._database.writing() as connection:
            connection.execute("UPDATE commands SET taken = ?, step = ? WHERE id = ?", (time.time(), step, command.id))
            self._database.touch(run, "commands")

    def drop_pending(self, run: int) -> None:
        """Set aside what was asked of a worker that is gone; what changes the course stays asked."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE commands SET taken = ? WHERE run = ? AND taken IS NULL AND kind <> 'learning_rate'",
                (time.time(), run),
            )
            self._database.touch(run, "commands")

    def _select(self, run: int, condition: str) -> tuple[Command, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT id, kind, value, sent, step FROM commands WHERE run = ? AND {condition} ORDER BY id",
                (run,),
            ).fetchall()
        return tuple(Command(*row) for row in rows)
