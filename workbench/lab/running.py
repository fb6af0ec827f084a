"""Starting, resuming and steering runs: what the window, the command line and Python call."""

import os
import subprocess
import sys
from contextlib import suppress
from math import isfinite
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import workbench
from workbench.cells import Cell
from workbench.lab.errors import CannotResume, LabError, LeaseLost, NoRoom, RunNotActive, WorkbookBusy
from workbench.lab.experiment import Experiment, dump_toml
from workbench.lab.machine import thread_environment
from workbench.lab.origin import Origin
from workbench.lab.own_data import with_hash
from workbench.lab.workbook import KINDS, Kind, RunRecord, Workbook, open_workbook

if TYPE_CHECKING:
    from workbench.lab.building import Setup

# `prepare` is imported where a run is started: whoever only reads and steers runs needs no part of training.

WORKER = "workbench.lab.worker"

# Neither Ctrl+C in our terminal nor our end reaches a worker; elsewhere a new session does the same.
_APART = 0
if sys.platform == "win32":
    _APART = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW


def start_run(workbook: Workbook, experiment: Experiment) -> int:
    """Check that an experiment can be trained here, add its run to the workbook and return the run's id.

    Raises CellError, TaskError, BackendError, TrainingError, WorkbookError.
    """
    from workbench.lab.building import prepare

    return add_run(workbook, prepare(experiment))


def start_in_file(path: Path, experiment: Experiment) -> tuple[Workbook, int]:
    """Open a workbook's file, made where there is none, and add the run of an experiment to it.

    No file is made for an experiment that cannot be trained. Raises as ``start_run`` does.
    """
    from workbench.lab.building import prepare

    setup = prepare(experiment)
    workbook = open_workbook(path, create=True)
    try:
        return workbook, add_run(workbook, setup)
    except BaseException:
        workbook.close()
        raise


def add_run(workbook: Workbook, setup: "Setup") -> int:
    """Add the run of what was prepared, with all that defines it, and return its id. Raises WorkbookError.

    A user's file belongs to it by its hash: the run can only be resumed with the very same.
    """
    experiment = with_hash(setup.experiment, setup.task)
    return workbook.runs.create(
        experiment.label,
        experiment=experiment.to_json(),
        cell=dump_toml(setup.cell.values),
        origin=Origin.of(setup).values(),
        steps=experiment.steps,
    )


def launch_worker(
    workbook: Workbook,
    run: int,
    *,
    stderr: int | IO[Any] = subprocess.DEVNULL,
    checkpoint_every: float | None = None,
) -> subprocess.Popen[bytes]:
    """Start the process that trains a run from its beginning or its last checkpoint; it outlives its caller.

    Its exit status: 0 finished or stopped, 1 failed, 2 refused, 3 interrupted, with the reason kept; what it has to
    say goes to the workbook and to ``stderr``. ``checkpoint_every``: seconds. Raises RunBusy, CannotResume,
    WorkbookError.
    """
    record = workbook.runs.get(run)
    if record.status == "finished":
        raise CannotResume(f"Run {run} is finished: it has taken all its {record.steps} steps.")
    if record.trashed is not None:
        raise CannotResume(f"Run {run} is in the trash. Restore it first.")
    with workbook.together():
        lease = workbook.leases.take(run)
        workbook.commands.drop_pending(run)
        workbook.runs.set_status(run, "starting")
    arguments = [str(workbook.path.absolute()), str(run), "--lease", lease.holder]
    if checkpoint_every is not None:
        arguments += ["--checkpoint-every", str(checkpoint_every)]
    process = subprocess.Popen(
        [sys.executable, "-m", WORKER, *arguments],
        env=environment_of(record),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        creationflags=_APART,
        start_new_session=True,
    )
    with suppress(NoRoom, WorkbookBusy, LeaseLost):  # the worker says so itself; this only says it sooner
        workbook.leases.hand_over(lease, process.pid)
    return process


def send_command(workbook: Workbook, run: int, kind: Kind, value: float | None = None) -> int:
    """Ask whoever trains a run to pause, go on, take one step, stop, take a snapshot, change the learning rate, or
    show another sequence of the probe in full, from 0.

    Returns the command's id. A learning rate may also be left for a run that will be resumed. Raises
    RunNotActive, LabError for a command or value that makes no sense.
    """
    if kind not in KINDS:
        raise LabError(f"There is no command {kind!r}. The commands are {', '.join(KINDS)}.")
    if kind == "learning_rate" and not (value is not None and isfinite(value) and value > 0):
        raise LabError(f"The learning rate {value} is not a positive number. Give one such as 0.001.")
    record = workbook.runs.get(run)
    if kind == "sequence":
        _refuse_sequence(value, experiment_of(record).probe_size)
    if not record.active and (kind != "learning_rate" or record.status == "finished"):
        raise RunNotActive(f"Run {run} is {record.status}: nobody is training it, so {kind} has no effect.")
    return workbook.commands.send(run, kind, value)


def _refuse_sequence(value: float | None, size: int) -> None:
    """Refuse what is no sequence of a probe of this size."""
    if value is None or not float(value).is_integer() or not 0 <= value < size:
        raise LabError(f"The probe has sequences 0 to {size - 1}; {value} is none of them. Give one such as 0.")


def experiment_of(record: RunRecord) -> Experiment:
    """Return the experiment of a run. Raises ExperimentError."""
    return Experiment.from_json(record.experiment)


def cell_of(record: RunRecord) -> Cell:
    """Return the cell of a run, as it was when the run began. Raises CellError."""
    return Cell.from_text(record.cell, Origin.from_values(record.origin).cell_name)


def threads_of(record: RunRecord) -> int:
    """Return the thread count that belongs to a run's numbers."""
    return Origin.from_values(record.origin).threads


def environment_of(record: RunRecord) -> dict[str, str]:
    """Return the environment of a worker that trains a run."""
    origin = Origin.from_values(record.origin)
    return worker_environment(origin.threads, origin.backend)


def worker_environment(threads: int, backend: str = "numpy") -> dict[str, str]:
    """Return the environment of a worker: thread counts, and where this very program is found."""
    environment = {**os.environ, **thread_environment(threads, backend), "PYTHONSAFEPATH": "1"}
    home = Path(workbench.__file__).parent.parent
    if home.name not in ("site-packages", "dist-packages"):
        paths = [str(home), environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    return environment
