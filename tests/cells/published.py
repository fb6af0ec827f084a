"""Cells of the catalogue once more, a step at a time in NumPy, as their papers write them: what values they must have.

Each takes the parameters, the input of one step (B, D), the states before it (B, H) each, and the step's index; it
returns the states after it. Written for reading, without any of the workbench.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Parameters = Mapping[str, Array]
States = Mapping[str, Array]
Step = Callable[[Parameters, Array, States, int], dict[str, Array]]


def sigmoid(a: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-a)))


def relu(a: Array) -> Array:
    return np.maximum(a, 0)


def layer_norm(a: Array) -> Array:
    """Ba et al. 2016, with the epsilon that libraries add to the variance."""
    return np.asarray((a - a.mean(1, keepdims=True)) / np.sqrt(a.var(1, keepdims=True) + 1e-5))


def _gate(p: Parameters, name: str, x: Array, h: Array, state: str = "h") -> Array:
    """W x + U h + b of one gate."""
    return np.asarray(x @ p[f"W_{name}x"].T + h @ p[f"W_{name}{state}"].T + p[f"b_{name}"])


def _seen(p: Parameters, name: str, x: Array) -> Array:
    """W x + b of a gate that sees the input alone."""
    return np.asarray(x @ p[f"W_{name}x"].T + p[f"b_{name}"])


def orthogonal(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Elman 1990."""
    return {"s": np.tanh(_gate(p, "s", x, s["s"], "s"))}


