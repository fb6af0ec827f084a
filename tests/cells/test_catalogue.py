"""The cells that come with the program: complete, documented, and with the values that their papers' equations give."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.cells.published import PUBLISHED, layer_norm
from workbench.backends import get_backend
from workbench.backends.check import check_gradients
from workbench.cells import Cell, catalogue

Array = NDArray[Any]

STEPS, BATCH, INPUTS, HIDDEN = 19, 3, 4, 10

# Of each cell: its states, and its products that wait for one another in a step.
CELLS: Mapping[str, tuple[tuple[str, ...], int]] = {
    "antisymmetric": (("s",), 1),
    "clockwork": (("s",), 1),
    "elman": (("s",), 1),
    "feedforward": (("h",), 0),
    "gated": (("s",), 1),
    "gru": (("h",), 1),
    "gru-reset-before": (("h",), 2),
    "highway": (("s",), 2),
    "indrnn": (("s",), 0),
    "irnn": (("s",), 1),
    "lru": (("h", "u", "v"), 0),
    "lstm": (("h", "c"), 1),
    "lstm-1997": (("h", "c"), 1),
    "lstm-chrono": (("h", "c"), 1),
    "lstm-coupled": (("h", "c"), 1),
    "lstm-layernorm": (("h", "c"), 1),
    "lstm-peephole": (("h", "c"), 1),
    "mgu": (("h",), 2),
    "mingru": (("h",), 0),
    "minlstm": (("h",), 0),
    "mut1": (("h",), 2),
    "orthogonal": (("s",), 1),
    "reservoir": (("s",), 1),
    "slstm": (("h", "c", "n", "m"), 1),
    "sru": (("h", "c"), 0),
}


def point(name: str, seed: int = 0) -> tuple[Cell, dict[str, Array], Array]:
    """A cell with every learnt parameter away from 0, and an input (T, B, D), in float64."""
    cell, random = catalogue()[name], np.random.default_rng(seed)
    drawn = cell.initial_parameters(INPUTS, HIDDEN, seed=seed, length=STEPS, dtype="float64")
    moved = {
        key: array if key in cell.fixed else array + 0.3 * random.standard_normal(array.shape)
        for key, array in drawn.items()
    }
    return cell, moved, random.standard_normal((STEPS, BATCH, INPUTS))


def run(cell: Cell, parameters: Mapping[str, Array], x: Array, dtype: str = "float64") -> Any:
    program = get_backend("numpy").compile(cell, inputs=INPUTS, hidden=HIDDEN, dtype=dtype)
    return program, program.forward(parameters, x)


def test_the_catalogue_has_every_cell_of_the_list_in_alphabetical_order() -> None:
    assert list(catalogue()) == sorted(CELLS)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_has_the_states_and_the_stages_that_its_equations_need(name: str) -> None:
    cell = catalogue()[name]
    assert (cell.states, cell.plan.stages) == CELLS[name]


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    cell = catalogue()[name]
    assert cell.name == name
    assert cell.title != name
    assert cell.about.endswith(".")
    assert any(year in cell.source for year in map(str, range(1980, 2027)))


def test_no_two_cells_have_one_title() -> None:
    assert len({cell.title for cell in catalogue().values()}) == len(CELLS)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_passes_the_gradient_check(name: str) -> None:
    assert check_gradients(catalogue()[name], get_backend("numpy")).passed


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_fits_any_sizes(name: str) -> None:
    cell = catalogue()[name]
    for inputs, hidden in ((1, 1), (2, 7), (7, 2)):
        shapes = cell.shapes(inputs, hidden)
        drawn = cell.initial_parameters(inputs, hidden, seed=0, length=10)
        assert {key: array.shape for key, array in drawn.items()} == shapes
        assert all(np.isfinite(array).all() for array in drawn.values())


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_cell_has_the_values_of_its_paper_s_equations(name: str) -> None:
    cell, parameters, x = point(name)
    _, trace = run(cell, parameters, x)
    states = {state: np.zeros((BATCH, HIDDEN)) for state in cell.states}
    for t in range(STEPS):
        states = PUBLISHED[name](parameters, x[t], states, t)
        # sLSTM keeps c and n divided by exp(m), and the LRU adds 1e-6 below its root.
        scale = np.exp(trace["m"][t]) if name == "slstm" else 1.0
        for state, value in states.items():
            found = trace[state][t] * (scale if state in "cn" else 1.0)
            tolerance = 1e-4 if name == "lru" else 1e-12
            np.testing.assert_allclose(found, value, rtol=tolerance, atol=tolerance, err_msg=f"{state} at {t}")


def test_the_layer_norm_of_the_reference_is_torch_s() -> None:
    torch = pytest.importorskip("torch")
    values = np.random.default_rng(0).standard_normal((5, 8))
    expected = torch.nn.functional.layer_norm(torch.from_numpy(values), (8,), eps=1e-5).numpy()
    np.testing.assert_allclose(layer_norm(values), expected, rtol=1e-12)


def test_cells_that_differ_by_their_start_alone_have_the_same_equations() -> None:
    cells = catalogue()
    assert cells["orthogonal"].assignments == cells["elman"].assignments
    assert cells["lstm-chrono"].assignments == cells["lstm"].assignments


@pytest.mark.parametrize("size", [-200.0, 0.0, 200.0])
def test_the_stabiliser_keeps_the_slstm_finite_where_exponentials_would_overflow(size: float) -> None:
    cell, parameters, x = point("slstm")
    parameters = {name: array.astype("float32") for name, array in parameters.items()}
    parameters["b_i"] = np.full(HIDDEN, size, "float32")
    parameters["b_f"] = np.linspace(-200, 200, HIDDEN, dtype="float32")
    program, trace = run(cell, parameters, x.astype("float32"), "float32")
    gradients = program.backward(parameters, trace, {"h": np.ones((STEPS, BATCH, HIDDEN), "float32")})
    assert all(np.isfinite(trace[state]).all() for state in cell.states)
    assert all(np.isfinite(array).all() for array in gradients.parameters.values())
    assert (np.abs(trace["h"]) <= 1).all()


def test_the_normaliser_of_the_slstm_is_never_below_1_so_that_its_bound_does_not_act() -> None:
    for seed in range(5):
        cell, parameters, x = point("slstm", seed)
        _, trace = run(cell, parameters, 3 * x)
        assert trace["n"].min() >= 1.0
        np.testing.assert_allclose(trace["n"][0], 1.0)


def test_the_slstm_keeps_on_where_a_start_is_carried_over() -> None:
    cell, parameters, x = point("slstm")
    program, whole = run(cell, parameters, x)
    first = program.forward(parameters, x[:7])
    second = program.forward(parameters, x[7:], start={state: first[state][-1] for state in cell.states}, first_step=7)
    np.testing.assert_allclose(second["h"], whole["h"][7:], rtol=1e-12)


def test_a_memory_without_forget_gate_keeps_what_it_holds_while_its_input_gate_is_shut() -> None:
    cell, parameters, x = point("lstm-1997")
    program, _ = run(cell, parameters, x)
    parameters["b_i"] = np.full(HIDDEN, -1e3)
    held = np.full((BATCH, HIDDEN), 0.7)
    trace = program.forward(parameters, x, start={"h": np.zeros_like(held), "c": held})
    np.testing.assert_array_equal(trace["c"][-1], held)


def test_a_clockwork_unit_stands_still_between_its_ticks() -> None:
    cell, parameters, x = point("clockwork")
    _, trace = run(cell, parameters, x)
    for unit, period in enumerate(parameters["p"].astype(int)):
        moved = np.any(np.diff(trace["s"][:, :, unit], axis=0) != 0, axis=1)
        assert [t + 1 for t in np.flatnonzero(moved)] == list(range(period, STEPS, period))


def test_nothing_of_a_reservoir_but_its_read_out_learns() -> None:
    cell, parameters, x = point("reservoir")
    program, trace = run(cell, parameters, x)
    gradients = program.backward(parameters, trace, {"s": np.ones((STEPS, BATCH, HIDDEN))})
    assert set(cell.parameters) == cell.fixed
    assert dict(gradients.parameters) == {}


def test_a_reservoir_forgets_where_it_started() -> None:
    # The echo-state property: Jaeger 2001, spectral radius below 1.
    cell = catalogue()["reservoir"]
    parameters = cell.initial_parameters(INPUTS, HIDDEN, seed=0, dtype="float64")
    radius = np.abs(np.linalg.eigvals(parameters["W_ss"])).max()
    np.testing.assert_allclose(radius, 0.9)
    program = get_backend("numpy").compile(cell, inputs=INPUTS, hidden=HIDDEN, dtype="float64")
    x = np.random.default_rng(0).standard_normal((300, 1, INPUTS))
    low, high = (program.forward(parameters, x, start={"s": np.full((1, HIDDEN), at)})["s"][-1] for at in (-1.0, 1.0))
    np.testing.assert_allclose(low, high, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "parameter", "low", "high"),
    [
        ("lstm-1997", "b_i", -3, -3),
        ("lstm-coupled", "b_i", -1, -1),
        ("lstm-layernorm", "a_f", 1, 1),
        ("lstm-layernorm", "b_f", 1, 1),
        ("highway", "b_g1", -2, -2),
        ("highway", "b_g2", -2, -2),
        ("indrnn", "u", 0, 1),
        ("clockwork", "p", 1, 128),
    ],
)
def test_a_parameter_starts_where_its_paper_says(name: str, parameter: str, low: float, high: float) -> None:
    values = catalogue()[name].initial_parameters(INPUTS, 64, seed=0, length=STEPS, dtype="float64")[parameter]
    assert values.min() >= low
    assert values.max() <= high
    assert (low == high) or np.ptp(values) > 0.8 * (high - low)


def test_the_chrono_start_mirrors_the_forget_bias_in_the_input_bias() -> None:
    drawn = catalogue()["lstm-chrono"].initial_parameters(INPUTS, HIDDEN, seed=0, length=100)
    assert drawn["b_f"].min() >= 0
    assert drawn["b_f"].max() <= np.log(99)
    np.testing.assert_array_equal(drawn["b_i"], -drawn["b_f"])


def test_the_eigenvalues_of_the_lru_start_on_its_ring() -> None:
    drawn = catalogue()["lru"].initial_parameters(INPUTS, 500, seed=0, dtype="float64")
    radius, phase = np.exp(-np.exp(drawn["nu"])), np.exp(drawn["theta"])
    assert 0.9 <= radius.min() <= radius.max() <= 0.999
    assert 0 < phase.min() < 0.2
    assert 6.1 < phase.max() <= 2 * np.pi + 1e-4
