"""What is new since: one counter for the whole workbook, noted at each kind of thing that changed."""

from dataclasses import dataclass

from workbench.lab.workbook.database import Database


@dataclass(frozen=True)
class News:
    """What changed: pairs of run and kind, and the counter to ask with next time.

    Kinds: "run", "training", "validation", "film", "checkpoints", "messages", "commands", "baselines".
    """

    counter: int
    changed: frozenset[tuple[int, str]]


class Changes:
    """The record of changes; asking costs microseconds when there are none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def since(self, counter: int = 0) -> News:
        """Return what changed after the counter stood here."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT run, kind, counter FROM changes WHERE counter > ?", (counter,)).fetchall()
        newest = max((row[2] for row in rows), default=counter)
        return News(newest, frozenset((run, kind) for run, kind, _ in rows))
