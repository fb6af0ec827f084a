"""The scale: symmetric about zero for states, from 0 to 1 for gates, calm from picture to picture."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from workbench.gui.plots.scale import MISSING, Scale, choose_scale
from workbench.gui.theme import DARK, LIGHT


@pytest.mark.parametrize(
    ("largest", "limit"), [(0.07, 0.1), (0.2, 0.2), (0.9, 1.0), (1.3, 2.0), (2.5, 5.0), (700, 1e3)]
)
def test_states_reach_to_the_next_round_number(largest: float, limit: float) -> None:
    scale = choose_scale(np.array([[-largest, largest / 2]]), None, is_state=True)
    assert scale.signed
    assert scale.limit == pytest.approx(limit)


def test_values_from_0_to_1_that_are_no_state_are_magnitudes() -> None:
    values = np.array([[0.1, 0.9]])
    assert choose_scale(values, None, is_state=False) == Scale(False, 1.0)
    assert choose_scale(values, None, is_state=True).signed


def test_a_value_that_was_seen_below_zero_stays_on_the_scale_of_both_signs() -> None:
    before = choose_scale(np.array([[-0.4, 0.9]]), None, is_state=False)
    assert choose_scale(np.array([[0.1, 0.9]]), before, is_state=False).signed


def test_the_reach_grows_at_once_but_does_not_go_back_and_forth_at_a_round_number() -> None:
    small, large = np.array([[-0.99]]), np.array([[1.01]])
    scale = choose_scale(large, choose_scale(small, None, is_state=True), is_state=True)
    assert scale.limit == 2.0
    assert choose_scale(small, scale, is_state=True).limit == 2.0
    assert choose_scale(np.array([[0.3]]), scale, is_state=True).limit == 0.5


def test_one_value_in_thousands_does_not_wash_out_all_others() -> None:
    values = np.full((100, 100), 0.5)
    values[3, 4] = 1e6
    assert choose_scale(values, None, is_state=True).limit == 0.5


def test_nothing_but_nan_has_a_scale_and_one_colour_of_its_own() -> None:
    values = np.full((2, 3), np.nan)
    scale = choose_scale(values, None, is_state=True)
    assert (scale.quantise(values) == MISSING).all()
    for colours in (LIGHT, DARK):
        table = scale.table(colours)
        assert not (table[1:] == table[MISSING]).all(axis=1).any()


@given(
    arrays.arrays(np.float32, (4, 5), elements=st.floats(allow_nan=False, width=32)),
    st.booleans(),
)
def test_entries_follow_the_order_and_the_sign_of_values(values: np.ndarray, signed: bool) -> None:
    entries = Scale(signed, 0.5).quantise(values)
    assert entries.flags.c_contiguous
    assert (np.diff(entries.ravel()[np.argsort(values, axis=None)].astype(int)) >= 0).all()
    assert (entries != MISSING).all()
    if signed:
        assert (entries[values == 0] == 128).all()
        assert (entries[values >= 0.5] == 255).all()
        assert (entries[values <= -0.5] == 1).all()


def test_zero_has_the_colour_of_the_panel_in_both_themes() -> None:
    for colours in (LIGHT, DARK):
        panel = [int(colours.panel[place : place + 2], 16) for place in (1, 3, 5)]
        assert np.abs(Scale(True, 1.0).table(colours)[128].astype(int) - panel).max() <= 4


def test_the_ends_are_said_as_numbers() -> None:
    assert Scale(True, 0.5).ends == ("−0.5", "0.5")
    assert Scale(False, 1.0).ends == ("0", "1")
