"""What a run is, in words: for tooltips, for the details, for those who cannot see the table."""

from html import escape
from math import isclose

from workbench.errors import WorkbenchError
from workbench.figures.lengths import without_lengths
from workbench.gui.format import number, seconds, steps
from workbench.gui.panels.run_table.score import Score
from workbench.lab.experiment import Experiment
from workbench.lab.running import experiment_of
from workbench.lab.workbook import RunRecord

STATUS_WORDS = {"idle": "waiting", "running": "training"}
"""What a status is called where its own name would not do."""

Facts = list[tuple[str, str]]


def status_word(record: RunRecord) -> str:
    """Return a run's status in a word."""
    return STATUS_WORDS.get(record.status, record.status)


def facts(record: RunRecord, score: Score | None) -> Facts:
    """Return what a person asks first about a run: titles and values."""
    return [*experiment_facts(record), *progress_facts(record), *score_facts(record, score)]


def score_facts(record: RunRecord, score: Score | None) -> Facts:
    """Return how good a run is: on the held-out data, and on the last batch."""
    found: Facts = []
    if score is not None:
        found.append(("Validation loss", f"{number(score.loss)} at step {steps(score.step)}"))
        # A metric that is the loss under its own name says nothing new.
        own = {name: score.metrics[name] for name in without_lengths(score.metrics)}
        others = {name: value for name, value in own.items() if not isclose(value, score.loss, rel_tol=1e-6)}
        found += [(name.capitalize(), number(value)) for name, value in others.items()]
    if record.loss is not None:
        found.append(("Training loss", number(record.loss)))
    return found


def tooltip(record: RunRecord, score: Score | None) -> str:
    """Return a run's facts as a small table in rich text."""
    rows = "".join(
        f"<tr><td>{escape(title)}&nbsp;&nbsp;</td><td>{escape(value)}</td></tr>"
        for title, value in facts(record, score)
    )
    sentence = f"<p>{escape(record.sentence)}</p>" if record.sentence else ""
    return f"<b>{escape(record.name)}</b><table>{rows}</table>{sentence}"


def speed(record: RunRecord) -> str:
    """Return steps a second, "" before there are any."""
    if record.step and record.seconds > 0:
        return f"{number(record.step / record.seconds)} steps/s"
    return ""


def experiment_facts(record: RunRecord) -> Facts:
    """Return what defines a run: cell, task, sizes, backend, seed."""
    backend = str(record.origin.get("backend", ""))
    try:
        experiment = experiment_of(record)
    except WorkbenchError:  # of another version of the program; the details say what is wrong with it
        cell, task = str(record.origin.get("cell_name", "")), str(record.origin.get("task", ""))
        return [(title, text) for title, text in (("Cell", cell), ("Task", task), ("Backend", backend)) if text]
    return [
        ("Cell", experiment.cell_name),
        ("Task", _task(experiment)),
        ("Sizes", _sizes(experiment)),
        ("Backend", ", ".join(filter(None, (backend, experiment.dtype, "TensorFloat-32" * experiment.uses_tf32)))),
        ("Seed", str(experiment.seed)),
    ]


def _task(experiment: Experiment) -> str:
    length = getattr(experiment.task, "length", None)
    return f"{experiment.task.name}, length {length}" if length is not None else experiment.task.name


def _sizes(experiment: Experiment) -> str:
    layers = f"{experiment.layers} layers of {experiment.hidden}" if experiment.layers > 1 else str(experiment.hidden)
    window = f", window {experiment.window}" if experiment.window > 1 else ""
    return f"{layers} units, batch {experiment.batch}{window}"


def progress_facts(record: RunRecord) -> Facts:
    """Return how far a run is, how long that took, and its speed."""
    found = [("Steps", f"{steps(record.step)} of {steps(record.steps)}")]
    if record.seconds > 0:
        found.append(("Time", ", ".join(filter(None, (seconds(record.seconds), speed(record))))))
    return found
