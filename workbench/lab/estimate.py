"""What an experiment will need, before it is started: parameters, memory, and an estimate of the time.

A form imports this as it opens; what prepares and counts is imported when it is first asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Self

from workbench.lab.errors import ExperimentError
from workbench.lab.experiment import Experiment, dump_toml
from workbench.lab.origin import Origin
from workbench.lab.own_data import same_task
from workbench.lab.running import experiment_of
from workbench.lab.workbook import RunRecord
from workbench.tasks import Baseline, Example, Task

if TYPE_CHECKING:
    from workbench.lab.building import Setup
    from workbench.training.initialization import Architecture
    from workbench.training.work import Work


@dataclass(frozen=True)
class Pace:
    """Seconds that a backend takes on one thread, in float32: for each multiplication of a product, element of another
    operation, call of either, and parameter; and for a step whatever its size.
    """

    product: float
    element: float
    call: float
    parameter: float
    step: float
    shared: float
    """Products take 1 / threads ** shared of the time, elements too where programs share out the batch."""
    shares_elements: bool


PACES = {
    "numpy": Pace(2.0e-11, 4.0e-10, 8.0e-7, 1.3e-8, 0.0, shared=0.6, shares_elements=False),
    "numba": Pace(1.0e-11, 1.3e-10, 1.1e-8, 7.0e-9, 1.9e-4, shared=0.4, shares_elements=True),
}
"""Fitted to cells and sizes from 8 to 512 units, on an ordinary processor."""
DOUBLE = 2.2
"""What a number of float64 costs beside one of float32."""

NEAR = 4.0
"""A run is near in size when its steps are at most so many times dearer or cheaper."""
FEWEST_STEPS = 20
"""A run of fewer tells more of its beginning than of its pace."""
MOST_RUNS = 4
"""So many of the latest runs alike are compared: counting each takes a moment."""


@dataclass(frozen=True)
class Estimate:
    """How long training will take, ``seconds`` as a run counts them, and a sentence on how that is known.

    None where nothing is known.
    """

    seconds: float | None
    basis: str


@dataclass(frozen=True)
class Outlook:
    """What is known of an experiment before it is started. ``memory`` is in bytes, ``seconds`` is an estimate or None.

    ``examples``, ``protocol``, ``solved``, ``baselines`` are the task's; baselines that must be fitted are left out.
    """

    parameters: int
    memory: int
    seconds: float | None
    basis: str
    backend: str
    threads: int
    examples: tuple[Example, ...]
    protocol: str
    solved: str
    baselines: tuple[Baseline, ...]


def describe_needs(experiment: Experiment, records: Sequence[RunRecord] = ()) -> Outlook:
    """Return what an experiment will need, and how its task looks; ``records``: runs that tell this machine's pace.

    Touches nothing and may run in any thread. Raises CellError, TaskError, BackendError or TrainingError for what
    cannot be trained here.
    """
    from workbench.lab.building import prepare

    return outlook_of(prepare(experiment), records)


def outlook_of(setup: "Setup", records: Sequence[RunRecord] = ()) -> Outlook:
    """Return what was prepared will need, and how its task looks."""
    task, origin, estimate = setup.task, Origin.of(setup), estimate_time(setup, records)
    return Outlook(
        setup.requirements.parameters,
        setup.requirements.memory,
        estimate.seconds,
        estimate.basis,
        origin.backend,
        origin.threads,
        task.preview(),
        task.protocol,
        task.solved,
        task.simple_baselines(),
    )


def estimate_time(setup: "Setup", records: Sequence[RunRecord] = ()) -> Estimate:
    """Return how long training will take here, scaled from the run most alike, or counted from the plan."""
    origin = Origin.of(setup)
    cost = _Cost.of(setup.experiment, setup.architecture, setup.task, origin)
    counted = cost.total(setup.experiment.steps)
    alike = _most_alike(setup, origin, cost, records)
    if alike is None and origin.backend not in PACES:
        return Estimate(None, "Known once a run of this cell and task was trained on this GPU.")
    if alike is None:
        return Estimate(counted, "Counted from the operations, for an ordinary processor.")
    record, pace = alike
    return Estimate(counted * pace, f"From the pace of run {record.id} ({record.name}).")


@dataclass(frozen=True)
class _Cost:
    """Seconds, as the plan counts them, of a training step and of a look at the held-out data."""

    step: float
    look: float
    validate_every: int

    @classmethod
    def of(cls, experiment: Experiment, architecture: "Architecture", task: Task, origin: Origin) -> Self:
        from workbench.training.evaluation import sequences_at_once
        from workbench.training.work import training_work, validation_work

        training = training_work(
            architecture,
            task,
            batch=experiment.batch,
            truncate=experiment.truncate,
            checkpoint_every=experiment.checkpoint_every,
        )
        look = validation_work(architecture, task, together=sequences_at_once(experiment.batch))
        step, once = (_seconds(work, architecture.dtype, origin) for work in (training, look))
        return cls(step, once, experiment.validate_every)

    def total(self, steps: int) -> float:
        """Return the time that so many steps take, with their looks and the one before the first."""
        return steps * self.step + (1 + steps / self.validate_every) * self.look


def _seconds(work: "Work", dtype: str, origin: Origin) -> float:
    """Count the time of work; a GPU's is counted as if the processor did it, to compare runs with each other alone."""
    pace = PACES.get(origin.backend, PACES["numba"])
    alone = 1.0 / origin.threads**pace.shared
    products, elements = pace.product * work.products * alone, pace.element * work.elements
    together = products + elements * (alone if pace.shares_elements else 1.0) + pace.parameter * work.parameters
    return float((DOUBLE if dtype == "float64" else 1.0) * together + pace.call * work.calls + pace.step)


def _most_alike(
    setup: "Setup", origin: Origin, wanted: _Cost, records: Sequence[RunRecord]
) -> tuple[RunRecord, float] | None:
    """Return the run of this cell and task whose steps cost most nearly the same, and its time beside the count."""
    from workbench.lab.building import architecture_of

    cell = dump_toml(setup.cell.values)
    found: list[tuple[float, RunRecord, float]] = []
    for record in sorted(records, key=lambda record: -record.id):
        if len(found) == MOST_RUNS:
            break
        if record.cell != cell or record.step < FEWEST_STEPS or record.origin.get("backend") != origin.backend:
            continue
        try:
            experiment = experiment_of(record)
        except ExperimentError:
            continue  # made by a version whose fields were others
        if not same_task(experiment.task, setup.experiment.task) or experiment.dtype != setup.experiment.dtype:
            continue
        architecture = architecture_of(experiment, setup.cell, setup.task)
        cost = _Cost.of(experiment, architecture, setup.task, Origin.from_values(record.origin))
        distance = abs(log(cost.step / wanted.step))
        if distance <= log(NEAR):
            found.append((distance, record, record.seconds / cost.total(record.step)))
    if not found:
        return None
    _, record, pace = min(found, key=lambda one: one[0])
    return record, pace
