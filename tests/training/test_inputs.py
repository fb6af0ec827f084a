"""Windows, one-hot indices and embeddings."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.backends import get_backend
from workbench.training.inputs import EmbeddedInputs, Encoding, OneHotInputs, RealInputs

BACKEND = get_backend("numpy")


def test_a_window_of_numbers_shows_the_newest_first_and_zeros_before_the_start() -> None:
    inputs = np.array([[[1.0, 10.0]], [[2.0, 20.0]], [[3.0, 30.0]]])
    encoded = RealInputs(BACKEND, 2, 3, "float64").encode(inputs, None)
    expected = [[1, 10, 0, 0, 0, 0], [2, 20, 1, 10, 0, 0], [3, 30, 2, 20, 1, 10]]
    np.testing.assert_array_equal(encoded.x[:, 0], expected)


def test_a_window_of_symbols_gives_each_lag_its_own_units_and_none_before_the_start() -> None:
    encoded = OneHotInputs(BACKEND, 5, 2, "float64").encode(np.array([[4], [0], [3]]), None)
    np.testing.assert_array_equal(encoded.x[:, 0], [[4, -1], [0, 5 + 4], [3, 5 + 0]])


def test_a_window_of_embedded_symbols_lays_their_vectors_side_by_side() -> None:
    table = np.array([[1.0, 2.0], [3.0, 4.0]])
    encoded = EmbeddedInputs(BACKEND, table, 2, "float64").encode(np.array([[1], [0]]), None)
    np.testing.assert_array_equal(encoded.x[:, 0], [[3, 4, 0, 0], [1, 2, 3, 4]])


def encodings(window: int) -> list[tuple[Encoding, tuple[int, ...]]]:
    table = np.random.default_rng(0).normal(size=(5, 3))
    return [
        (RealInputs(BACKEND, 2, window, "float64"), (11, 2, 2)),
        (OneHotInputs(BACKEND, 5, window, "float64"), (11, 2)),
        (EmbeddedInputs(BACKEND, table, window, "float64"), (11, 2)),
    ]


@given(window=st.integers(1, 5), cut=st.integers(1, 10), kind=st.integers(0, 2))
def test_a_stream_cut_in_two_sees_the_windows_of_a_whole_one(window: int, cut: int, kind: int) -> None:
    encoding, shape = encodings(window)[kind]
    inputs = np.random.default_rng(1).integers(0, 5, shape)
    whole = encoding.encode(inputs, None).x
    first = encoding.encode(inputs[:cut], None)
    second = encoding.encode(inputs[cut:], encoding.recent(first))
    np.testing.assert_array_equal(np.concatenate([first.x, second.x]), whole)


@given(indices=st.lists(st.integers(0, 6), min_size=1, max_size=40))
def test_rows_are_added_as_numpy_adds_them(indices: list[int]) -> None:
    rows = np.random.default_rng(2).normal(size=(len(indices), 3))
    table, expected = np.ones((7, 3)), np.ones((7, 3))
    BACKEND.add_rows(table, np.array(indices), rows)
    np.add.at(expected, indices, rows)
    np.testing.assert_allclose(table, expected, rtol=1e-12)


@pytest.mark.parametrize("window", [1, 2, 4])
def test_width_is_the_number_of_units_the_first_layer_sees(window: int) -> None:
    assert [encoding.width for encoding, _ in encodings(window)] == [2 * window, 5 * window, 3 * window]
