"""The training step in JAX: the whole of it compiled, a scan over the steps, the input's product taken before it.

Unrolling the scan is left at JAX's default: it wins a little at B=1 and loses up to half at B=32.
"""

import sys
from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array, lax

from benchmarks.cases import CLIP_NORM, LEARNING_RATE, Case
from benchmarks.libraries.step import serve

Parameters = dict[str, Array]
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8

# The state's name, and the gates in the order in which their sums are taken apart.
GATES = {"elman": ("s", "s"), "gated": ("s", "gs"), "gru": ("h", "zrn"), "lstm": ("h", "fioc")}


def elman(p: Parameters, carry: Array, incoming: Array) -> tuple[Array, Array]:
    """Take one step."""
    s = jnp.tanh(incoming + carry @ p["recurrent"])
    return s, s


def gated(p: Parameters, carry: Array, incoming: Array) -> tuple[Array, Array]:
    """Take one step."""
    gate, new = jnp.split(incoming + carry @ p["recurrent"], 2, axis=-1)
    g = jax.nn.sigmoid(gate)
    s = (1 - g) * carry + g * jnp.tanh(new)
    return s, s


def gru(p: Parameters, carry: Array, incoming: Array) -> tuple[Array, Array]:
    """Take one step."""
    z_in, r_in, n_in = jnp.split(incoming, 3, axis=-1)
    z_state, r_state, n_state = jnp.split(carry @ p["recurrent"], 3, axis=-1)
    z, r = jax.nn.sigmoid(z_in + z_state), jax.nn.sigmoid(r_in + r_state)
    n = jnp.tanh(n_in + r * (n_state + p["inner_bias"]))
    h = (1 - z) * n + z * carry
    return h, h


def lstm(p: Parameters, carry: tuple[Array, Array], incoming: Array) -> tuple[tuple[Array, Array], Array]:
    """Take one step."""
    h, c = carry
    f, i, o, new = jnp.split(incoming + h @ p["recurrent"], 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(new)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


STEPS: dict[str, Callable[..., tuple[object, Array]]] = {"elman": elman, "gated": gated, "gru": gru, "lstm": lstm}


def loss(p: Parameters, x: Array, weights: Array, cell: str) -> Array:
    """Return the loss of inputs (T, B, D)."""
    zeros = jnp.zeros((x.shape[1], weights.shape[2]), x.dtype)
    start = (zeros, zeros) if cell == "lstm" else zeros
    _, states = lax.scan(partial(STEPS[cell], p), start, x @ p["incoming"] + p["bias"])
    return jnp.vdot(states, weights)


@partial(jax.jit, static_argnames="cell", donate_argnums=0)
def train(
    kept: tuple[Parameters, Parameters, Parameters, Array], x: Array, weights: Array, cell: str
) -> tuple[tuple[Parameters, Parameters, Parameters, Array], Array, Array]:
    """Return parameters, both means and the count after one step of Adam, the loss and the gradient's norm."""
    p, mean, square, count = kept
    value, gradient = jax.value_and_grad(loss)(p, x, weights, cell)
    norm = jnp.sqrt(sum((jnp.vdot(g, g) for g in gradient.values()), start=jnp.float32(0)))
    scale = jnp.minimum(1.0, CLIP_NORM / norm)
    count = count + 1
    gradient = {name: scale * g for name, g in gradient.items()}
    mean = {name: BETA1 * mean[name] + (1 - BETA1) * g for name, g in gradient.items()}
    square = {name: BETA2 * square[name] + (1 - BETA2) * g * g for name, g in gradient.items()}
    rate, root = LEARNING_RATE / (1 - BETA1**count), jnp.sqrt(1 - BETA2**count)
    p = {name: p[name] - rate * mean[name] / (jnp.sqrt(square[name]) / root + EPSILON) for name in p}
    return (p, mean, square, count), value, norm


class JaxStep:
    """Parameters and means in JAX's arrays, given back to every step to be written over."""

    def __init__(self, case: Case) -> None:
        state, gates = GATES[case.cell]
        packed = {
            "recurrent": case.recurrent(f"W_{gate}{state}" for gate in gates).T,
            "incoming": case.incoming(f"W_{gate}x" for gate in gates).T,
            "bias": case.vectors(f"b_{gate}" for gate in gates),
        }
        if case.cell == "gru":
            packed["inner_bias"] = case.vectors(("c_n",))
        p = {name: jnp.array(values) for name, values in packed.items()}
        mean, square = ({name: jnp.zeros_like(values) for name, values in p.items()} for _ in range(2))
        self._kept = (p, mean, square, jnp.float32(0))
        self._x, self._weights = jnp.array(case.x()), jnp.array(case.loss_weights())
        self._cell = case.cell

    def __call__(self) -> float:
        """Train once; returns the loss."""
        return self.check()[0]

    def check(self) -> tuple[float, float]:
        """Train once; returns the loss and the gradient's norm."""
        done = train(self._kept, self._x, self._weights, cell=self._cell)
        self._kept, value, norm = jax.block_until_ready(done)
        return float(value), float(norm)


if __name__ == "__main__":
    serve(JaxStep, Case.from_json(sys.argv[1]))
