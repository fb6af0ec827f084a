"""One sitting of a worker at a run: from taking it up to leaving it finished, stopped or failed."""

import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import numpy as np

from workbench.backends import BackendError
from workbench.backends.cupy.failures import explain
from workbench.backends.registry import processor_backend
from workbench.errors import WorkbenchError
from workbench.lab.building import Setup, prepare, refuse_beyond_device
from workbench.lab.choices import GPU
from workbench.lab.errors import CannotResume, LeaseLost, NoRoom, WorkbookBusy
from workbench.lab.origin import Origin
from workbench.lab.running import cell_of, experiment_of
from workbench.lab.workbook import Lease, Level, RunRecord, Workbook
from workbench.lab.worker.apart import StoppedEarly, Watch
from workbench.lab.worker.choosing import STOPPED, choose, has_to_choose
from workbench.lab.worker.compiling import get_ready
from workbench.lab.worker.course import Course
from workbench.lab.worker.ending import end, fail, lose, sentence_of
from workbench.lab.worker.heartbeat import Heartbeat
from workbench.lab.worker.wishes import Wishes
from workbench.tasks import TaskError

CHECKPOINT_EVERY = 30.0  # seconds
DONE, FAILED, INTERRUPTED = 0, 1, 3  # 2: the run was refused


class StartAnew(Exception):
    """The run is made with something else now, which asks for another environment; its lease is still held."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        super().__init__(f"run {lease.run} starts anew")


def train_run(path: Path, run: int, *, lease: Lease | None = None, checkpoint_every: float = CHECKPOINT_EVERY) -> int:
    """Train a run in this process and return the exit status: 0 finished or stopped, 1 failed, 3 interrupted.

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
    setup: Setup | None = None
    course: Course | None = None
    try:
        workbook.runs.set_status(record.id, "starting")
        _choose_backend(workbook, record, lease, wishes)
        setup = _set_up(workbook, record)
        _compile(workbook, record, lease, wishes, setup)
        refuse_beyond_device(setup)
        course = Course(workbook, lease, wishes, setup, checkpoint_every)
        with np.errstate(all="ignore"):  # the trainer itself looks for what is not finite
            course.train()
    except LeaseLost as error:
        print(error, file=sys.stderr)
        return FAILED
    except StartAnew:
        raise
    except (NoRoom, WorkbookBusy, StoppedEarly) as error:
        end(workbook, record, "stopped", str(error))
    except CannotResume as error:
        end(workbook, record, "interrupted", str(error))
        raise
    except Exception as error:
        failure = explain(error)
        if failure is not None and failure.gone:
            lose(workbook, record, failure)
            return INTERRUPTED
        fail(workbook, record, course, sentence_of(error, setup))
        if failure is None and not isinstance(error, WorkbenchError | MemoryError):
            raise
        return FAILED
    return DONE


def _choose_backend(workbook: Workbook, record: RunRecord, lease: Lease, wishes: Wishes) -> None:
    """Give a run that has not begun, and left it to us, the faster of processor and GPU.

    Raises StartAnew where it is another than was thought, StoppedEarly, LeaseLost.
    """
    origin, experiment = Origin.from_values(record.origin), experiment_of(record)
    if _has_begun(workbook, record) or not has_to_choose(experiment, origin):
        return
    cell = cell_of(record)
    choice = choose(record, experiment, cell, origin, Watch(workbook, lease, wishes, STOPPED))
    setup = prepare(experiment, cell=cell, backend=choice.backend)
    _remake(workbook, record, lease, Origin.of(setup).changed(reason=choice.reason), "info", choice.reason)
    if choice.backend != origin.backend:
        raise StartAnew(lease)


def _set_up(workbook: Workbook, record: RunRecord) -> Setup:
    """Build what the run began with, and keep the baselines of its task. Raises CannotResume without its data."""
    origin = Origin.from_values(record.origin)
    try:
        setup = prepare(experiment_of(record), cell=cell_of(record), backend=origin.backend)
    except TaskError as error:
        if not _has_begun(workbook, record):
            raise
        raise CannotResume(
            f"{error} Run {record.id} goes on only with the data it began with; for others, start a new run."
        ) from error
    now = Origin.of(setup)
    origin.refuse_other_data(now)
    if differences := origin.differences(now):
        sentence = f"Resumed under other conditions: {'; '.join(differences)}. The last digits may differ."
        workbook.messages.append(record.id, "warning", sentence, step=record.step)
    if not workbook.runs.baselines(record.id):
        workbook.runs.set_baselines(record.id, setup.task.baselines())
    return setup


def _compile(workbook: Workbook, record: RunRecord, lease: Lease, wishes: Wishes, setup: Setup) -> None:
    """Have the cell compiled; where that fails, a run that has not begun and left the choice to us takes another way.

    Raises BackendError, CannotResume, StartAnew, StoppedEarly, LeaseLost.
    """
    try:
        get_ready(workbook, lease, setup, wishes)
    except BackendError as error:
        if _has_begun(workbook, record):
            raise CannotResume(
                f"Run {record.id} was begun with the backend {setup.backend_name}. {error} Another backend would "
                "change the run's numbers, and takes a new run."
            ) from error
        if setup.experiment.backend != "auto":
            raise
        _fall_back(workbook, record, lease, setup, error)


def _has_begun(workbook: Workbook, record: RunRecord) -> bool:
    return bool(record.step) or workbook.checkpoints.latest(record.id) is not None


def _fall_back(workbook: Workbook, record: RunRecord, lease: Lease, setup: Setup, error: BackendError) -> NoReturn:
    """Let a run be made with the next best backend from its start."""
    backend = processor_backend() if setup.backend_name == GPU else "numpy"
    how = {"numba": "This run is trained on the CPU.", "numpy": "This run is trained with NumPy."}[backend]
    origin = Origin.of(prepare(setup.experiment, cell=setup.cell, backend=backend))
    _remake(workbook, record, lease, origin.changed(reason=f"{error} {how}"), "warning", f"{error} {how}")
    raise StartAnew(lease)


def _remake(workbook: Workbook, record: RunRecord, lease: Lease, origin: Origin, level: Level, sentence: str) -> None:
    """Correct what a run is made with, and say why."""
    with workbook.together():
        workbook.leases.renew(lease)
        workbook.runs.set_origin(record.id, origin.values())
        workbook.messages.append(record.id, level, sentence, step=0)
