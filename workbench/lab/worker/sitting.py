"""One sitting of a worker at a run: from taking it up to leaving it finished, stopped or failed."""

import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import numpy as np

from workbench.backends import BackendError
from workbench.errors import WorkbenchError
from workbench.lab.building import Setup, prepare
from workbench.lab.errors import CannotResume, LeaseLost, NoRoom, WorkbookBusy
from workbench.lab.origin import Origin
from workbench.lab.running import cell_of, experiment_of
from workbench.lab.workbook import Lease, RunRecord, Status, Workbook
from workbench.lab.worker.compiling import StoppedEarly, get_ready
from workbench.lab.worker.course import Course
from workbench.lab.worker.heartbeat import Heartbeat
from workbench.lab.worker.wishes import Wishes

CHECKPOINT_EVERY = 30.0  # seconds
DONE, FAILED = 0, 1


class StartAnew(Exception):
    """The run is made with something else now, which asks for another environment; its lease is still held."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        super().__init__(f"run {lease.run} starts anew")


def train_run(path: Path, run: int, *, lease: Lease | None = None, checkpoint_every: float = CHECKPOINT_EVERY) -> int:
    """Train a run in this process and return the exit status: 0 finished or stopped, 1 failed.

    ``lease``: one that was taken for this process. Raises RunBusy, LeaseLost, CannotResume, UnknownRun,
    WorkbookError where it may not begin, StartAnew where it has to in a process with another environment.
    """
    with Workbook(path) as workbook, Wishes() as wishes:
        record = workbook.runs.get(run)
        if record.status == "finished":
            raise CannotResume(f"Run {run} is finished: it has taken all its {record.steps} steps.")
        lease = lease or workbook.leases.take(run)
        workbook.leases.renew(lease)
        goes_on = False
        try:
            with Heartbeat(path, lease, wishes):
                return _sit(workbook, record, lease, wishes, checkpoint_every)
        except StartAnew:
            goes_on = True
            raise
        finally:
            if not goes_on:
                with suppress(NoRoom, WorkbookBusy):  # a lease nobody renews ends by itself
                    workbook.leases.release(lease)


def _sit(workbook: Workbook, record: RunRecord, lease: Lease, wishes: Wishes, checkpoint_every: float) -> int:
    """Train, and whatever happens, leave the run with a status and a sentence."""
    course: Course | None = None
    try:
        workbook.runs.set_status(record.id, "starting")
        setup = _set_up(workbook, record)
        _compile(workbook, record, lease, wishes, setup)
        course = Course(workbook, lease, wishes, setup, checkpoint_every)
        with np.errstate(all="ignore"):  # the trainer itself looks for what is not finite
            course.train()
    except LeaseLost as error:
        print(error, file=sys.stderr)
        return FAILED
    except StartAnew:
        raise
    except (NoRoom, WorkbookBusy, StoppedEarly) as error:
        _end(workbook, record, "stopped", str(error))
    except CannotResume as error:
        _end(workbook, record, "interrupted", str(error))
        raise
    except (WorkbenchError, MemoryError) as error:
        _fail(workbook, record, course, _sentence(error))
        return FAILED
    except Exception as error:
        _fail(workbook, record, course, _sentence(error))
        raise
    return DONE


def _set_up(workbook: Workbook, record: RunRecord) -> Setup:
    """Build what the run began with, and keep the baselines of its task."""
    origin = Origin.from_values(record.origin)
    setup = prepare(experiment_of(record), cell=cell_of(record), backend=origin.backend)
    now = Origin.of(setup)
    origin.refuse_other_data(now)
    if differences := origin.differences(now):
        sentence = f"Resumed under other conditions: {'; '.join(differences)}. The last digits may differ."
        workbook.messages.append(record.id, "warning", sentence, step=record.step)
    if not workbook.runs.baselines(record.id):
        workbook.runs.set_baselines(record.id, setup.task.baselines())
    return setup


def _compile(workbook: Workbook, record: RunRecord, lease: Lease, wishes: Wishes, setup: Setup) -> None:
    """Have the cell compiled; where that fails, a run that has not begun and left the choice to us goes to NumPy.

    Raises BackendError, CannotResume, StartAnew, StoppedEarly, LeaseLost.
    """
    try:
        get_ready(workbook, lease, setup, wishes)
    except BackendError as error:
        if record.step or workbook.checkpoints.latest(record.id) is not None:
            raise CannotResume(
                f"Run {record.id} was begun with the backend {setup.backend.name}. {error} Another backend would "
                "change the run's numbers, and takes a new run."
            ) from error
        if setup.experiment.backend != "auto":
            raise
        _fall_back(workbook, record, lease, setup, error)


def _fall_back(workbook: Workbook, record: RunRecord, lease: Lease, setup: Setup, error: BackendError) -> NoReturn:
    """Let a run be made with NumPy from its start."""
    origin = Origin.of(prepare(setup.experiment, cell=setup.cell, backend="numpy"))
    with workbook.together():
        workbook.leases.renew(lease)
        workbook.runs.set_origin(record.id, origin.values())
        workbook.messages.append(record.id, "warning", f"{error} This run is trained with NumPy.", step=0)
    raise StartAnew(lease)


def _sentence(error: BaseException) -> str:
    if isinstance(error, WorkbenchError):
        return str(error)
    if isinstance(error, MemoryError):
        return (
            "The memory ran out. Lower batch, hidden or layers, shorten the task, or set truncate or checkpoint_every."
        )
    return f"The program itself failed ({type(error).__name__}: {error}). The log has the details."


def _fail(workbook: Workbook, record: RunRecord, course: Course | None, sentence: str) -> None:
    """Keep what there is of a failed run: its numbers, its last good state, its log."""
    details = traceback.format_exc()
    print(sentence, file=sys.stderr)
    with suppress(WorkbenchError, MemoryError):  # the first error is the one to tell
        if course is not None:
            course.rescue()
    _end(workbook, record, "failed", sentence, details)


def _end(workbook: Workbook, record: RunRecord, status: Status, sentence: str, details: str = "") -> None:
    with suppress(NoRoom, WorkbookBusy), workbook.together():
        step = workbook.runs.get(record.id).step
        workbook.messages.append(
            record.id, "error" if status == "failed" else "warning", sentence, step=step, details=details
        )
        workbook.runs.set_status(record.id, status, sentence)
