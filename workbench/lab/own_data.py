"""The user's file that a task reads: whether there is one, and the content hash by which a run knows it again."""

from workbench.lab.experiment import Experiment
from workbench.tasks import Task, TaskSettings

_PATH, _HASH = "path", "sha256"


def file_of(settings: TaskSettings) -> str:
    """Return the path of the user's file that a task reads, "" where it reads none."""
    return str(getattr(settings, _PATH, ""))


def with_hash(experiment: Experiment, task: Task) -> Experiment:
    """Return the experiment as a run keeps it: with the SHA-256 of the file that its task has read, if it reads one."""
    hashes = tuple(task.data_hashes().values())
    if not file_of(experiment.task) or _HASH not in type(experiment.task).model_fields or len(hashes) != 1:
        return experiment
    return experiment.changed({f"task.{_HASH}": hashes[0]})


def same_task(one: TaskSettings, other: TaskSettings) -> bool:
    """Tell whether two tasks are set alike; one that takes a file as it is may be the one that a hash says."""
    if type(one) is not type(other):
        return False
    given, wanted = one.model_dump(), other.model_dump()
    if "" in (given.get(_HASH, ""), wanted.get(_HASH, "")):
        given.pop(_HASH, None)
        wanted.pop(_HASH, None)
    return given == wanted
