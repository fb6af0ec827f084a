"""Snapshots: what the probe showed at some steps. The film thins itself, so its size has a bound."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.lab.errors import UnknownRun
from workbench.lab.workbook.arrays import Arrays, pack, unpack
from workbench.lab.workbook.database import Database

MOST_SNAPSHOTS = 200
MOST_BYTES = 128 << 20
FEWEST_SNAPSHOTS = 8  # a film of less is none, however large its pictures


class Film:
    """The snapshots of each run, in order of their steps."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, run: int, step: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep a snapshot, in place of one of the same step; thin the film if it has grown too large."""
        packed = {name: pack({name: np.asarray(array)}) for name, array in arrays.items()}
        with self._database.writing() as connection:
            connection.execute("DELETE FROM snapshots WHERE run = ? AND step = ?", (run, step))
            size = sum(map(len, packed.values()))
            connection.execute("INSERT INTO snapshots VALUES (?, ?, ?)", (run, step, size))
            connection.executemany(
                "INSERT INTO arrays VALUES (?, ?, ?, ?)",
                [(run, step, name, data) for name, data in packed.items()],
            )
            connection.execute("INSERT INTO films VALUES (?, 1) ON CONFLICT DO NOTHING", (run,))
            while _too_large(connection, run):
                _thin(connection, run)
            self._database.touch(run, "film")

    def steps(self, run: int) -> tuple[int, ...]:
        """Return the steps that have a snapshot."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT step FROM snapshots WHERE run = ? ORDER BY step", (run,)).fetchall()
        return tuple(step for (step,) in rows)

    def distance(self, run: int) -> int:
        """Return the least number of steps between two snapshots; it doubles with each thinning."""
        with self._database.reading() as connection:
            row = connection.execute("SELECT distance FROM films WHERE run = ?", (run,)).fetchone()
        return int(row[0]) if row else 1

    def names(self, run: int, step: int) -> tuple[str, ...]:
        """Return the names of a snapshot's arrays."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT name FROM arrays WHERE run = ? AND step = ? ORDER BY name", (run, step)
            ).fetchall()
        return tuple(name for (name,) in rows)

    def read(self, run: int, step: int, *names: str) -> Arrays:
        """Return the arrays of one snapshot: those named, or all. Raises UnknownRun where there is none."""
        with self._database.reading() as connection:
            chosen = names or self.names(run, step)
            rows = [
                connection.execute(
                    "SELECT data FROM arrays WHERE run = ? AND step = ? AND name = ?", (run, step, name)
                ).fetchone()
                for name in chosen
            ]
        absent = [name for name, row in zip(chosen, rows, strict=True) if row is None]
        if absent or not chosen:
            raise UnknownRun(
                f"Run {run} has no snapshot of step {step}{' with ' if absent else ''}{', '.join(absent)}."
            )
        return {name: unpack(row[0])[name] for name, row in zip(chosen, rows, strict=True)}

    def history(self, run: int, name: str) -> dict[int, NDArray[Any]]:
        """Return one array over the whole film, by step."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT step, data FROM arrays WHERE run = ? AND name = ? ORDER BY step", (run, name)
            ).fetchall()
        return {step: unpack(data)[name] for step, data in rows}

    def drop_from(self, run: int, step: int) -> None:
        """Forget the snapshots of this step and all later ones."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM snapshots WHERE run = ? AND step >= ?", (run, step))
            self._database.touch(run, "film")


def _too_large(connection: sqlite3.Connection, run: int) -> bool:
    count, size = connection.execute("SELECT count(*), sum(size) FROM snapshots WHERE run = ?", (run,)).fetchone()
    return bool(count > MOST_SNAPSHOTS or (size > MOST_BYTES and count > FEWEST_SNAPSHOTS))


def _thin(connection: sqlite3.Connection, run: int) -> None:
    """Drop every second snapshot, never the first or the last, and double the distance."""
    steps = [step for (step,) in connection.execute("SELECT step FROM snapshots WHERE run = ? ORDER BY step", (run,))]
    connection.executemany("DELETE FROM snapshots WHERE run = ? AND step = ?", [(run, step) for step in steps[1:-1:2]])
    connection.execute("UPDATE films SET distance = 2 * distance WHERE run = ?", (run,))
