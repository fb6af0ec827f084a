"""Names of layers: parted from what they name, put in words, in order."""

import pytest

from workbench.figures.layers import direction_of, layer_mark, layer_of, layer_words, number_of, place_of, split_layer


@pytest.mark.parametrize(
    ("name", "layer", "rest"),
    [
        ("1.h", "1", "h"),
        ("12r.W_fh", "12r", "W_fh"),
        ("encoder.1.W_fh", "encoder.1", "W_fh"),
        ("encoder.2r.b", "encoder.2r", "b"),
        ("readout.W", "", "readout.W"),
        ("attention.W", "", "attention.W"),
        ("embedding.E", "", "embedding.E"),
    ],
)
def test_a_name_is_parted_into_its_layer_and_the_rest(name: str, layer: str, rest: str) -> None:
    assert split_layer(name) == (layer, rest)


def test_a_layer_is_put_in_words() -> None:
    assert layer_words("1") == "layer 1"
    assert layer_words("2r") == "layer 2, from the end"
    assert layer_words("encoder.1r") == "encoder's layer 1, from the end"
    assert [layer_mark(layer) for layer in ("1", "2r")] == ["1", "2←"]


def test_an_encoders_layers_come_first_each_before_the_one_from_the_end() -> None:
    layers = ["10", "2r", "encoder.2", "1", "encoder.1r", "2", "encoder.1"]
    assert sorted(layers, key=place_of) == ["encoder.1", "encoder.1r", "encoder.2", "1", "2", "2r", "10"]


@pytest.mark.parametrize("number", [1, 3, 12])
def test_a_layers_name_says_its_number_and_direction(number: int) -> None:
    for direction in ("forward", "backward"):
        layer = layer_of(number, direction)
        assert (number_of(layer), direction_of(layer)) == (number, direction)
