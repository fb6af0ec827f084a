"""Every task trains with every family of cells, on NumPy and compiled: gated, plain, and with a parallel recurrence."""

import pytest

from tests.training.support import make_trainer
from workbench.backends import get_backend
from workbench.cells import catalogue
from workbench.tasks import Task, parse_task, task_types
from workbench.training.initialization import Architecture
from workbench.training.learning import create_network

pytestmark = pytest.mark.once

STEPS, BATCH = 20, 4


@pytest.fixture(scope="module", params=sorted(task_types()))
def task(request: pytest.FixtureRequest) -> Task:
    return parse_task({"name": request.param}).build(seed=2)


@pytest.mark.parametrize("backend", ["numpy", "numba"])
@pytest.mark.parametrize("cell", ["lstm", "elman", "mingru"])
def test_twenty_steps_give_finite_losses_and_scores_and_move_every_parameter(
    task: Task, cell: str, backend: str
) -> None:
    if backend == "numba":
        pytest.importorskip("numba")
    architecture = Architecture.of(task, catalogue()[cell], hidden=8)
    network = create_network(get_backend(backend), architecture, seed=1, length=task.length)
    before = {name: array.copy() for name, array in network.parameters.items()}
    trainer = make_trainer(task, network, batch=BATCH, clip_norm=1.0)
    trainer.train(STEPS)
    assert trainer.step == STEPS
    assert task.metric in trainer.validate().metrics
    assert all((array != before[name]).any() for name, array in network.parameters.items())
