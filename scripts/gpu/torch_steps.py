"""The training step in torch on the card: cuDNN's layers, and loops over the steps for cells that cuDNN lacks.

The loops are what one writes by hand: the products with x for all steps at once, one product with the state a stage.
"""

from collections.abc import Callable
from typing import Any

import torch
from benchmarks.cases import CLIP_NORM, LEARNING_RATE, Case
from benchmarks.libraries.with_torch import LAYERS, Model, layer
from torch import Tensor, nn

from gpu.own_step import same_at_every_step

DEVICE = "cuda"
_Loop = Callable[[Tensor, dict[str, Tensor]], Tensor]


class TorchStep:
    """A model, torch's fused Adam, and clipping; nothing is read in between."""

    def __init__(self, case: Case, device: str = DEVICE) -> None:
        with torch.device(device):
            self._model = layer(case) if case.cell in LAYERS else _loop(case, device)
        self._parameters = list(self._model.parameters.values())
        self._optimizer = torch.optim.Adam(self._parameters, lr=LEARNING_RATE, fused=True)
        self._x = torch.from_numpy(case.x()).to(device)
        self._weights = torch.from_numpy(same_at_every_step(case)).to(device).reshape(-1)

    def __call__(self) -> Tensor:
        """Train once; returns the loss, on the card."""
        loss = self._backpropagate()
        nn.utils.clip_grad_norm_(self._parameters, CLIP_NORM)
        self._optimizer.step()
        return loss

    def check(self) -> tuple[float, float]:
        """Train once; returns the loss and the norm of the gradient by what we have too."""
        loss = float(self._backpropagate().item())
        parts = []
        for name, parameter in self._model.parameters.items():
            assert parameter.grad is not None
            parts.append(parameter.grad[self._model.common.get(name, slice(None))].reshape(-1))
        norm = float(torch.cat(parts).norm().item())
        nn.utils.clip_grad_norm_(self._parameters, CLIP_NORM)
        self._optimizer.step()
        return loss, norm

    def _backpropagate(self) -> Tensor:
        self._optimizer.zero_grad(set_to_none=True)
        loss = torch.dot(self._model.states(self._x).reshape(-1), self._weights)
        loss.backward()
        return loss


def allow_tf32(allowed: bool) -> None:
    """Let products and cuDNN round their factors to TensorFloat-32, or not."""
    torch.backends.cuda.matmul.allow_tf32 = allowed
    torch.backends.cudnn.allow_tf32 = allowed


def release() -> None:
    """Give back the memory that is kept for later."""
    torch.cuda.empty_cache()


def about_torch() -> dict[str, Any]:
    """Return torch's version, and cuDNN's where it has that and a card."""
    if not torch.cuda.is_available():
        return {"torch": torch.__version__}
    return {"torch": torch.__version__, "cudnn": torch.backends.cudnn.version()}


def _loop(case: Case, device: str) -> Model:
    """Return a model of a loop; its matrices lie one below the other, as many as the cell has sums."""
    run, sums, vectors = _LOOPS[case.cell]
    hidden, inputs = case.hidden, case.inputs

    def parameter(name: str, *shape: int) -> Tensor:
        return torch.from_numpy(case.parameter(name, shape)).to(device).requires_grad_()

    parameters = {
        "incoming": parameter("incoming", sums * hidden, inputs),
        "recurrent": parameter("recurrent", _RECURRENT.get(case.cell, sums) * hidden, hidden),
        "bias": parameter("bias", sums * hidden),
        **{name: parameter(name, count * hidden) for name, count in vectors.items()},
    }
    return Model(lambda x: run(x, parameters), parameters, {})


def _begin(x: Tensor, p: dict[str, Tensor]) -> tuple[tuple[Tensor, ...], Tensor, Tensor]:
    """The products with x step by step, a state of zeros, the recurrent matrix turned round."""
    state = x.new_zeros(x.shape[1], p["recurrent"].shape[1])
    return nn.functional.linear(x, p["incoming"], p["bias"]).unbind(0), state, p["recurrent"].t()


def _gated(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    steps, s, matrix = _begin(x, p)
    found = []
    for sums in steps:
        gate, new = torch.addmm(sums, s, matrix).chunk(2, 1)
        s = torch.lerp(s, torch.tanh(new), torch.sigmoid(gate))
        found.append(s)
    return torch.stack(found)


def _lstm(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    steps, h, matrix = _begin(x, p)
    c, found = h, []
    for sums in steps:
        f, i, o, new = torch.addmm(sums, h, matrix).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(new)
        h = torch.sigmoid(o) * torch.tanh(c)
        found.append(h)
    return torch.stack(found)


def _peephole(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    steps, h, matrix = _begin(x, p)
    c, found = h, []
    for sums in steps:
        f, i, o, new = torch.addmm(sums, h, matrix).chunk(4, 1)
        c = torch.sigmoid(f + p["w_fc"] * c) * c + torch.sigmoid(i + p["w_ic"] * c) * torch.tanh(new)
        h = torch.sigmoid(o + p["w_oc"] * c) * torch.tanh(c)
        found.append(h)
    return torch.stack(found)


def _layer_norm(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    hidden = p["recurrent"].shape[1]
    products = nn.functional.linear(x, p["incoming"]).unbind(0)
    h, matrix = x.new_zeros(x.shape[1], hidden), p["recurrent"].t()
    biases = p["bias"].reshape(4, hidden)
    c, found = h, []
    for product in products:
        sums = torch.addmm(product, h, matrix).reshape(-1, 4, hidden)
        f, i, o, new = (nn.functional.layer_norm(sums, (hidden,)) * p["gains"].reshape(4, hidden) + biases).unbind(1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(new)
        h = torch.sigmoid(o) * torch.tanh(nn.functional.layer_norm(c, (hidden,), p["a_h"], p["b_h"]))
        found.append(h)
    return torch.stack(found)


def _mut1(x: Tensor, p: dict[str, Tensor]) -> Tensor:
    steps, h, _ = _begin(x, p)
    reset, new = (matrix.t() for matrix in p["recurrent"].chunk(2, 0))
    found = []
    for sums in steps:
        update, own, candidate = sums.chunk(3, 1)
        z, r = torch.sigmoid(update), torch.sigmoid(torch.addmm(own, h, reset))
        h = torch.lerp(h, torch.tanh(torch.addmm(torch.tanh(candidate), r * h, new) + p["b_n"]), z)
        found.append(h)
    return torch.stack(found)


_LOOPS: dict[str, tuple[_Loop, int, dict[str, int]]] = {
    "gated": (_gated, 2, {}),
    "typed lstm": (_lstm, 4, {}),
    "lstm-peephole": (_peephole, 4, {"w_fc": 1, "w_ic": 1, "w_oc": 1}),
    "lstm-layernorm": (_layer_norm, 4, {"gains": 4, "a_h": 1, "b_h": 1}),
    "mut1": (_mut1, 3, {"b_n": 1}),
}
"""Each loop, its sums of products with x, and its vectors beside the biases of these, in units of H."""
_RECURRENT = {"mut1": 2}
