"""Numbers a step: kept as chunks of packed columns that merge as they grow.

A commit brings a short chunk; while the chunk before it is not much longer, the two become one, as digits
carry in a binary counter. So N entries lie in about log N chunks, each number is rewritten about log N times,
and a reader that wants the newest entries reads short chunks. Chunks stop growing at a size that reads in
milliseconds.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.lab.workbook.arrays import narrow, pack, unpack
from workbench.lab.workbook.database import Database

LARGEST_CHUNK = 65536  # entries
_STEPS = "step"


@dataclass(frozen=True)
class Columns:
    """Numbers recorded at some steps: `steps` (N,) int64, ascending, and one float64 column (N,) a name."""

    steps: NDArray[np.int64]
    values: Mapping[str, NDArray[np.float64]]

    def __getitem__(self, name: str) -> NDArray[np.float64]:
        return self.values[name]

    def __len__(self) -> int:
        return len(self.steps)

    def after(self, step: int) -> "Columns":
        """Return the entries of later steps."""
        return self._slice(slice(int(np.searchsorted(self.steps, step, side="right")), None))

    def until(self, step: int) -> "Columns":
        """Return the entries up to this step, with it."""
        return self._slice(slice(0, int(np.searchsorted(self.steps, step, side="right"))))

    def _slice(self, part: slice) -> "Columns":
        return Columns(self.steps[part], {name: column[part] for name, column in self.values.items()})


class Scalars:
    """One series of numbers of each run ("training" or "validation")."""

    def __init__(self, database: Database, series: str) -> None:
        self._database = database
        self.series = series

    def append(self, run: int, columns: Columns) -> None:
        """Add entries of later steps than all kept before."""
        if not len(columns):
            return
        with self._database.writing() as connection:
            for first, count in self._chunks_from_the_end(connection, run):
                if count >= 2 * len(columns) or count + len(columns) > LARGEST_CHUNK:
                    break
                before = self._read_chunk(connection, run, first)
                if before.values.keys() != columns.values.keys():
                    break
                columns = _joined([before, columns])
                self._delete_from(connection, run, first)
            self._insert(connection, run, columns)
            self._database.touch(run, self.series)

    def read(self, run: int, after: int = -1) -> Columns:
        """Return all entries later than step `after`; without any, no steps and no columns."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT first, columns FROM scalars WHERE run = ? AND series = ? AND last > ? ORDER BY first",
                (run, self.series, after),
            ).fetchall()
        return _joined([_unpacked(first, data) for first, data in rows]).after(after)

    def last_step(self, run: int) -> int:
        """Return the step of the newest entry, -1 without any."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT max(last) FROM scalars WHERE run = ? AND series = ?", (run, self.series)
            ).fetchone()
        return -1 if row[0] is None else int(row[0])

    def drop_from(self, run: int, step: int) -> None:
        """Forget the entries of this step and all later ones."""
        with self._database.writing() as connection:
            kept = _joined(
                [
                    self._read_chunk(connection, run, first)
                    for (first,) in connection.execute(
                        "SELECT first FROM scalars WHERE run = ? AND series = ? AND first < ? AND last >= ?",
                        (run, self.series, step, step),
                    ).fetchall()
                ]
            ).until(step - 1)
            connection.execute(
                "DELETE FROM scalars WHERE run = ? AND series = ? AND last >= ?", (run, self.series, step)
            )
            if len(kept):
                self._insert(connection, run, kept)
            self._database.touch(run, self.series)

    def _chunks_from_the_end(self, connection: sqlite3.Connection, run: int) -> list[tuple[int, int]]:
        return connection.execute(
            "SELECT first, count FROM scalars WHERE run = ? AND series = ? ORDER BY first DESC",
            (run, self.series),
        ).fetchall()

    def _read_chunk(self, connection: sqlite3.Connection, run: int, first: int) -> Columns:
        (data,) = connection.execute(
            "SELECT columns FROM scalars WHERE run = ? AND series = ? AND first = ?",
            (run, self.series, first),
        ).fetchone()
        return _unpacked(first, data)

    def _delete_from(self, connection: sqlite3.Connection, run: int, first: int) -> None:
        connection.execute("DELETE FROM scalars WHERE run = ? AND series = ? AND first >= ?", (run, self.series, first))

    def _insert(self, connection: sqlite3.Connection, run: int, columns: Columns) -> None:
        first, last = int(columns.steps[0]), int(columns.steps[-1])
        connection.execute(
            "INSERT INTO scalars VALUES (?, ?, ?, ?, ?, ?)",
            (run, self.series, first, last, len(columns), _packed(columns)),
        )


def _packed(columns: Columns) -> bytes:
    arrays = {name: narrow(column) for name, column in columns.values.items()}
    gapless = int(columns.steps[-1] - columns.steps[0]) == len(columns) - 1
    return pack(arrays if gapless else {**arrays, _STEPS: columns.steps})


def _unpacked(first: int, data: bytes) -> Columns:
    arrays = unpack(data)
    steps = arrays.pop(_STEPS, None)
    if steps is None:
        steps = np.arange(first, first + len(next(iter(arrays.values()))), dtype=np.int64)
    return Columns(steps, {name: array.astype(np.float64) for name, array in arrays.items()})


def _joined(parts: list[Columns]) -> Columns:
    if not parts:
        return Columns(np.empty(0, np.int64), {})
    names = dict.fromkeys(name for part in parts for name in part.values)
    missing = {len(part): np.full(len(part), np.nan) for part in parts}
    return Columns(
        np.concatenate([part.steps for part in parts]),
        {name: np.concatenate([part.values.get(name, missing[len(part)]) for part in parts]) for name in names},
    )
