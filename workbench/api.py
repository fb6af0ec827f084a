"""The Python API: experiments in, runs out. Safe in an unguarded script and in a notebook."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from workbench.figures.errors import FigureError
from workbench.figures.figure import Figure, make_figure
from workbench.lab.experiment import Experiment
from workbench.lab.following import Watcher, train_here
from workbench.lab.origin import Origin
from workbench.lab.places import default_workbook
from workbench.lab.running import experiment_of, send_command, start_in_file
from workbench.lab.workbook import Columns, Message, RunRecord, Workbook
from workbench.lab.workbook import open_workbook as _open
from workbench.tasks import Baseline
from workbench.training.words import Words

__all__ = ["Experiment", "Run", "Snapshot", "WorkbookRuns", "open_workbook", "train"]


@dataclass(frozen=True)
class Snapshot:
    """What the probe showed after a step; ``arrays`` have names as "values/1.c" (T, H), "gradient-norm/1.h" (T,)."""

    step: int
    arrays: Mapping[str, NDArray[Any]]

    @property
    def words(self) -> Words | None:
        """What the network read, should have answered and answered, in words; None in workbooks of before."""
        return Words.from_array(self.arrays["words"]) if "words" in self.arrays else None


class Film(Sequence[Snapshot]):
    """A run's snapshots in order; each is read when it is asked for."""

    def __init__(self, workbook: Workbook, run: int) -> None:
        self._workbook, self._run = workbook, run

    @property
    def steps(self) -> tuple[int, ...]:
        """The steps that have a snapshot."""
        return self._workbook.film.steps(self._run)

    def history(self, name: str) -> dict[int, NDArray[Any]]:
        """Return one array over the whole film, by step."""
        return self._workbook.film.history(self._run, name)

    def __len__(self) -> int:
        return len(self.steps)

    @overload
    def __getitem__(self, index: int) -> Snapshot: ...
    @overload
    def __getitem__(self, index: slice) -> "list[Snapshot]": ...
    def __getitem__(self, index: int | slice) -> "Snapshot | list[Snapshot]":
        try:
            steps = self.steps[index]
        except IndexError:
            raise IndexError(f"the film of run {self._run} has {len(self)} snapshots, none of number {index}") from None
        return self._read(steps) if isinstance(steps, int) else [self._read(step) for step in steps]

    def _read(self, step: int) -> Snapshot:
        return Snapshot(step, self._workbook.film.read(self._run, step))


