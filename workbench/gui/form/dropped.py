"""What a dropped file means for the experiment: a text or a table to learn, a cell, or an experiment."""

import tomllib
from pathlib import Path

from workbench.cells import Cell
from workbench.errors import WorkbenchError
from workbench.lab.experiment import Experiment, load_experiment
from workbench.lab.workbook import SUFFIX
from workbench.tasks import TaskError, TaskSettings, parse_task
from workbench.tasks.sentiment import SentimentSettings
from workbench.tasks.support.files import read_text
from workbench.tasks.support.tables import DELIMITERS

READS_TEXT = "language-model"
_TABLES = (".csv", ".tsv")
_SHORTEST = 4


class DropRefused(WorkbenchError):
    """A file that means nothing to the experiment."""


def experiment_for(path: Path, current: Experiment) -> Experiment:
    """Return the current experiment changed by a file: TOML is an experiment or a cell, anything else a text.

    A table is one of labelled sentences where the task takes those, else a text like any other. A short text
    shortens the sequences and the batch until it trains. Raises DropRefused, TaskError, CellError or
    ExperimentError with a sentence for what cannot be used.
    """
    if path.suffix.lower() == SUFFIX:
        raise DropRefused(f"{path.name} is a workbook. Open it by File, Open, or drop it outside the form.")
    if path.suffix.lower() == ".toml" and path.is_file():
        return _from_toml(path, current)
    if path.suffix.lower() in _TABLES and isinstance(current.task, SentimentSettings):
        return _from_table(path, current, current.task)
    return _from_text(path, current)


def note_for(path: Path, made: Experiment) -> str:
    """Return what a person should know about how a file was read for an experiment; "" where nothing is."""
    if path.suffix.lower() not in _TABLES:
        return ""
    if isinstance(task := made.task, SentimentSettings):
        return (
            f"{path.name} is read as labelled sentences: those of the column “{task.text_column}”, with the labels "
            f"of the column “{task.label_column}”."
        )
    return (
        f"{path.name} is read as text, character by character: no task takes a table of numbers yet. "
        "For labelled sentences choose the task Sentiment, then drop the file again."
    )


def _from_toml(path: Path, current: Experiment) -> Experiment:
    try:
        is_cell = "equations" in tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        is_cell = False  # loading it as an experiment says what is wrong
    if not is_cell:
        return load_experiment(path)
    return current.changed({"cell": Cell.from_file(path).values, "name": ""})


def _from_table(path: Path, current: Experiment, settings: SentimentSettings) -> Experiment:
    """Return the experiment with a table in its task; the delimiter is the first by which the task can read it."""
    expected = "tab" if path.suffix.lower() == ".tsv" else settings.delimiter
    refusals: list[TaskError] = []
    for delimiter in sorted(DELIMITERS, key=lambda name: name != expected):
        task = parse_task(settings.model_dump(mode="json") | {"path": str(path.absolute()), "delimiter": delimiter})
        try:
            task.build(current.seed).training_batch(0, current.batch)
        except TaskError as refusal:
            refusals.append(refusal)
        else:
            return current.changed({"task": task.model_dump(mode="json"), "name": ""})
    raise refusals[0]


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
