"""ONNX's published node test vectors of RNN, GRU and LSTM, reproduced through the contract.

The package carries them as modules, one an operator, which draw each vector's inputs from a fixed seed when imported.
"""

import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.backends.support import backend_of, error
from workbench.cells import catalogue

pytest.importorskip("onnx", reason="onnx is not installed")

TOLERANCES = {"float32": 2e-6, "float64": 1e-6}  # the vectors are float32

Array = NDArray[Any]

# The gates of each operator in the order of its weights; our cells name their parameters after them.
GATES = {"RNN": "s", "GRU": "zrn", "LSTM": "iofc"}
PEEPHOLES = "iof"
STATES = {"RNN": "s", "GRU": "h", "LSTM": "h"}


@dataclass(frozen=True)
class Vector:
    """One published vector: arrays by ONNX's names, sequences before or after steps as it says."""

    name: str
    operator: str
    given: Mapping[str, Array]
    expected: Mapping[str, Array]
    direction: str
    batch_first: bool

    @property
    def x(self) -> Array:
        """(T, B, D)."""
        return self.given["X"].swapaxes(0, 1) if self.batch_first else self.given["X"]

    @property
    def lengths(self) -> Array:
        steps, batch = self.x.shape[:2]
        return self.given.get("sequence_lens", np.full(batch, steps))

    @property
    def backwards(self) -> tuple[bool, ...]:
        """Of each direction, whether it reads the sequence from its end."""
        return {"forward": (False,), "reverse": (True,), "bidirectional": (False, True)}[self.direction]


def published() -> Iterator[Vector]:
    cases = importlib.import_module("onnx.backend.test.case.node")
    for operator in GATES:
        # All of them at once, by collect_testcases, would run every other operator's too.
        importlib.import_module(f"onnx.backend.test.case.node.{operator.lower()}")
    for case in cases._NodeTestCases:
        (node,), ((given, expected),) = case.model.graph.node, case.data_sets
        if node.op_type not in GATES:
            continue
        settings = {attribute.name: attribute for attribute in node.attribute}
        yield Vector(
            case.name.removeprefix("test_"),
            node.op_type,
            dict(zip(filter(None, node.input), given, strict=True)),
            dict(zip(filter(None, node.output), expected, strict=True)),
            settings["direction"].s.decode() if "direction" in settings else "forward",
            "layout" in settings and settings["layout"].i == 1,
        )


VECTORS = {vector.name: vector for vector in published()}


def cells_of(vector: Vector) -> list[str]:
    """The cells of the catalogue that compute what a vector shows."""
    if vector.operator == "RNN":
        return ["elman"]
    if vector.operator == "LSTM":
        return ["lstm-peephole"] if "P" in vector.given else ["lstm", "lstm-peephole"]
    # Every published GRU resets before the product. From a start at 0, and without a bias on the recurrent side, both
    # kinds of reset take the same first step.
    alike = len(vector.x) == 1 and not np.any(biases(vector, 0)[1])
    return ["gru-reset-before", "gru"] if alike else ["gru-reset-before"]


def biases(vector: Vector, direction: int) -> tuple[Array, Array]:
    """The biases of the input side and of the recurrent side: (gates * H,) each; zeros where left out."""
    whole = vector.given.get("B", np.zeros((2, 2 * vector.given["R"].shape[1]), "float32"))[direction]
    on_input, on_recurrent = np.split(whole, 2)
    return on_input, on_recurrent


def parameters_of(name: str, vector: Vector, direction: int) -> dict[str, Array]:
    """A direction's weights by our names."""
    gates, state = GATES[vector.operator], STATES[vector.operator]
    sides = (vector.given["W"][direction], vector.given["R"][direction], *biases(vector, direction))
    parameters: dict[str, Array] = {}
    for gate, from_x, from_state, *bias in zip(gates, *(np.split(side, len(gates)) for side in sides), strict=True):
        parameters |= {f"W_{gate}x": from_x, f"W_{gate}{state}": from_state}
        if (name, gate) == ("gru", "n"):
            parameters |= {"b_n": bias[0], "c_n": bias[1]}
        else:
            parameters |= {f"b_{gate}": bias[0] + bias[1]}
    if name == "lstm-peephole":
        silent = np.zeros((2, len(PEEPHOLES) * vector.given["R"].shape[2]), "float32")
        given = np.split(vector.given.get("P", silent)[direction], len(PEEPHOLES))
        parameters |= {f"w_{gate}c": part for gate, part in zip(PEEPHOLES, given, strict=True)}
    return parameters


