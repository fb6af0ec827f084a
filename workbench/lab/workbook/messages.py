"""The log of each run: sentences with a time, a step and a level."""

import time
from dataclasses import dataclass
from typing import Literal

from workbench.lab.workbook.database import Database

Level = Literal["info", "warning", "error"]


@dataclass(frozen=True)
class Message:
    """One entry; `details` is for who wants to dig (a traceback)."""

    id: int
    time: float
    step: int
    level: Level
    text: str
    details: str


class Messages:
    """What happened to each run, in order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, run: int, level: Level, text: str, *, step: int, details: str = "") -> None:
        """Add a sentence to a run's log."""
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO messages (run, time, step, level, text, details) VALUES (?, ?, ?, ?, ?, ?)",
                (run, time.time(), step, level, text, details),
            )
            self._database.touch(run, "messages")

    def read(self, run: int, after: int = 0) -> tuple[Message, ...]:
        """Return the messages whose id is above `after`."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT id, time, step, level, text, details FROM messages WHERE run = ? AND id > ? ORDER BY id",
                (run, after),
            ).fetchall()
        return tuple(Message(*row) for row in rows)
