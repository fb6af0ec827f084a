"""Training with the GPU's programs, their kernels compiled for the host: what NumPy learns, they learn."""

from typing import Any

import numpy as np
import pytest

from tests.backends.cupy import host_compiler
from tests.backends.cupy.host import HostDevice
from tests.training.test_on_a_device import CASES, SIZES, TASKS, WHOLE, trainer_on
from workbench.backends import Backend, get_backend
from workbench.backends.cupy.backend import CupyBackend
from workbench.tasks import parse_task

pytestmark = pytest.mark.skipif(bool(host_compiler.missing()), reason=host_compiler.missing())

STEPS = 4


@pytest.mark.parametrize(("task", "sizes"), [*((task, SIZES[sizes]) for task, sizes in CASES), *WHOLE])
def test_a_run_learns_what_it_learns_with_numpy(task: str, sizes: dict[str, Any]) -> None:
    losses = []
    for backend in (CupyBackend(device=HostDevice()), get_backend("numpy")):
        trainer = trainer_on(backend, parse_task(TASKS[task]).build(1), {**sizes, "dtype": "float64"})
        steps = trainer.train(STEPS)
        losses.append([(step.loss, step.gradient_norm) for step in steps])
        losses[-1].append((trainer.validate().loss, 0.0))
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-8)


def test_a_stage_of_steps_is_the_same_as_steps_one_by_one() -> None:
    def results(backend: Backend, chunks: list[int]) -> list[float]:
        trainer = trainer_on(backend, parse_task(TASKS["copy"]).build(1))
        return [step.loss for count in chunks for step in trainer.train(count)]

    backend = CupyBackend(device=HostDevice())
    assert results(backend, [6]) == results(backend, [1, 2, 3])
