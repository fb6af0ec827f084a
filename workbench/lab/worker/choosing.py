"""Choosing between processor and GPU for a run that left it to us, by a short measurement of its own steps."""

import json
from dataclasses import dataclass

from workbench.backends.cupy.finding import Finding
from workbench.backends.cupy.looking import find_gpu, may_have_gpu
from workbench.backends.registry import processor_backend
from workbench.cells import Cell
from workbench.lab.choices import GPU, Choice, keep_choice, kept_choice
from workbench.lab.experiment import Experiment, dump_toml
from workbench.lab.origin import Origin
from workbench.lab.running import worker_environment
from workbench.lab.workbook import RunRecord
from workbench.lab.worker.apart import Answer, Watch, ask_apart

STOPPED = "Stopped while processor and GPU were being compared. Resume the run to begin it."
MEASURING = "Measuring this experiment on the CPU and the GPU, once."
PATIENCE = 120.0  # seconds; most of it is compiling
_MODULE = "workbench.lab.worker.measuring"


@dataclass(frozen=True)
class _Measured:
    """Seconds of a training step, or the sentence why there are none."""

    seconds: float = 0.0
    error: str = ""


def has_to_choose(experiment: Experiment, origin: Origin) -> bool:
    """Tell whether a run that has not begun is still to be given its backend; starts nothing."""
    return experiment.backend == "auto" and not origin.reason and may_have_gpu()


def choose(record: RunRecord, experiment: Experiment, cell: Cell, origin: Origin, watch: Watch) -> Choice:
    """Return the faster backend and why; what cannot be measured is not chosen. Raises StoppedEarly, LeaseLost."""
    gpu = find_gpu()
    if not gpu.usable:
        return Choice(processor_backend(), f"CPU: the GPU cannot be used, {gpu.about}.")
    kept = kept_choice(experiment, cell, gpu)
    if kept is not None:
        return kept
    watch.workbook.runs.set_status(record.id, "starting", MEASURING)
    choice = _measure_both(experiment, cell, origin, watch, gpu)
    watch.workbook.runs.set_status(record.id, "starting")
    return choice


def _measure_both(experiment: Experiment, cell: Cell, origin: Origin, watch: Watch, gpu: Finding) -> Choice:
    on_gpu = _measure(GPU, 1, experiment, cell, watch)
    if on_gpu.error:
        return Choice(processor_backend(), f"CPU: the GPU could not be measured. {on_gpu.error}")
    on_processor = _measure(processor_backend(), origin.threads, experiment, cell, watch)
    if on_processor.error:
        return Choice(GPU, f"GPU: the CPU could not be measured. {on_processor.error}")
    choice = Choice.between(experiment, on_processor.seconds, on_gpu.seconds)
    keep_choice(choice, experiment, cell, gpu)
    return choice


def _measure(backend: str, threads: int, experiment: Experiment, cell: Cell, watch: Watch) -> _Measured:
    question = {"experiment": experiment.values(), "cell": dump_toml(cell.values), "name": cell.name}
    answer = ask_apart(
        _MODULE,
        [backend],
        json.dumps(question),
        watch,
        environment=worker_environment(threads, backend),
        seconds=PATIENCE,
    )
    if answer.late:
        return _Measured(error=f"A few steps took longer than {PATIENCE:.0f} seconds.")
    return _read(answer)


def _read(answer: Answer) -> _Measured:
    try:
        values = json.loads(answer.said.splitlines()[-1])
        if "error" in values:
            return _Measured(error=str(values["error"]))
        if (seconds := float(values["seconds"])) > 0:
            return _Measured(seconds)
    except (IndexError, KeyError, TypeError, ValueError):
        pass  # it did not come so far as to answer
    return _Measured(error=f"The process that measures broke off (exit status {answer.status}).")
