"""How long it takes to open a workbook that holds a run of a million steps, and to read all its numbers."""

import statistics
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from benchmarks.tables import Row, Section
from workbench.lab.experiment import presets
from workbench.lab.running import start_run
from workbench.lab.workbook import Columns, open_workbook

STEPS = 1_000_000
COMMIT = 1_000  # steps
ROUNDS = 7


def measure_opening() -> Section:
    """Fill a workbook commit by commit, then open it a few times."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "million.rnnw"
        run = _fill(path)
        rows: list[Row] = []
        opened, listed, read = (
            statistics.median(column) for column in zip(*(_open(path, run) for _ in range(ROUNDS)), strict=True)
        )
        size = path.stat().st_size / 2**20
        rows.append({"steps": STEPS, "open, s": opened, "list runs, s": listed, "read all, s": read, "MiB": size})
    return Section("Opening a workbook (one run, four numbers a step)", rows)


def _fill(path: Path) -> int:
    random = np.random.default_rng(0)
    with open_workbook(path, create=True) as workbook:
        run = start_run(workbook, presets()["adding-lstm"])
        for first in range(1, STEPS + 1, COMMIT):
            steps = np.arange(first, first + COMMIT)
            numbers = {name: random.random(COMMIT) for name in ("loss", "gradient_norm", "learning_rate", "seconds")}
            workbook.scalars.append(run, Columns(steps, numbers))
    return run


def _open(path: Path, run: int) -> tuple[float, float, float]:
    start = perf_counter()
    with open_workbook(path) as workbook:
        opened = perf_counter()
        workbook.runs.all()
        listed = perf_counter()
        assert len(workbook.scalars.read(run)) == STEPS
        return opened - start, listed - opened, perf_counter() - listed
