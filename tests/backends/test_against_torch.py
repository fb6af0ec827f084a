"""Against torch.nn.RNN, GRU and LSTM with the same weights: forward and every gradient."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from tests.backends.support import Point, error, random_point
from workbench.cells import catalogue

torch = pytest.importorskip("torch", reason="torch is the peer our gradients are compared with")

SIZES = [(1, 1, 1, 1), (5, 3, 17, 2), (33, 3, 17, 7)]
HIDDEN_BATCH_STEPS_INPUTS = ("hidden", "batch", "steps", "inputs")

# torch's weights, side by side, in terms of ours: input matrices, recurrent matrices, input biases, recurrent biases.
RNN = ("W_sx", "W_ss", "b_s", None)
GRU = (("W_rx", "W_zx", "W_nx"), ("W_rh", "W_zh", "W_nh"), ("b_r", "b_z", "b_n"), (None, None, "c_n"))
LSTM = (
    ("W_ix", "W_fx", "W_cx", "W_ox"),
    ("W_ih", "W_fh", "W_ch", "W_oh"),
    ("b_i", "b_f", "b_c", "b_o"),
    (None, None, None, None),
)
PEERS: Mapping[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "elman": (lambda inputs, hidden: torch.nn.RNN(inputs, hidden, nonlinearity="tanh"), RNN),
    "irnn": (lambda inputs, hidden: torch.nn.RNN(inputs, hidden, nonlinearity="relu"), RNN),
    "gru": (torch.nn.GRU, GRU),
    "lstm": (torch.nn.LSTM, LSTM),
}
WEIGHTS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")


def as_tuple(names: Any) -> tuple[str | None, ...]:
    return names if isinstance(names, tuple) else (names,)


def peer(name: str, point: Point, dtype: Any) -> Any:
    """torch's network with a point's parameters; biases that only torch has are 0."""
    make, layout = PEERS[name]
    hidden = point.sizes["hidden"]
    network = make(point.sizes["inputs"], hidden).to(dtype)
    for weight, names in zip(WEIGHTS, layout, strict=True):
        parts = [point.parameters[part] if part else np.zeros(hidden) for part in as_tuple(names)]
        getattr(network, weight).data = torch.tensor(np.concatenate(parts), dtype=dtype)
    return network


def tensor(array: Any, dtype: Any) -> Any:
    return torch.tensor(array, dtype=dtype, requires_grad=True)


def run_peer(name: str, point: Point, dtype: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values and gradients of torch, called as ours."""
    network = peer(name, point, dtype)
    x = tensor(point.x, dtype)
    start = {state: tensor(array[None], dtype) for state, array in point.start.items()}
    first, *others = point.cell.states
    given = (start[first], *(start[state] for state in others)) if others else start[first]
    outputs, final = network(x, given)
    loss = (outputs * torch.tensor(point.outside[first], dtype=dtype)).sum()
    if others:
        loss = loss + (final[1][0] * torch.tensor(point.outside["c"][-1], dtype=dtype)).sum()
    loss.backward()
    hidden = point.sizes["hidden"]
    values = {first: outputs.detach().numpy()}
    gradients = {"dL/dx": x.grad.numpy()}
    gradients |= {f"dL/d{state}_0": array.grad[0].numpy() for state, array in start.items()}
    for weight, names in zip(WEIGHTS, PEERS[name][1], strict=True):
        whole = getattr(network, weight).grad.numpy()
        for index, part in enumerate(as_tuple(names)):
            if part:
                gradients[f"dL/d{part}"] = whole[index * hidden : (index + 1) * hidden]
    return values, gradients


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-11), ("float32", 1e-4)], ids=["float64", "float32"])
@pytest.mark.parametrize(HIDDEN_BATCH_STEPS_INPUTS, SIZES)
@pytest.mark.parametrize("name", PEERS)
def test_forward_and_every_gradient_agree_with_torch(
    backend: str, name: str, hidden: int, batch: int, steps: int, inputs: int, dtype: str, tolerance: float
) -> None:
    point = random_point(catalogue()[name], backend, hidden=hidden, batch=batch, steps=steps, inputs=inputs)
    if "c" in point.outside:
        point.outside["c"][:-1] = 0.0  # torch shows the memory cell after the last step alone
    values, wanted = run_peer(name, point, getattr(torch, dtype))
    trace, gradients = point.run(dtype)
    found = {f"dL/d{parameter}": array for parameter, array in gradients.parameters.items()}
    found |= {f"dL/d{state}_0": array for state, array in gradients.start.items()} | {"dL/dx": gradients.inputs}
    assert set(found) == set(wanted)
    assert {state: error(trace[state], array) for state, array in values.items()}[point.cell.states[0]] <= tolerance
    too_large = {part: size for part in wanted if (size := error(found[part], wanted[part])) > tolerance}
    assert not too_large


@pytest.mark.parametrize("name", PEERS)
def test_the_oracle_agrees_with_torch(name: str) -> None:
    point = random_point(catalogue()[name], "numpy", hidden=4, batch=2, steps=5, inputs=3)
    if "c" in point.outside:
        point.outside["c"][:-1] = 0.0
    values, wanted = run_peer(name, point, torch.float64)
    oracle, gradients = point.oracle()
    assert error(oracle.values[point.cell.states[0]], values[point.cell.states[0]]) < 1e-12
    for parameter, array in gradients.parameters.items():
        assert error(array, wanted[f"dL/d{parameter}"]) < 1e-12
    assert error(gradients.inputs, wanted["dL/dx"]) < 1e-12
