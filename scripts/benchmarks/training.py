"""Steps per second of the whole trainer, beside torch in the same run, alternating."""

from contextlib import ExitStack
from importlib.util import find_spec

from benchmarks.processes import free_environment, started
from benchmarks.settings import Settings
from benchmarks.steppers import seconds_in_turn
from benchmarks.tables import Row, Section
from workbench.lab.building import prepare
from workbench.lab.experiment import presets
from workbench.lab.origin import Origin
from workbench.lab.running import worker_environment

CELLS = ("elman", "gru", "lstm")
HIDDEN = (32, 128, 512)
BATCH, LENGTH = 32, 100
TRAINEE = "benchmarks.trainee"


def measure_training(settings: Settings) -> Section:
    """Measure every cell and size; torch stands at None where it is not installed."""
    rows = [_measure_case(cell, hidden, settings) for cell in CELLS for hidden in HIDDEN[: 1 if settings.few else None]]
    return Section(f"Training (adding problem, B={BATCH}, T={LENGTH}, forward, backward, clip, Adam; float32)", rows)


def _measure_case(cell: str, hidden: int, settings: Settings) -> Row:
    changes = {"cell": cell, "hidden": hidden, "batch": BATCH, "task.length": LENGTH, "backend": settings.backend}
    experiment = presets()["adding-lstm"].changed(changes)
    threads = Origin.of(prepare(experiment)).threads
    held = {name: value for name, value in worker_environment(threads).items() if name != "PYTHONSAFEPATH"}
    environments = {"ours": held}
    if find_spec("torch") is not None:
        environments["torch"] = free_environment()
    with ExitStack() as stack:
        processes = {
            name: stack.enter_context(started(name, [TRAINEE, name, experiment.to_json()], environment))
            for name, environment in environments.items()
        }
        rates = {name: 1 / seconds for name, seconds in seconds_in_turn(processes, settings).items()}
    other = rates.get("torch")
    return {
        "cell": cell,
        "H": hidden,
        "threads": threads,
        f"{settings.backend}, steps/s": rates["ours"],
        "torch, steps/s": other,
        f"{settings.backend} / torch": rates["ours"] / other if other else None,
    }