class Run:
    """A run of a workbook: an experiment and what happened. Reads the workbook anew each time it is asked."""

    def __init__(self, workbook: Workbook, run: int) -> None:
        self._workbook, self.id = workbook, run

    def __repr__(self) -> str:
        record = self.record
        return f"Run({self.id}, {record.name!r}, {record.status}, step {record.step} of {record.steps})"

    @property
    def record(self) -> RunRecord:
        """The run as it stands: name, status, step, loss, seconds."""
        return self._workbook.runs.get(self.id)

    @property
    def name(self) -> str:
        """What the run is called."""
        return self.record.name

    @property
    def status(self) -> str:
        """idle, starting, running, paused, stopping, stopped, finished, failed or interrupted."""
        return self.record.status

    @cached_property
    def experiment(self) -> Experiment:
        """The experiment, as it was started."""
        return experiment_of(self.record)

    @property
    def scalars(self) -> Columns:
        """The numbers of every training step: loss, gradient_norm, learning_rate, seconds; ``.steps`` beside them."""
        return self._workbook.scalars.read(self.id)

    @property
    def validations(self) -> Columns:
        """What the held-out data said: loss and the task's metrics, at ``.steps``."""
        return self._workbook.validations.read(self.id)

    @property
    def film(self) -> Film:
        """The snapshots: states, gates, gradients of the probe."""
        return Film(self._workbook, self.id)

    @property
    def baselines(self) -> tuple[Baseline, ...]:
        """What trivial and optimal predictors get on the run's task."""
        return self._workbook.runs.baselines(self.id)

    @property
    def messages(self) -> tuple[Message, ...]:
        """The run's log."""
        return self._workbook.messages.read(self.id)

    @property
    def metrics(self) -> dict[str, float]:
        """The task's metrics at the last validation."""
        last = self.validations
        return {name: float(column[-1]) for name, column in last.values.items() if name != "loss"}

    def summary(self) -> dict[str, Any]:
        """Return what the command line prints as JSON; a number that is not finite or not there is None."""
        record, validations = self.record, self.validations
        last = {name: _number(column[-1]) for name, column in validations.values.items()}
        return {
            "run": record.id,
            "name": record.name,
            "status": record.status,
            "step": record.step,
            "steps": record.steps,
            "loss": _number(record.loss),
            "validation_loss": last.pop("loss", None),
            "metrics": last,
            "backend": Origin.from_values(record.origin).backend,
            "seconds": round(record.seconds, 3),
            "sentence": record.sentence,
        }

    def figure(self, name: str, *, beside: Sequence["Run"] = (), **options: Any) -> Figure:
        """Return a figure for paper: "loss", "metric", "by-length", "by-window", "states", "attention",
        "gradient-flow", "parameter-norms" or "spectrum".

        ``beside``: more runs of this workbook in the same figure. ``options``: style, font_size, title, caption, and
        those of the figure, as value="f" or step=200. ``.save("loss.pdf")`` writes it. Raises FigureError.
        """
        for run in beside:
            if run._workbook.path != self._workbook.path:
                raise FigureError(f"Run {run.id} lies in another workbook, {run._workbook.path}.")
        return make_figure(self._workbook, [self.id, *(run.id for run in beside)], name, **options)

    def pause(self) -> None:
        """Ask whoever trains the run to pause. Raises RunNotActive where nobody does."""
        send_command(self._workbook, self.id, "pause")

    def go(self) -> None:
        """Ask a paused run to go on. Raises RunNotActive where nobody trains it."""
        send_command(self._workbook, self.id, "go")

    def stop(self) -> None:
        """Ask whoever trains the run to stop with a checkpoint. Raises RunNotActive where nobody does."""
        send_command(self._workbook, self.id, "stop")

    def resume(self, watch: Watcher | None = None) -> "Run":
        """Train on from the last checkpoint to the end, as if there had been no interruption. Raises LabError."""
        train_here(self._workbook, self.id, watch)
        return self


class WorkbookRuns(Mapping[int, Run]):
    """An open workbook as its runs by number. Close it, or use it in a ``with``."""

    def __init__(self, workbook: Workbook) -> None:
        self.workbook = workbook

    def __getitem__(self, run: int) -> Run:
        if run not in tuple(self):
            raise KeyError(f"there is no run {run}; there are {', '.join(map(str, self)) or 'none'}")
        return Run(self.workbook, run)

    def __iter__(self) -> Iterator[int]:
        return iter([record.id for record in self.workbook.runs.all()])

    def __len__(self) -> int:
        return len(self.workbook.runs.all())

    def __enter__(self) -> "WorkbookRuns":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self.workbook.close()


def open_workbook(path: str | os.PathLike[str]) -> WorkbookRuns:
    """Open a workbook. Raises WorkbookError for a file that is none, is damaged or is of a newer version."""
    return WorkbookRuns(_open(path))


def train(experiment: Experiment, workbook: str | os.PathLike[str] | None = None, watch: Watcher | None = None) -> Run:
    """Train an experiment to its end in a process of its own and return its run.

    ``workbook``: the file to keep it in, made where there is none; left out, one in your user data folder. ``watch``
    is called with the run's record ten times a second. A run that fails is returned as such: see its ``status`` and
    ``record.sentence``. Raises WorkbenchError for what cannot be trained.
    """
    path = Path(workbook) if workbook is not None else default_workbook()
    book, run = start_in_file(path, experiment)
    train_here(book, run, watch)
    return Run(book, run)


def _number(value: float | None) -> float | None:
    return float(value) if value is not None and isfinite(np.float64(value)) else None
