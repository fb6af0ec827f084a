"""What a window asks before a run: answered at once here, or by another process where the task reads a user's file."""

from collections.abc import Sequence

from workbench.lab.apart import describe_apart, needs_apart, shape_apart, start_apart
from workbench.lab.describing import Description, TaskShape, describe, shape_of
from workbench.lab.estimate import Outlook, describe_needs
from workbench.lab.experiment import Experiment
from workbench.lab.own_data import file_of
from workbench.lab.running import start_run
from workbench.lab.workbook import RunRecord, Workbook


def ask_description(experiment: Experiment, count: int) -> Description:
    """Return ``count`` examples of the task and what there is to say about it. Raises TaskError, HelperLost."""
    if file_of(experiment.task):
        return describe_apart(experiment, count)
    return describe(experiment.task.build(experiment.seed), count)


def ask_shape(experiment: Experiment) -> TaskShape:
    """Return what of the task decides the sizes of a network. Raises TaskError, HelperLost."""
    if file_of(experiment.task):
        return shape_apart(experiment)
    return shape_of(experiment.task.build(experiment.seed))


def ask_needs(experiment: Experiment, records: Sequence[RunRecord] = ()) -> Outlook:
    """Return what an experiment will need; raises as ``describe_needs`` does, and HelperLost."""
    ask = needs_apart if file_of(experiment.task) else describe_needs
    return ask(experiment, records)


def ask_start(workbook: Workbook, experiment: Experiment) -> int:
    """Add a run to a workbook and return its id; raises as ``start_run`` does, and HelperLost."""
    if file_of(experiment.task):
        return start_apart(workbook.path, experiment)
    return start_run(workbook, experiment)
