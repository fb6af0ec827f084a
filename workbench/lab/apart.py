"""Questions about a user's file, answered by a process of their own: the window's never holds what is in the file."""

import atexit
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from workbench.lab.describing import Description, TaskShape
from workbench.lab.estimate import FEWEST_STEPS, Outlook
from workbench.lab.experiment import Experiment, dump_toml
from workbench.lab.helper import Helper, HelperLost
from workbench.lab.told import error_from_plain
from workbench.lab.wire import from_plain, to_plain
from workbench.lab.workbook import RunRecord
from workbench.tasks.support.files.look import FileLook

HELPER = "workbench.lab.answering"
PATIENCE = 1200.0
"""Seconds that reading a file may take."""
_LATEST = 20
"""Runs of the same cell that are told about at most."""

Kind = TypeVar("Kind")


def look_apart(path: str, encoding: str = "", delimiter: str = "") -> FileLook:
    """Return what the beginning of a file shows, as ``look_at_file`` does. Raises TaskError, HelperLost."""
    return _ask(FileLook, "look", path=path, encoding=encoding, delimiter=delimiter)


def check_apart(experiment: Experiment) -> None:
    """Raise TaskError where the task cannot be made of its file, or gives no batch of this size; HelperLost."""
    _ask(object, "check", experiment=experiment.to_json())


def describe_apart(experiment: Experiment, count: int) -> Description:
    """Return ``count`` examples of the task, and what there is to say about it. Raises TaskError, HelperLost."""
    return _ask(Description, "describe", experiment=experiment.to_json(), count=count)


def shape_apart(experiment: Experiment) -> TaskShape:
    """Return what of the task decides the sizes of a network. Raises TaskError, HelperLost."""
    return _ask(TaskShape, "shape", experiment=experiment.to_json())


def needs_apart(experiment: Experiment, records: Sequence[RunRecord] = ()) -> Outlook:
    """Return what an experiment will need, as ``describe_needs`` does; raises what it does, and HelperLost."""
    cell = dump_toml(experiment.build_cell().values)
    alike = sorted((one for one in records if one.cell == cell and one.step >= FEWEST_STEPS), key=lambda one: -one.id)
    told = to_plain(tuple(alike[:_LATEST]), bytearray())
    return _ask(Outlook, "needs", experiment=experiment.to_json(), records=told)


def start_apart(workbook: Path, experiment: Experiment) -> int:
    """Add a run to a workbook, as ``start_run`` does, and return its id; raises what it does, and HelperLost."""
    return _ask(int, "start", workbook=str(workbook.absolute()), experiment=experiment.to_json())


def stop_answers() -> None:
    """End the process at once, if there is one; the next question starts another."""
    shared_helper().stop()


@cache
def shared_helper() -> Helper:
    """Return the one process of this program that answers; it ends with the program."""
    helper = Helper(HELPER, "reads files")
    atexit.register(helper.close)
    return helper


def _ask(kind: type[Kind], question: str, **arguments: Any) -> Kind:
    try:
        said, _ = shared_helper().ask({"question": question, **arguments}, within=PATIENCE)
    except HelperLost as error:
        raise HelperLost(f"{error} Try it again, or give a smaller file.") from error
    if "error" in said:
        raise error_from_plain(said["error"])
    answer: Kind = from_plain(kind, said["answer"], b"")
    return answer
