"""Training steps of every library as processes that answer, measured in turn."""

import statistics
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from math import isclose

from benchmarks.cases import Case
from benchmarks.libraries.typed_cells import cell_named
from benchmarks.peers import PEERS
from benchmarks.processes import Asked, MeasuringError, free_environment, rounds_in_turn, started
from benchmarks.settings import Settings
from workbench.lab.machine import thread_environment
from workbench.lab.origin import choose_threads
from workbench.training.arrays import count_entries

AGREEMENT = 1e-3
"""How far losses and gradient norms of two libraries may lie apart, relative."""


def seconds_side_by_side(steps: Mapping[str, tuple[str, Case]], settings: Settings) -> dict[str, float]:
    """Return the seconds of each training step, given as library and case by name of a column.

    Medians over rounds in which each has its turn. Raises MeasuringError unless all compute the same.
    """
    with ExitStack() as stack:
        processes = {name: stack.enter_context(stepper(*what)) for name, what in steps.items()}
        _require_agreement({name: process.ask("check") for name, process in processes.items()}, steps)
        return seconds_in_turn(processes, settings)


def seconds_in_turn(processes: Mapping[str, Asked], settings: Settings) -> dict[str, float]:
    """Ask every process in turn how long its step takes; return the medians over the rounds."""
    return {name: statistics.median(found) for name, found in rounds_in_turn(processes, settings).items()}


@contextmanager
def stepper(library: str, case: Case) -> Iterator[Asked]:
    """Start a process that takes training steps: of ``torch`` or ``jax``, else of our backend of this name."""
    if library in ("torch", "jax"):
        arguments = [f"benchmarks.libraries.with_{library}", case.to_json()]
        environment, python = free_environment(), PEERS.python
    else:
        arguments = ["benchmarks.libraries.with_workbench", library, case.to_json()]
        environment, python = _own_environment(library, case), None
    with started(f"{library} ({case.cell}, {case.sizes})", arguments, environment, python) as process:
        yield process


def _own_environment(backend: str, case: Case) -> dict[str, str]:
    """Return the variables of our processes: NumPy has a worker's threads; other programs have their own."""
    threads = choose_threads(count_entries(cell_named(case.cell).shapes(case.inputs, case.hidden)))
    held = thread_environment(threads) if backend == "numpy" else {"OPENBLAS_NUM_THREADS": "1"}
    return free_environment() | held


def _require_agreement(checked: Mapping[str, tuple[float, float]], steps: Mapping[str, tuple[str, Case]]) -> None:
    (first, expected), *others = checked.items()
    for name, found in others:
        for what, a, b in zip(("loss", "gradient norm"), expected, found, strict=True):
            if not isclose(a, b, rel_tol=AGREEMENT):
                case = steps[name][1]
                raise MeasuringError(
                    f"{case.cell} ({case.sizes}): the {what} of {first} is {a:.6g}, that of {name} {b:.6g}. "
                    "They do not compute the same, so their times are not compared."
                )
