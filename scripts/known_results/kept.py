"""Runs of a workbook, found by their experiment: what was trained before is taken, not repeated."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.lab.errors import ExperimentError
from workbench.lab.experiment import Experiment
from workbench.lab.origin import Origin
from workbench.lab.running import experiment_of
from workbench.lab.workbook import RunRecord, Workbook
from workbench.tasks import Baseline


@dataclass(frozen=True)
class Outcome:
    """What came of one experiment: the numbers of the last validation, or a sentence on why there are none."""

    numbers: Mapping[str, float]
    baselines: tuple[Baseline, ...] = ()
    seconds: float = 0.0
    trouble: str = ""


def identity(experiment: Experiment) -> Experiment:
    """Return the experiment without its name: what is called otherwise is trained alike."""
    return experiment.changed({"name": ""})


def find_run(workbook: Workbook, experiment: Experiment, now: Origin) -> RunRecord | None:
    """Return the run of an experiment on the same data that is furthest and has not failed; None where none is."""
    alike = [record for record in workbook.runs.all() if _is_of(record, identity(experiment), now)]
    return max(alike, key=lambda record: record.step, default=None)


def outcome_of(workbook: Workbook, run: int) -> Outcome:
    """Return what came of a run that nobody trains any longer."""
    record = workbook.runs.get(run)
    if record.status != "finished":
        trouble = ": ".join(part for part in (record.status, record.sentence) if part)
        return Outcome({}, workbook.runs.baselines(run), record.seconds, trouble)
    last = {name: float(column[-1]) for name, column in workbook.validations.read(run).values.items()}
    return Outcome(last, workbook.runs.baselines(run), record.seconds)


def _is_of(record: RunRecord, wanted: Experiment, now: Origin) -> bool:
    if record.status == "failed":
        return False
    try:
        own = identity(experiment_of(record))
    except ExperimentError:
        return False  # made by a version whose fields were others
    then = Origin.from_values(record.origin)
    return own == wanted and (then.task_version, dict(then.data)) == (now.task_version, dict(now.data))