def mgu(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Zhou et al. 2016."""
    f = sigmoid(_gate(p, "f", x, s["h"]))
    return {"h": (1 - f) * s["h"] + f * np.tanh(_gate(p, "n", x, f * s["h"]))}


def lstm(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Gers et al. 2000."""
    f, i, o = (sigmoid(_gate(p, name, x, s["h"])) for name in "fio")
    c = f * s["c"] + i * np.tanh(_gate(p, "c", x, s["h"]))
    return {"h": o * np.tanh(c), "c": c}


def lstm_1997(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Hochreiter & Schmidhuber 1997, with tanh for g and h."""
    i, o = (sigmoid(_gate(p, name, x, s["h"])) for name in "io")
    c = s["c"] + i * np.tanh(_gate(p, "c", x, s["h"]))
    return {"h": o * np.tanh(c), "c": c}


def lstm_coupled(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Greff et al. 2017, CIFG, without peepholes."""
    i, o = (sigmoid(_gate(p, name, x, s["h"])) for name in "io")
    c = (1 - i) * s["c"] + i * np.tanh(_gate(p, "c", x, s["h"]))
    return {"h": o * np.tanh(c), "c": c}


def lstm_layernorm(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Ba et al. 2016, a gate at a time."""

    def gate(name: str) -> Array:
        sums = x @ p[f"W_{name}x"].T + s["h"] @ p[f"W_{name}h"].T
        return np.asarray(p[f"a_{name}"] * layer_norm(sums) + p[f"b_{name}"])

    c = sigmoid(gate("f")) * s["c"] + sigmoid(gate("i")) * np.tanh(gate("c"))
    return {"h": sigmoid(gate("o")) * np.tanh(p["a_h"] * layer_norm(c) + p["b_h"]), "c": c}


def mut1(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Jozefowicz et al. 2015, MUT1, with W x for x within the tanh."""
    h = s["h"]
    z = sigmoid(_seen(p, "z", x))
    r = sigmoid(_gate(p, "r", x, h))
    return {"h": np.tanh((r * h) @ p["W_nh"].T + np.tanh(x @ p["W_nx"].T) + p["b_n"]) * z + h * (1 - z)}


def highway(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Zilly et al. 2017, L = 2, c = 1 - t: the input enters the first layer alone."""
    state = s["s"]
    for layer in (1, 2):
        h, gate = (state @ p[f"R_{name}{layer}"].T + p[f"b_{name}{layer}"] for name in "sg")
        if layer == 1:
            h, gate = h + x @ p["W_s"].T, gate + x @ p["W_g"].T
        state = np.tanh(h) * sigmoid(gate) + state * (1 - sigmoid(gate))
    return {"s": state}


def indrnn(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Li et al. 2018."""
    return {"s": relu(_seen(p, "s", x) + p["u"] * s["s"])}


def sru(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Lei et al. 2018, with W x for x in the highway: both gates see the memory before the step."""
    f, r = (sigmoid(_seen(p, name, x) + p[f"v_{name}"] * s["c"]) for name in "fr")
    c = f * s["c"] + (1 - f) * (x @ p["W_cx"].T)
    return {"h": r * c + (1 - r) * (x @ p["W_hx"].T), "c": c}


def mingru(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Feng et al. 2024."""
    z = sigmoid(_seen(p, "z", x))
    return {"h": (1 - z) * s["h"] + z * _seen(p, "h", x)}


def minlstm(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Feng et al. 2024."""
    f, i = sigmoid(_seen(p, "f", x)), sigmoid(_seen(p, "i", x))
    return {"h": f / (f + i) * s["h"] + i / (f + i) * _seen(p, "h", x)}


def antisymmetric(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Chang et al. 2019, with diffusion, epsilon = 0.1 and gamma = 0.01."""
    matrix = p["M"] - p["M"].T - 0.01 * np.eye(len(p["M"]))
    return {"s": s["s"] + 0.1 * np.tanh(s["s"] @ matrix.T + x @ p["V"].T + p["b"])}


def slstm(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Beck et al. 2024, with sigmoid forget gate and without the stabiliser, on which h = o c / n does not depend."""
    i, f = np.exp(_gate(p, "i", x, s["h"])), sigmoid(_gate(p, "f", x, s["h"]))
    c = f * s["c"] + i * np.tanh(_gate(p, "z", x, s["h"]))
    n = f * s["n"] + i
    return {"h": sigmoid(_gate(p, "o", x, s["h"])) * c / n, "c": c, "n": n}


def lru(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Orvieto et al. 2023, in complex numbers; the output goes through y sigmoid(y)."""
    eigenvalues = np.exp(-np.exp(p["nu"]) + 1j * np.exp(p["theta"]))
    gain = np.sqrt(1 - np.abs(eigenvalues) ** 2)
    state = eigenvalues * (s["u"] + 1j * s["v"]) + gain * (x @ (p["B_u"] + 1j * p["B_v"]).T)
    y = (state @ (p["C_u"] + 1j * p["C_v"]).T).real + x @ p["D"].T
    return {"h": y * sigmoid(y), "u": state.real, "v": state.imag}


def clockwork(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Koutnik et al. 2014, with a full recurrent matrix: unit by unit, whole numbers alone."""
    state = s["s"].copy()
    fresh = np.tanh(_gate(p, "s", x, s["s"], "s"))
    for unit, period in enumerate(p["p"]):
        if t % int(period) == 0:
            state[:, unit] = fresh[:, unit]
    return {"s": state}


def reservoir(p: Parameters, x: Array, s: States, t: int) -> dict[str, Array]:
    """Jaeger et al. 2007, leak 0.5."""
    return {"s": 0.5 * s["s"] + 0.5 * np.tanh(_gate(p, "s", x, s["s"], "s"))}


PUBLISHED: Mapping[str, Step] = {
    "orthogonal": orthogonal,
    "mgu": mgu,
    "lstm-1997": lstm_1997,
    "lstm-chrono": lstm,
    "lstm-coupled": lstm_coupled,
    "lstm-layernorm": lstm_layernorm,
    "mut1": mut1,
    "highway": highway,
    "indrnn": indrnn,
    "sru": sru,
    "mingru": mingru,
    "minlstm": minlstm,
    "antisymmetric": antisymmetric,
    "slstm": slstm,
    "lru": lru,
    "clockwork": clockwork,
    "reservoir": reservoir,
}