def run_direction(name: str, vector: Vector, direction: int, padding: int, backend: Any, dtype: str) -> dict[str, Any]:
    """ONNX's outputs of one direction: Y (T, B, H), Y_h and Y_c (B, H)."""
    backwards = vector.backwards[direction]
    x = vector.x[::-1] if backwards else vector.x
    noise = np.random.default_rng(0).standard_normal((padding, *x.shape[1:])).astype("float32")
    hidden = vector.given["R"].shape[2]
    program = backend.compile(catalogue()[name], inputs=x.shape[2], hidden=hidden, dtype=dtype)
    state = STATES[vector.operator]
    start = {
        ours: vector.given[theirs][direction]
        for ours, theirs in ((state, "initial_h"), ("c", "initial_c"))
        if theirs in vector.given
    }
    parameters = parameters_of(name, vector, direction)
    assert set(parameters) == set(catalogue()[name].shapes(x.shape[2], hidden))
    trace = program.forward(parameters, np.concatenate([x, noise]), start=start)
    over_time = {ours: backend.to_host(trace[ours]) for ours in program.state_names}
    outputs = {"Y": over_time[state][: len(x)][:: -1 if backwards else 1]}
    last = vector.lengths - 1, np.arange(x.shape[1])
    return outputs | {"Y_h": over_time[state][last]} | ({"Y_c": over_time["c"][last]} if "c" in over_time else {})


def run(name: str, vector: Vector, padding: int, backend: Any, dtype: str) -> dict[str, Array]:
    """ONNX's outputs, every direction, laid out as the vector lays them out."""
    runs = [
        run_direction(name, vector, direction, padding, backend, dtype) for direction in range(len(vector.backwards))
    ]
    outputs = {
        output: np.stack([found[output] for found in runs], axis=1 if output == "Y" else 0) for output in runs[0]
    }
    if vector.batch_first:
        axes = {"Y": (2, 0, 1, 3), "Y_h": (1, 0, 2), "Y_c": (1, 0, 2)}
        return {output: array.transpose(axes[output]) for output, array in outputs.items()}
    return outputs


EVERY_PAIR = [(name, vector) for vector in VECTORS.values() for name in cells_of(vector)]
PAIR_NAMES = [f"{vector.name}-{name}" for name, vector in EVERY_PAIR]


@pytest.mark.parametrize("dtype", TOLERANCES)
@pytest.mark.parametrize("padding", [0, 2])
@pytest.mark.parametrize(("name", "vector"), EVERY_PAIR, ids=PAIR_NAMES)
def test_a_published_vector_is_reproduced(backend: str, name: str, vector: Vector, padding: int, dtype: str) -> None:
    found = run(name, vector, padding, backend_of(backend), dtype)
    errors = {output: error(found[output], wanted) for output, wanted in vector.expected.items()}
    assert max(errors.values()) <= TOLERANCES[dtype], errors


def referenced(operator: str, **settings: Any) -> Vector:
    """Random weights of every gate and both directions, and what the package's own reference makes of them.

    The published LSTM vectors have the same weights in every gate, and no GRU resets after the product.
    """
    random = np.random.default_rng(0)
    steps, batch, inputs, hidden = 4, 3, 2, 5
    rows = len(GATES[operator]) * hidden
    shapes = {"X": (steps, batch, inputs), "W": (2, rows, inputs), "R": (2, rows, hidden), "B": (2, 2 * rows)}
    shapes |= {"initial_h": (2, batch, hidden)}
    if operator == "LSTM":
        shapes |= {"initial_c": (2, batch, hidden), "P": (2, len(PEEPHOLES) * hidden)}
    given = {name: 0.5 * random.standard_normal(shape) for name, shape in shapes.items()}
    module = importlib.import_module(f"onnx.backend.test.case.node.{operator.lower()}")
    reference = getattr(module, f"{operator}Helper")(**given, direction="bidirectional", **settings)
    expected = dict(zip(("Y", "Y_h", "Y_c"), reference.step(), strict=False))
    return Vector(f"random {operator}", operator, given, expected, "bidirectional", batch_first=False)


@pytest.mark.parametrize(
    ("name", "vector"),
    [
        ("elman", referenced("RNN")),
        ("gru-reset-before", referenced("GRU")),
        ("gru", referenced("GRU", linear_before_reset=1)),
        ("lstm-peephole", referenced("LSTM")),
    ],
    ids=["elman", "gru-reset-before", "gru", "lstm-peephole"],
)
def test_random_weights_give_what_the_reference_of_onnx_gives(backend: str, name: str, vector: Vector) -> None:
    found = run(name, vector, 0, backend_of(backend), "float64")
    errors = {output: error(found[output], wanted) for output, wanted in vector.expected.items()}
    assert max(errors.values()) <= 1e-12, errors


def test_every_kind_of_vector_is_there() -> None:
    kinds = {"defaults", "with_initial_bias", "seq_length", "batchwise", "reverse", "bidirectional"}
    wanted = {f"{operator}_{kind}" for operator in ("simple_rnn", "gru", "lstm") for kind in kinds}
    # ONNX names one otherwise, and has no LSTM of given lengths beside the one with peepholes.
    wanted = (wanted | {"rnn_seq_length", "lstm_with_peepholes"}) - {"simple_rnn_seq_length", "lstm_seq_length"}
    assert wanted <= set(VECTORS)
    assert "sequence_lens" in VECTORS["lstm_with_peepholes"].given
