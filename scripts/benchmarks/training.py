"""Training steps per second of the NumPy backend, beside torch in the same run, alternating."""

import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import IO

from benchmarks.tables import Row, Section
from workbench.lab.building import prepare
from workbench.lab.experiment import Experiment, presets
from workbench.lab.origin import Origin
from workbench.lab.running import worker_environment

CELLS = ("elman", "gru", "lstm")
HIDDEN = (32, 128, 512)
BATCH, LENGTH = 32, 100
ROUNDS, SECONDS_A_ROUND = 7, 0.5


def measure_training() -> Section:
    """Measure every cell and size; torch stands at None where it is not installed."""
    rows = [_measure_case(cell, hidden) for cell in CELLS for hidden in HIDDEN]
    return Section(f"Training (adding problem, B={BATCH}, T={LENGTH}, forward, backward, clip, Adam; float32)", rows)


def _measure_case(cell: str, hidden: int) -> Row:
    changes = {"cell": cell, "hidden": hidden, "batch": BATCH, "task.length": LENGTH, "backend": "numpy"}
    experiment = presets()["adding-lstm"].changed(changes)
    threads = Origin.of(prepare(experiment)).threads
    ours: list[float] = []
    theirs: list[float] = []
    with _trainee("numpy", experiment, worker_environment(threads)) as own, _torch(experiment) as peer:
        for _ in range(ROUNDS):
            ours.append(own.rate())
            theirs += [peer.rate()] if peer else []
    other = statistics.median(theirs) if theirs else None
    return {
        "cell": cell,
        "H": hidden,
        "threads": threads,
        "numpy, steps/s": statistics.median(ours),
        "torch, steps/s": other,
        "numpy / torch": statistics.median(ours) / other if other else None,
    }


class Trainee:
    """A process that trains when asked."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions, self._answers = questions, answers

    def rate(self) -> float:
        """Steps per second of one round."""
        print(SECONDS_A_ROUND, file=self._questions, flush=True)
        return float(self._answers.readline())


@contextmanager
def _trainee(library: str, experiment: Experiment, variables: Mapping[str, str]) -> Iterator[Trainee]:
    command = [sys.executable, "-m", "benchmarks.trainee", library, experiment.to_json()]
    environment = {name: value for name, value in variables.items() if name != "PYTHONSAFEPATH"}
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        yield Trainee(process.stdin, process.stdout)
        process.stdin.close()


@contextmanager
def _torch(experiment: Experiment) -> Iterator[Trainee | None]:
    """The peer with as many threads as it likes, where it is installed."""
    if find_spec("torch") is None:
        yield None
        return
    with _trainee("torch", experiment, os.environ) as peer:
        yield peer
