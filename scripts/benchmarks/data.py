"""What making batches costs beside training on them: an LSTM of 64 units, each task as it comes."""

from itertools import count
from typing import Any

from benchmarks.settings import Settings
from benchmarks.tables import Row, Section
from benchmarks.timing import rate
from workbench.lab.building import build_trainer, prepare
from workbench.lab.experiment import Experiment
from workbench.tasks import parse_task, task_types

HIDDEN, BATCH = 64, 32


def measure_data(settings: Settings) -> Section:
    """Measure every task."""
    rows = [_measure(name, settings) for name in tuple(task_types())[: 3 if settings.few else None]]
    most = max(rows, key=lambda row: float(row["share"] or 0))
    return Section(
        f"Making a batch of {BATCH} beside a training step on it (lstm, H={HIDDEN})",
        rows,
        {"largest share": most["share"], "of": most["task"]},
    )


def _measure(name: str, settings: Settings) -> Row:
    backend: Any = settings.backend
    experiment = Experiment(cell="lstm", task=parse_task({"name": name}), hidden=HIDDEN, batch=BATCH, backend=backend)
    trainer = build_trainer(prepare(experiment))
    task, steps = trainer.task, count()
    trainer.train_step()
    batch = 1 / rate(lambda: task.training_batch(next(steps), BATCH), settings.seconds)
    step = 1 / rate(trainer.train_step, settings.seconds)
    return {
        "task": name,
        "steps": task.length,
        "batch, ms": 1000 * batch,
        "step, ms": 1000 * step,
        "share": batch / step,
    }
