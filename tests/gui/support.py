"""What the window's tests share: experiments small enough to train in a second."""

from pathlib import Path
from typing import Any

from workbench.api import train
from workbench.lab.experiment import Experiment


def small_experiment(**fields: Any) -> Experiment:
    """Return an experiment that trains in a second."""
    values: dict[str, Any] = {
        "cell": "lstm",
        "task": {"name": "adding", "length": 12},
        "hidden": 8,
        "steps": 60,
        "batch": 8,
        "validate_every": 20,
        "learning_rate": 0.01,
    }
    return Experiment(**values | fields)


def train_two_runs(path: Path) -> None:
    """Make a workbook with an LSTM of 8 units as run 1 and an Elman network of 6 units as run 2."""
    train(small_experiment(), path)
    train(small_experiment(cell="elman", hidden=6), path)
