"""Checkpoints: all a run needs to go on exactly, as safetensors bytes with a checksum."""

import zlib
from collections.abc import Mapping
from typing import Any

from numpy.typing import NDArray

from workbench.lab.errors import UnknownRun
from workbench.lab.workbook.arrays import Arrays, from_bytes, to_bytes
from workbench.lab.workbook.database import Database

KEPT = 3
_PART = 256 << 20  # bytes; SQLite takes at most 1e9 in one value


class Checkpoints:
    """The last good checkpoints of each run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, run: int, step: int, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Keep a checkpoint and forget all but the newest few."""
        data = to_bytes(arrays)
        parts = [data[start : start + _PART] for start in range(0, len(data), _PART)]
        with self._database.writing() as connection:
            connection.execute("DELETE FROM checkpoints WHERE run = ? AND step = ?", (run, step))
            connection.executemany(
                "INSERT INTO checkpoints VALUES (?, ?, ?, ?, ?)",
                [(run, step, number, zlib.crc32(part), part) for number, part in enumerate(parts)],
            )
            connection.execute(
                "DELETE FROM checkpoints WHERE run = ? AND step NOT IN "
                "(SELECT DISTINCT step FROM checkpoints WHERE run = ? ORDER BY step DESC LIMIT ?)",
                (run, run, KEPT),
            )
            self._database.touch(run, "checkpoints")

    def steps(self, run: int) -> tuple[int, ...]:
        """Return the steps that have a checkpoint."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT step FROM checkpoints WHERE run = ? ORDER BY step", (run,)
            ).fetchall()
        return tuple(step for (step,) in rows)

    def read(self, run: int, step: int) -> Arrays | None:
        """Return a checkpoint's arrays, None if its bytes are damaged. Raises UnknownRun without one."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT checksum, data FROM checkpoints WHERE run = ? AND step = ? ORDER BY part", (run, step)
            ).fetchall()
        if not rows:
            raise UnknownRun(f"Run {run} has no checkpoint of step {step}.")
        if any(zlib.crc32(data) != checksum for checksum, data in rows):
            return None
        return from_bytes(b"".join(data for _, data in rows))

    def latest(self, run: int) -> tuple[int, Arrays] | None:
        """Return step and arrays of the newest checkpoint that is whole, None without one."""
        for step in reversed(self.steps(run)):
            arrays = self.read(run, step)
            if arrays is not None:
                return step, arrays
        return None
