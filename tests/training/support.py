"""Tasks with given batches, random batches, and the weights of a torch.nn.LSTM from ours."""

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.backends import get_backend
from workbench.cells import catalogue
from workbench.tasks import Baseline, Batch, Example, Loss, Reads, Real, Symbols, Task, TaskSettings
from workbench.training.backpropagation import Backpropagation
from workbench.training.encoder_decoder import EncoderDecoder
from workbench.training.initialization import Architecture
from workbench.training.learning import create_network
from workbench.training.network import Carried, Network
from workbench.training.optimizers import create_optimizer
from workbench.training.schedules import create_schedule
from workbench.training.trainer import Trainer


class GivenSettings(TaskSettings):
    """Settings of a task whose batches a test makes."""

    name: Literal["given"] = "given"

    def build(self, seed: int) -> Task:
        raise NotImplementedError


class GivenTask(Task):
    """A task whose batches a test makes: ``draw(step)`` for training, ``draw(-1)`` held out."""

    version = 1
    source = protocol = solved = ""
    metric = "mean"
    better = "lower"

    def __init__(
        self, draw: Callable[[int], Batch], inputs: Real | Symbols, outputs: int, loss: Loss, reads: Reads
    ) -> None:
        self.settings = GivenSettings()
        self.draw = draw
        self.inputs, self.outputs = inputs, outputs
        self.loss, self.reads = loss, reads  # type: ignore[misc]
        self.length = len(draw(0).inputs)

    def training_batch(self, step: int, batch: int) -> Batch:
        return self.draw(step)

    def validation(self) -> Batch:
        return self.draw(-1)

    def metrics(self, outputs: NDArray[Any], batch: Batch) -> dict[str, float]:
        return {"mean": float(outputs.mean())}

    def baselines(self) -> tuple[Baseline, ...]:
        return ()

    def describe(self, batch: Batch, own: int) -> Example:
        return Example("", "")

    def describe_output(self, outputs: NDArray[Any]) -> str:
        return ""


def generator(seed: int) -> np.random.Generator:
    return np.random.default_rng([seed + 1, 7])


def classify_last(seed: int = 0, steps: int = 9, batch: int = 4, size: int = 3, classes: int = 5) -> Batch:
    """Real inputs of various lengths, one class a sequence."""
    draw = generator(seed)
    lengths = draw.integers(1, steps + 1, batch)
    lengths[0] = steps
    return Batch(draw.normal(size=(steps, batch, size)), draw.integers(0, classes, batch), lengths)


def symbols_every(
    seed: int = 0,
    steps: int = 9,
    batch: int = 4,
    size: int = 6,
    masked: bool = False,
    continues: bool = False,
) -> Batch:
    """Symbols, a class at every step."""
    draw = generator(seed)
    valid = draw.random((steps, batch)) < 0.6 if masked else None
    inputs, targets = draw.integers(0, size, (2, steps, batch))
    return Batch(inputs, targets, valid=valid, continues=continues)


def symbols(size: int) -> Symbols:
    return Symbols(size, tuple(str(index) for index in range(size)))


def make_network(
    inputs: Real | Symbols,
    outputs: int,
    loss: Loss,
    reads: Reads,
    *,
    cell: str = "lstm",
    hidden: int = 5,
    dtype: str = "float64",
    seed: int = 2,
    backend: str = "numpy",
    **sizes: Any,
) -> Network:
    """A network of random parameters."""
    architecture = Architecture(catalogue()[cell], inputs, outputs, reads, loss, hidden=hidden, dtype=dtype, **sizes)
    return create_network(get_backend(backend), architecture, seed=seed, length=9)  # type: ignore[return-value]


def network_for(task: Task, **choices: Any) -> Network:
    """A network that follows a task."""
    return make_network(task.inputs, task.outputs, task.loss, task.reads, **choices)


def make_trainer(task: Task, network: Network | EncoderDecoder, *, optimizer: str = "adam", **settings: Any) -> Trainer:
    """A trainer with a constant learning rate."""
    return Trainer(
        network,
        task,
        create_optimizer(optimizer, network.backend.xp, network.trained.flat),
        create_schedule("constant", steps=100),
        **{"batch": 4, "learning_rate": 0.01} | settings,
    )


def run_on(backpropagation: Backpropagation, batch: Batch, carried: Carried | None = None) -> tuple[Any, Carried]:
    """Loss and gradient of a batch as a task makes it."""
    return backpropagation.run(backpropagation.prepare(batch), carried)


def torch_lstm(network: Network) -> tuple[Any, Any]:
    """Return torch.nn.LSTM and torch.nn.Linear with the network's weights.

    torch stacks its gates as i, f, g, o; it has a second bias, which stays zero.
    """
    import torch

    sizes = network.architecture
    lstm = torch.nn.LSTM(sizes.width, sizes.hidden, sizes.layers).double()
    linear = torch.nn.Linear(sizes.hidden, sizes.outputs).double()
    with torch.no_grad():
        for layer in range(sizes.layers):
            for ours, theirs in lstm_names(layer):
                stacked = np.concatenate([network.parameters[name] for name in ours])
                getattr(lstm, theirs).copy_(torch.tensor(stacked))
            getattr(lstm, f"bias_hh_l{layer}").zero_()
        linear.weight.copy_(torch.tensor(network.parameters["readout.W"]))
        linear.bias.copy_(torch.tensor(network.parameters["readout.b"]))
    return lstm, linear


def lstm_names(layer: int) -> list[tuple[list[str], str]]:
    """Return our names, in torch's order of gates, beside torch's name for them stacked."""
    return [
        ([f"{layer + 1}.W_{gate}h" for gate in "ifco"], f"weight_hh_l{layer}"),
        ([f"{layer + 1}.W_{gate}x" for gate in "ifco"], f"weight_ih_l{layer}"),
        ([f"{layer + 1}.b_{gate}" for gate in "ifco"], f"bias_ih_l{layer}"),
    ]


def assert_same_gradients(gradient: dict[str, Any], lstm: Any, linear: Any, layers: int) -> None:
    """Compare every gradient of layers and read-out with torch's."""
    for layer in range(layers):
        for ours, theirs in lstm_names(layer):
            stacked = np.concatenate([gradient[name] for name in ours])
            np.testing.assert_allclose(stacked, getattr(lstm, theirs).grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(gradient["readout.W"], linear.weight.grad.numpy(), atol=1e-12)
    np.testing.assert_allclose(gradient["readout.b"], linear.bias.grad.numpy(), atol=1e-12)
