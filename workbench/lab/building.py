"""From an experiment to what trains: cell, task, backend and sizes first, arrays only when they fit."""

from dataclasses import dataclass
from functools import cached_property

from workbench.backends import Backend, get_backend, resolve_backend
from workbench.backends.cupy.looking import find_gpu
from workbench.backends.registry import planning_backend
from workbench.cells import Cell
from workbench.lab.describing import TaskShape
from workbench.lab.experiment import Experiment
from workbench.lab.machine import available_memory
from workbench.tasks import Task
from workbench.training.initialization import Architecture
from workbench.training.learning import create_network
from workbench.training.optimizers import create_optimizer
from workbench.training.probe import Probe
from workbench.training.requirements import Requirements, requirements
from workbench.training.schedules import create_schedule
from workbench.training.teaching import TeacherForcing
from workbench.training.trainer import Trainer


@dataclass(frozen=True)
class Setup:
    """All of an experiment but its arrays: known to fit together, and to fit into memory."""

    experiment: Experiment
    cell: Cell
    task: Task
    backend_name: str
    architecture: Architecture
    requirements: Requirements

    @cached_property
    def backend(self) -> Backend:
        """What computes; the GPU's loads CuPy, which only a process that trains may do."""
        return get_backend(self.backend_name, tf32=self.experiment.uses_tf32)


def prepare(
    experiment: Experiment, *, cell: Cell | None = None, backend: str | None = None, task: Task | None = None
) -> Setup:
    """Build what an experiment describes, short of its arrays; a run's own cell and backend may be given.

    ``task``: the experiment's, where it was built before.

    Raises CellError, TaskError, BackendError or TrainingError for what cannot be trained here.
    """
    name = backend or resolve_backend(experiment.backend)
    own_cell = cell or experiment.build_cell()
    task = task or experiment.task.build(experiment.seed)
    architecture = architecture_of(experiment, own_cell, task)
    needed = _requirements(experiment, planning_backend(name), architecture, task)
    _refuse_beyond_memory(needed, name)
    # A text may be too short for the batch: better said now than by the worker.
    task.training_batch(0, experiment.batch)
    return Setup(experiment, own_cell, task, name, architecture, needed)


def _requirements(experiment: Experiment, backend: Backend, architecture: Architecture, task: Task) -> Requirements:
    return requirements(
        backend,
        architecture,
        task,
        batch=experiment.batch,
        optimizer=experiment.optimizer,
        truncate=experiment.truncate,
        checkpoint_every=experiment.checkpoint_every,
        probe=experiment.probe_size,
    )


def _refuse_beyond_memory(needed: Requirements, backend: str) -> None:
    """Raise TrainingError where the machine's free memory, or all of the GPU's, is too small."""
    if backend != "cupy":
        needed.refuse_beyond(available_memory())
        return
    for gpu in find_gpu().gpus[:1]:
        needed.refuse_beyond(gpu.memory, f"are all that the GPU has ({gpu.name})")


def refuse_beyond_device(setup: Setup) -> None:
    """Raise TrainingError where a GPU has less memory free than is needed. Loads CuPy where the GPU computes."""
    if setup.backend_name == "cupy":
        free, _ = setup.backend.xp.cuda.runtime.memGetInfo()
        needed = _requirements(setup.experiment, setup.backend, setup.architecture, setup.task)
        needed.refuse_beyond(int(free), "are free on the GPU")


def architecture_of(experiment: Experiment, cell: Cell, task: Task | TaskShape) -> Architecture:
    """Return the sizes of an experiment's network. Raises TrainingError for sizes that no network has."""
    return Architecture(
        cell,
        task.inputs,
        task.outputs,
        task.reads,
        task.loss,
        hidden=experiment.hidden,
        layers=experiment.layers,
        window=experiment.window,
        embedding=experiment.embedding,
        dtype=experiment.dtype,
        bidirectional=experiment.bidirectional,
        representation=experiment.representation,
        attention=experiment.attention,
    )


def build_trainer(setup: Setup) -> Trainer:
    """Allocate the network and return its trainer, at step 0."""
    experiment, task = setup.experiment, setup.task
    network = create_network(setup.backend, setup.architecture, seed=experiment.seed, length=task.length)
    return Trainer(
        network,
        task,
        create_optimizer(
            experiment.optimizer,
            setup.backend.xp,
            network.trained.flat,
            momentum=experiment.momentum,
            weight_decay=experiment.weight_decay,
        ),
        create_schedule(
            experiment.schedule,
            steps=experiment.steps,
            warmup=experiment.warmup,
            decay_every=experiment.decay_every,
            decay=experiment.decay,
        ),
        batch=experiment.batch,
        learning_rate=experiment.learning_rate,
        clip_norm=experiment.clip_norm,
        clip_value=experiment.clip_value,
        truncate=experiment.truncate,
        checkpoint_every=experiment.checkpoint_every,
        teacher_forcing=_teacher_forcing(setup),
        beam=experiment.beam,
    )


def _teacher_forcing(setup: Setup) -> TeacherForcing | None:
    experiment = setup.experiment
    return TeacherForcing(experiment.teacher_forcing, experiment.seed) if setup.architecture.decodes else None


def build_probe(setup: Setup, trainer: Trainer) -> Probe:
    """Return the probe that looks at the trainer's network."""
    experiment = setup.experiment
    return Probe(
        trainer.network,
        setup.task,
        size=experiment.probe_size,
        sequence=experiment.probe_sequence,
        checkpoint_every=experiment.checkpoint_every,
        beam=experiment.beam,
    )
