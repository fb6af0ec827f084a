"""How good runs are by now: the last look at the held-out data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.lab.workbook import Workbook

_LOSS = "loss"


@dataclass(frozen=True)
class Score:
    """What the last validation of a run said, after ``step`` steps: the loss, and the task's metrics by name."""

    step: int
    loss: float
    metrics: Mapping[str, float]


def read_scores(workbook: Workbook, runs: Iterable[int]) -> dict[int, Score]:
    """Return the last validation of each run that has one. Reads the newest entries only."""
    scores = {}
    for run in runs:
        entries = workbook.validations.read(run, workbook.validations.last_step(run) - 1)
        if len(entries):
            last = {name: float(column[-1]) for name, column in entries.values.items()}
            scores[run] = Score(int(entries.steps[-1]), last.pop(_LOSS), last)
    return scores
