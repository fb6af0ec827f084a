"""What the lab's tests share."""

import time
from collections.abc import Callable

import numpy as np

from workbench.lab.workbook import Columns, Workbook

DEADLINE = 60.0  # seconds; only a broken program comes near it


def wait_until(condition: Callable[[], bool], what: str, deadline: float = DEADLINE) -> None:
    """Ask again and again until the condition holds. Fails with `what` when it never does."""
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline:.0f} s in vain for: {what}")
        time.sleep(0.002)


def columns(first: int, count: int) -> Columns:
    """Return `count` entries from step `first` on, whose numbers are a function of their step."""
    steps = np.arange(first, first + count, dtype=np.int64)
    number = steps.astype(np.float64)
    return Columns(steps, {"loss": np.reciprocal(1.0 + number), "gradient_norm": np.sqrt(number)})


def add_run(workbook: Workbook, name: str = "run", steps: int = 100) -> int:
    """Add a run whose experiment nobody reads."""
    return workbook.runs.create(name, experiment="{}", cell="", origin={"threads": 1}, steps=steps)
