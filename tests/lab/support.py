"""What the lab's tests share."""

import contextlib
import subprocess
import time
from collections.abc import Callable, Iterator

import numpy as np

from workbench.lab.experiment import Experiment
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import Columns, Workbook
from workbench.lab.workbook.commands import Kind
from workbench.lab.worker.sitting import train_run

LONG = 6000  # steps of a run that lasts long enough to be disturbed
DEADLINE = 60.0  # seconds; only a broken program comes near it


def wait_until(condition: Callable[[], bool], what: str, deadline: float = DEADLINE) -> None:
    """Ask again and again until the condition holds. Fails with `what` when it never does."""
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"waited {deadline:.0f} s in vain for: {what}")
        time.sleep(0.002)


def columns(first: int, count: int) -> Columns:
    """Return `count` entries from step `first` on, whose numbers are a function of their step."""
    steps = np.arange(first, first + count, dtype=np.int64)
    number = steps.astype(np.float64)
    return Columns(steps, {"loss": np.reciprocal(1.0 + number), "gradient_norm": np.sqrt(number)})


def add_run(workbook: Workbook, name: str = "run", steps: int = 100) -> int:
    """Add a run whose experiment nobody reads."""
    return workbook.runs.create(name, experiment="{}", cell="", origin={"threads": 1}, steps=steps)


def small_experiment(**values: object) -> Experiment:
    """Return an experiment that trains in moments."""
    own = {"cell": "gru", "task": {"name": "adding", "length": 5}, "hidden": 4, "batch": 4}
    own |= {"validate_every": 50, "steps": 200, "learning_rate": 0.01, "backend": "numpy"}
    return Experiment(**{**own, **values})  # type: ignore[arg-type]


def assert_same_numbers(workbook: Workbook, run: int, reference: int, other: Workbook | None = None) -> None:
    """Compare a run with one of the same or another workbook, bit for bit: every step, every validation, the end."""
    other = other or workbook
    pairs = ((workbook.scalars, other.scalars), (workbook.validations, other.validations))
    for numbers, expected in [(ours.read(run), theirs.read(reference)) for ours, theirs in pairs]:
        np.testing.assert_array_equal(numbers.steps, expected.steps)
        for name in expected.values.keys() - {"seconds"}:
            assert numbers[name].tobytes() == expected[name].tobytes(), name
    states = [workbook.checkpoints.latest(run), other.checkpoints.latest(reference)]
    assert states[0] is not None
    assert states[1] is not None
    assert states[0][0] == states[1][0]
    assert states[0][1].keys() == states[1][1].keys()
    for name, array in states[0][1].items():
        assert array.tobytes() == states[1][1][name].tobytes(), name


@contextlib.contextmanager
def worker(workbook: Workbook, run: int, checkpoint_every: float = 0.2) -> Iterator["subprocess.Popen[bytes]"]:
    """Train a run in a process that is gone when the block ends."""
    process = launch_worker(workbook, run, stderr=subprocess.PIPE, checkpoint_every=checkpoint_every)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ended(process: "subprocess.Popen[bytes]") -> int:
    """Wait for a worker's end and return its exit status."""
    wait_until(lambda: process.poll() is not None, "the worker to end")
    return int(process.returncode)


def trained(workbook: Workbook, **values: object) -> int:
    """Train an experiment to its end and return the run."""
    run = start_run(workbook, small_experiment(**values))
    assert train_run(workbook.path, run) == 0
    return run


def asked(workbook: Workbook, run: int, *commands: Kind | float) -> None:
    """Leave commands for the worker to come; a number is a learning rate."""
    for command in commands:
        if isinstance(command, float):
            workbook.commands.send(run, "learning_rate", command)
        else:
            workbook.commands.send(run, command)
