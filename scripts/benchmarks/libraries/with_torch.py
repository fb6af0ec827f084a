"""The training step in torch on the CPU: its own layers where it has the cell, else a loop over the steps."""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from benchmarks.cases import CLIP_NORM, LEARNING_RATE, Case, Floats
from benchmarks.libraries.step import serve

# Each layer, the gates in the order in which it stacks them, and the state's name.
LAYERS = {"elman": (nn.RNN, "s", "s"), "gru": (nn.GRU, "rzn", "h"), "lstm": (nn.LSTM, "ifco", "h")}


@dataclass(frozen=True)
class Model:
    """States (T, B, H) from inputs (T, B, D), and parameters; ``common``: a gradient's part that all libraries have."""

    states: Callable[[Tensor], Tensor]
    parameters: dict[str, Tensor]
    common: dict[str, slice]


def layer(case: Case) -> Model:
    """Return a layer of torch's own, which has a second bias for each sum: only GRU's candidate needs it."""
    kind, gates, state = LAYERS[case.cell]
    module = kind(case.inputs, case.hidden)
    parameters = dict(module.named_parameters())
    _assign(parameters["weight_hh_l0"], case.recurrent(f"W_{gate}{state}" for gate in gates))
    _assign(parameters["weight_ih_l0"], case.incoming(f"W_{gate}x" for gate in gates))
    _assign(parameters["bias_ih_l0"], case.vectors(f"b_{gate}" for gate in gates))
    nn.init.zeros_(parameters["bias_hh_l0"])
    needed = slice(0, 0)
    if case.cell == "gru":
        needed = slice(2 * case.hidden, None)
        _assign(parameters["bias_hh_l0"][needed], case.vectors(("c_n",)))
    return Model(lambda x: module(x)[0], parameters, {"bias_hh_l0": needed})


def gated_loop(case: Case) -> Model:
    """Return the gated cell as one writes it in torch: the input's product for all steps at once, then a loop."""
    recurrent = torch.from_numpy(case.recurrent(("W_gs", "W_ss"))).requires_grad_()
    incoming = torch.from_numpy(case.incoming(("W_gx", "W_sx"))).requires_grad_()
    bias = torch.from_numpy(case.vectors(("b_g", "b_s"))).requires_grad_()

    def states(x: Tensor) -> Tensor:
        matrix = recurrent.t()
        s = x.new_zeros(x.shape[1], case.hidden)
        found = []
        for sums in nn.functional.linear(x, incoming, bias).unbind(0):
            gate, new = torch.addmm(sums, s, matrix).chunk(2, 1)
            s = torch.lerp(s, torch.tanh(new), torch.sigmoid(gate))
            found.append(s)
        return torch.stack(found)

    return Model(states, {"recurrent": recurrent, "incoming": incoming, "bias": bias}, {})


def _assign(parameter: Tensor, values: Floats) -> None:
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(values))


class TorchStep:
    """A model and torch's fused Adam, faster here than its plain one."""

    def __init__(self, case: Case) -> None:
        self._model = gated_loop(case) if case.cell == "gated" else layer(case)
        self._parameters = list(self._model.parameters.values())
        self._optimizer = torch.optim.Adam(self._parameters, lr=LEARNING_RATE, fused=True)
        self._x, self._weights = torch.from_numpy(case.x()), torch.from_numpy(case.loss_weights()).reshape(-1)

    def __call__(self) -> float:
        """Train once; returns the loss."""
        loss = self._backpropagate()
        nn.utils.clip_grad_norm_(self._parameters, CLIP_NORM)
        self._optimizer.step()
        return float(loss.item())

    def check(self) -> tuple[float, float]:
        """Train once; returns the loss and the norm of the gradient by what other libraries have too."""
        loss = float(self._backpropagate().item())
        common = self._model.common
        parts = [p.grad[common.get(name, slice(None))].reshape(-1) for name, p in self._model.parameters.items()]
        self._optimizer.step()
        return loss, float(torch.cat(parts).norm().item())

    def _backpropagate(self) -> Tensor:
        self._optimizer.zero_grad()
        loss = torch.dot(self._model.states(self._x).reshape(-1), self._weights)
        loss.backward()
        return loss


if __name__ == "__main__":
    serve(TorchStep, Case.from_json(sys.argv[1]))
