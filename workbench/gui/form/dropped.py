"""What a dropped file means for the experiment: a text to learn, a cell, or an experiment."""

import tomllib
from pathlib import Path

from workbench.cells import Cell
from workbench.errors import WorkbenchError
from workbench.lab.experiment import Experiment, load_experiment
from workbench.lab.workbook import SUFFIX
from workbench.tasks import TaskError, TaskSettings, parse_task
from workbench.tasks.support.files import read_text

READS_TEXT = "language-model"
_TABLES = (".csv", ".tsv")
_SHORTEST = 4


class DropRefused(WorkbenchError):
    """A file that means nothing to the experiment."""


def experiment_for(path: Path, current: Experiment) -> Experiment:
    """Return the current experiment changed by a file: TOML is an experiment or a cell, anything else a text.

    A short text shortens the sequences and the batch until it trains. Raises DropRefused, TaskError, CellError or
    ExperimentError with a sentence for what cannot be used.
    """
    if path.suffix.lower() == SUFFIX:
        raise DropRefused(f"{path.name} is a workbook. Open it by File, Open, or drop it outside the form.")
    if path.suffix.lower() == ".toml" and path.is_file():
        return _from_toml(path, current)
    return _from_text(path, current)


def note_for(path: Path) -> str:
    """Return what a person should know about how a dropped file is read; "" where nothing is."""
    if path.suffix.lower() in _TABLES:
        return f"{path.name} is read as text, character by character: no task takes a table of numbers yet."
    return ""


def _from_toml(path: Path, current: Experiment) -> Experiment:
    try:
        is_cell = "equations" in tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        is_cell = False  # loading it as an experiment says what is wrong
    if not is_cell:
        return load_experiment(path)
    return current.changed({"cell": Cell.from_file(path).values, "name": ""})


def _from_text(path: Path, current: Experiment) -> Experiment:
    text = read_text(str(path))  # refuses folders, empty files and what is no text
    settings = current.task if current.task.name == READS_TEXT else parse_task({"name": READS_TEXT})
    values = settings.model_dump(mode="json") | {"path": str(text.path.absolute())}
    task, batch = _fitting(values, current)
    return current.changed({"task": task.model_dump(mode="json"), "batch": batch, "name": ""})


def _fitting(values: dict[str, object], current: Experiment) -> tuple[TaskSettings, int]:
    """Return settings and a batch for which the text is long enough. Raises TaskError where there are none."""
    length, batch = int(str(values["length"])), current.batch
    while True:
        task = parse_task(values | {"length": length})
        try:
            task.build(current.seed).training_batch(0, batch)
        except TaskError:
            if length > _SHORTEST:
                length = max(_SHORTEST, length // 2)
            elif batch > 1:
                batch //= 2
            else:
                raise
        else:
            return task, batch
