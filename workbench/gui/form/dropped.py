"""What a dropped file means for the experiment: an experiment, a cell, or data of one's own to learn."""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from workbench.cells import Cell
from workbench.errors import WorkbenchError
from workbench.lab.experiment import Experiment, load_experiment
from workbench.lab.workbook import SUFFIX
from workbench.tasks import TaskError

SMALL = 1 << 20
"""Bytes above which no file is too short to train on."""
_EXPERIMENTS = ".toml"
_SHORTEST = 4
_LENGTH = "length"


class DropRefused(WorkbenchError):
    """A file that means nothing to the experiment."""


def is_own_data(path: Path) -> bool:
    """Tell whether a file is to be learned, by its name: experiments, cells and workbooks are not."""
    return path.suffix.lower() not in (_EXPERIMENTS, SUFFIX)


def one_of_several(paths: Sequence[Path]) -> str:
    """Return what is to be said where several files were dropped; "" where it was one."""
    return f"One file at a time: {paths[0].name} is taken, the others are not." if len(paths) > 1 else ""


def experiment_for(path: Path, current: Experiment) -> Experiment:
    """Return the experiment of a TOML file, or the current one with the cell that the file describes.

    Raises DropRefused, CellError or ExperimentError with a sentence for what cannot be used.
    """
    if path.suffix.lower() == SUFFIX:
        raise DropRefused(f"{path.name} is a workbook. Open it by File, Open, or drop it outside the form.")
    try:
        is_cell = "equations" in tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        is_cell = False  # loading it as an experiment says what is wrong
    if not is_cell:
        return load_experiment(path)
    return current.changed({"cell": Cell.from_file(path).values, "name": ""})


def fitted(wanted: Experiment, size: int, check: Callable[[Experiment], object]) -> Experiment:
    """Return an experiment whose file, of so many bytes, is known to be fit for it.

    A file that is too short for it shortens the sequences, then the batch, until it trains. ``check`` raises TaskError
    for an experiment that cannot be trained; so does this for one that no shortening helps.
    """
    try:
        check(wanted)
    except TaskError:
        if size > SMALL:
            raise
        for shorter in _shorter(wanted):
            try:
                check(shorter)
            except TaskError:
                continue
            return shorter
        raise
    return wanted


def words_on_fitting(wanted: Experiment, made: Experiment) -> str:
    """Return what `fitted` shortened, as a sentence; "" where nothing was."""
    pairs = {
        "length": (wanted.values()["task"].get(_LENGTH), made.values()["task"].get(_LENGTH)),
        "batch": (wanted.batch, made.batch),
    }
    shortened = [f"{name} {now} in place of {before}" for name, (before, now) in pairs.items() if now != before]
    return f"The file is short: {' and '.join(shortened)}." if shortened else ""


def _shorter(wanted: Experiment) -> Iterator[Experiment]:
    """Yield the experiment with ever shorter sequences, then with ever smaller batches too."""
    task = wanted.values()["task"]
    length, batch = task.get(_LENGTH, _SHORTEST), wanted.batch
    while length > _SHORTEST or batch > 1:
        if length > _SHORTEST:
            length = max(_SHORTEST, length // 2)
        else:
            batch //= 2
        shortened = task | {_LENGTH: length} if _LENGTH in task else task
        yield wanted.changed({"task": shortened, "batch": batch})
