"""The network's parameters, sizes and single steps."""

import numpy as np
import pytest

from tests.training.support import generator, make_network, symbols
from workbench.backends import get_backend
from workbench.cells import Cell, CellError
from workbench.tasks import Real
from workbench.training.errors import TrainingError
from workbench.training.initialization import Architecture
from workbench.training.network import Network


def test_parameters_are_named_by_layer_and_lie_in_one_flat_array() -> None:
    network = make_network(symbols(6), 4, "cross-entropy", "every", cell="elman", layers=2, embedding=3, hidden=5)
    shapes = {name: view.shape for name, view in network.parameters.items()}
    assert shapes == {
        "embedding.E": (6, 3),
        "1.W_ss": (5, 5),
        "1.W_sx": (5, 3),
        "1.b_s": (5,),
        "2.W_ss": (5, 5),
        "2.W_sx": (5, 5),
        "2.b_s": (5,),
        "readout.W": (4, 5),
        "readout.b": (4,),
    }
    network.trained.flat.fill(7.0)
    assert all((view == 7.0).all() for view in network.parameters.values())


def test_layers_start_differently_and_the_same_seed_starts_the_same() -> None:
    one, same, other = (
        make_network(Real(5), 1, "squared-error", "last", cell="elman", layers=2, seed=seed) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one.trained.flat, same.trained.flat)
    assert not np.array_equal(one.trained.flat, other.trained.flat)
    assert not np.array_equal(one.parameters["1.W_ss"], one.parameters["2.W_ss"])


def test_fixed_parameters_are_not_among_the_trained() -> None:
    cell = Cell.from_equations("h = tanh(W_hh @ h + W_hx @ x)", states=["h"], fixed=["W_hh"])
    architecture = Architecture(cell, Real(2), 1, "last", "squared-error", hidden=4)
    network = Network(get_backend("numpy"), architecture)
    assert "1.W_hh" not in network.trained.views
    assert network.parameters["1.W_hh"] is network.fixed.views["1.W_hh"]
    assert np.abs(network.parameters["1.W_hh"]).max() > 0


@pytest.mark.parametrize("layers", [0, 9])
def test_a_number_of_layers_out_of_range_is_refused(layers: int) -> None:
    with pytest.raises(TrainingError, match="1 to 8 layers"):
        make_network(Real(2), 1, "squared-error", "last", layers=layers)


@pytest.mark.parametrize("setting", ["hidden", "window"])
def test_a_size_of_zero_is_refused_by_name(setting: str) -> None:
    with pytest.raises(TrainingError, match=f"{setting} is 0"):
        make_network(Real(2), 1, "squared-error", "last", **{setting: 0})  # type: ignore[arg-type]


def test_numbers_cannot_be_embedded() -> None:
    with pytest.raises(TrainingError, match="embedding = 0"):
        make_network(Real(2), 1, "squared-error", "last", embedding=3)


def test_a_cell_that_adds_its_input_needs_as_many_units_as_inputs() -> None:
    cell = Cell.from_equations("h = tanh(W_hh @ h + x)", states=["h"])
    with pytest.raises(CellError):
        Network(get_backend("numpy"), Architecture(cell, Real(2), 1, "last", "squared-error", hidden=4))


@pytest.mark.parametrize("window", [1, 3])
def test_single_steps_give_what_a_whole_pass_gives(window: int) -> None:
    network = make_network(symbols(6), 4, "cross-entropy", "every", layers=2, window=window)
    inputs = generator(0).integers(0, 6, (7, 2))
    whole = network.read(network.forward(inputs).top.reshape(-1, 5)).reshape(7, 2, 4)
    carried = None
    for t in range(7):
        outputs, carried = network.step(inputs[t], carried)
        np.testing.assert_allclose(outputs, whole[t], rtol=1e-12)


def test_assigning_another_networks_parameters_is_refused_with_the_shapes() -> None:
    network = make_network(Real(2), 1, "squared-error", "last")
    other = make_network(Real(3), 1, "squared-error", "last")
    with pytest.raises(TrainingError, match=r"1\.W_fx has shape \(5, 3\).*needs \(5, 2\)"):
        network.assign(other.parameters)
