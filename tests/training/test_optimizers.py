"""Every optimiser against the one of the same name in torch."""

from typing import Any

import numpy as np
import pytest

from workbench.training.errors import TrainingError
from workbench.training.optimizers import OPTIMIZERS, create_optimizer

RULES: list[tuple[str, dict[str, float]]] = [
    ("sgd", {}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "weight_decay": 0.1}),
    ("rmsprop", {}),
    ("rmsprop", {"momentum": 0.5, "weight_decay": 0.01}),
    ("adam", {}),
    ("adam", {"weight_decay": 0.1}),
    ("adamw", {"weight_decay": 0.1}),
]


@pytest.mark.parametrize(("name", "settings"), RULES)
def test_ten_steps_move_the_parameters_as_torch_does(name: str, settings: dict[str, float]) -> None:
    torch = pytest.importorskip("torch")
    peers: dict[str, Any] = {
        "sgd": torch.optim.SGD,
        "rmsprop": torch.optim.RMSprop,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
    }
    draw = np.random.default_rng(3)
    parameters = draw.normal(size=17)
    theirs = torch.tensor(parameters.copy(), requires_grad=True)
    peer = peers[name]([theirs], lr=0.03, **settings)
    ours = create_optimizer(name, np, parameters, **settings)
    for _ in range(10):
        gradient = draw.normal(size=17)
        theirs.grad = torch.tensor(gradient.copy())
        peer.step()
        ours.step(gradient, 0.03)
    np.testing.assert_allclose(parameters, theirs.detach().numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_update_holds_what_the_last_step_subtracted(name: str) -> None:
    parameters = np.array([1.0, -2.0, 3.0])
    before = parameters.copy()
    optimizer = create_optimizer(name, np, parameters, weight_decay=0.1)
    optimizer.step(np.array([0.5, -0.25, 1.0]), 0.01)
    np.testing.assert_allclose(before - optimizer.update, parameters, rtol=1e-15)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_float32_parameters_stay_float32(name: str) -> None:
    parameters = np.ones(5, dtype=np.float32)
    optimizer = create_optimizer(name, np, parameters, weight_decay=0.1)
    optimizer.step(np.ones(5, dtype=np.float32), 0.01)
    assert {parameters.dtype, optimizer.update.dtype} == {np.dtype(np.float32)}


def test_an_unknown_optimiser_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(TrainingError, match=r"'adagrad'.*sgd, rmsprop, adam, adamw"):
        create_optimizer("adagrad", np, np.ones(3))
