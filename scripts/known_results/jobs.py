"""What there is to train: experiments with an estimate of their time, less those that were trained before."""

from dataclasses import dataclass

from known_results.kept import Outcome, find_run, outcome_of
from workbench.errors import WorkbenchError
from workbench.lab.building import prepare
from workbench.lab.estimate import estimate_time
from workbench.lab.experiment import Experiment
from workbench.lab.origin import Origin
from workbench.lab.running import add_run
from workbench.lab.workbook import Workbook

STARTING = 3.0
"""Seconds, about, in which a worker starts, compiles, draws held-out data and computes baselines."""


@dataclass(frozen=True)
class Job:
    """A run to train to its end. ``seconds``: what all of it is estimated to take."""

    experiment: Experiment
    run: int
    seconds: float


def take_up(workbook: Workbook, experiment: Experiment) -> Job | Outcome:
    """Return what came of an experiment that was trained before, else its run, added where there is none.

    An experiment that cannot be trained is an outcome too: the table says why.
    """
    try:
        setup = prepare(experiment)
        record = find_run(workbook, experiment, Origin.of(setup))
        if record is not None and record.status == "finished":
            return outcome_of(workbook, record.id)
        run = record.id if record is not None else add_run(workbook, setup)
        return Job(experiment, run, STARTING + (estimate_time(setup).seconds or 0.0))
    except WorkbenchError as error:
        return Outcome({}, trouble=f"cannot be trained: {error}")
