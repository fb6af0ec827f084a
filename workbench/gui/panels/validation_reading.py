"""Reading what the held-out data said of runs at one moment of their training, on the reader's thread."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from workbench.gui.panels.loss_numbers import Series
from workbench.lab.workbook import Workbook


@dataclass(frozen=True)
class Scores:
    """One validation of a run: after which step, and every score by its name."""

    run: int
    step: int
    values: dict[str, float]


class ScoreReader:
    """Reads the validations of one workbook. It keeps what it has read; use it on one thread."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook
        self._kept: dict[int, Series] = {}

    def read(self, runs: Sequence[int], step: int | None) -> dict[int, Scores]:
        """Return each run's last validation up to a step, None for the very last; nothing of runs without one."""
        self._kept = {run: self._kept.get(run) or Series(self.workbook.validations, run) for run in runs}
        found = {}
        for run, series in self._kept.items():
            series.update()
            count = len(series) if step is None else int(np.searchsorted(series.steps, step, side="right"))
            if count:
                values = {name: float(series.column(name)[count - 1]) for name in series.names}
                found[run] = Scores(run, int(series.steps[count - 1]), values)
        return found
