"""The same numbers each time, bit for bit: from run to run, and after a checkpoint."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from gpu.backends import make_backend
from gpu.cases import Sizes
from gpu.correctness import ANOTHER_WAY, random_point
from gpu.report import Line, failed
from workbench.backends import Backend, BackendError
from workbench.cells import Cell, catalogue
from workbench.tasks import parse_task
from workbench.training.initialization import Architecture
from workbench.training.network import Network
from workbench.training.optimizers import create_optimizer
from workbench.training.schedules import create_schedule
from workbench.training.trainer import Trainer

IDENTITY, RESUME = "identity", "resume"
SIZES = (Sizes(33, 3, 17), Sizes(256, 64, 50))
BEFORE, AFTER = 7, 9
"""Steps before and after the checkpoint."""


def check_identity(
    backend_name: str, cells: Iterable[str], ways: Sequence[str | None], sizes: Sequence[Sizes] = SIZES
) -> Iterator[Line]:
    """Run every cell forward and backward twice, and compare all gradients bit for bit."""
    for name in cells:
        for way in ways:
            what = f"{name}, {way}" if way else name
            try:
                different = [
                    f"{array} at {own}"
                    for own in sizes
                    for array in differences(make_backend(backend_name, way), catalogue()[name], own)
                ]
            except BackendError as error:
                if ANOTHER_WAY in str(error):
                    yield Line(IDENTITY, what, None, "does not apply at these sizes")
                else:
                    yield failed(IDENTITY, what, error)
            except Exception as error:  # noqa: BLE001 (one cell that breaks off keeps no other from its turn)
                yield failed(IDENTITY, what, error)
            else:
                says = f"differs: {', '.join(different)}" if different else "bit for bit the same"
                yield Line(IDENTITY, what, not different, says)


def differences(backend: Backend, cell: Cell, sizes: Sizes) -> list[str]:
    """Return the arrays that are others when all is computed again."""
    point = random_point(cell, sizes)
    program = backend.compile(cell, inputs=point.x.shape[2], hidden=sizes.hidden, dtype="float32")

    def once() -> dict[str, bytes]:
        trace = program.forward(point.parameters, point.x, start=point.start)
        gradients = program.backward(point.parameters, trace, point.outside)
        arrays = {f"dL/d{name}": array for name, array in gradients.parameters.items()}
        arrays |= {state: trace[state] for state in cell.states} | {"dL/dx": gradients.inputs}
        return {name: backend.to_host(array).tobytes() for name, array in arrays.items()}

    with np.errstate(all="ignore"):
        first, second = once(), once()
    return [name for name, values in first.items() if values != second[name]]


def check_resume(backend_name: str, cells: Iterable[str], hidden: int = 48, length: int = 20) -> Iterator[Line]:
    """Train, keep the state, train on from it in another trainer, and compare with one that was not interrupted."""
    for name in cells:
        try:
            undisturbed = _trainer(backend_name, name, hidden, length)
            for _ in range(BEFORE + AFTER):
                undisturbed.train_step()
            first = _trainer(backend_name, name, hidden, length)
            first.train(BEFORE)
            while first.step < BEFORE:
                first.train_step()
            second = _trainer(backend_name, name, hidden, length)
            second.restore(first.state())
            while second.step < BEFORE + AFTER:
                second.train(BEFORE + AFTER - second.step)
            kept, wanted = second.state(), undisturbed.state()
            different = [key for key, values in wanted.items() if kept[key].tobytes() != values.tobytes()]
        except Exception as error:  # noqa: BLE001 (one cell that breaks off keeps no other from its turn)
            yield failed(RESUME, name, error)
        else:
            says = f"differs: {', '.join(different[:5])}" if different else "bit for bit as without interruption"
            yield Line(RESUME, name, not different, says)


def _trainer(backend_name: str, cell: str, hidden: int, length: int) -> Trainer:
    task = parse_task({"name": "adding", "length": length}).build(0)
    backend = make_backend(backend_name)
    network = Network(backend, Architecture.of(task, catalogue()[cell], hidden=hidden), seed=0, length=task.length)
    return Trainer(
        network,
        task,
        create_optimizer("adam", backend.xp, network.trained.flat),
        create_schedule("constant", steps=100, warmup=0, decay_every=1000, decay=0.5),
        batch=16,
        learning_rate=0.002,
        clip_norm=1.0,
    )
