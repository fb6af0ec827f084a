from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.support.grammars.automata import Automaton, Walks

COIN = Automaton.of({"on": {"a": "on", "b": "end"}}, "ab")
"""b after any number of a: n symbols with chance 1 / 2^n."""
TWO_WAYS = Automaton.of({"start": {"a": "once", "b": "twice"}, "once": {"b": "end"}, "twice": {"a": "once"}}, "ab")
"""The strings ab and bab, each with chance 1/2."""


def test_states_are_numbered_in_order_and_the_end_comes_last() -> None:
    assert TWO_WAYS.following.tolist() == [[1, 2], [-1, 3], [1, -1], [3, -1]]
    assert TWO_WAYS.end == 3


def test_reading_a_string_gives_the_state_after_each_symbol_and_padding_stays_at_the_end() -> None:
    strings = np.array([[0, 1], [1, 0], [0, 1]])
    assert TWO_WAYS.read(strings).T.tolist() == [[1, 3, 3], [2, 1, 3]]


def test_a_walk_of_chosen_lengths_has_the_chances_of_a_free_one_among_them() -> None:
    """Of 2, 3 and 4 symbols: 1/4, 1/8 and 1/16, that is 4/7, 2/7 and 1/7."""
    walks = Walks(COIN, 2, 4)
    assert walks.visits[:, 0] == pytest.approx([1, 1, 3 / 7, 1 / 7])
    assert walks.chances[:, 0, 1] == pytest.approx([0, 4 / 7, 2 / 3, 1])
    assert walks.length == pytest.approx((2 * 4 + 3 * 2 + 4) / 7)
    assert walks.nats == pytest.approx(-(4 * log(4 / 7) + 2 * log(2 / 7) + log(1 / 7)) / 7)


def test_pairs_count_each_symbol_its_state_and_the_next_symbol() -> None:
    pairs = Walks(TWO_WAYS, 2, 3).pairs
    expected = np.zeros((2, 4, 2))
    expected[0, 1, 1] = 1.0  # ab, in both strings
    expected[1, 2, 0] = 0.5  # ba, in one of them
    assert pairs == pytest.approx(expected)


def test_a_length_that_no_walk_has_is_refused() -> None:
    with pytest.raises(ValueError, match="No walk of this automaton has 4 to 9 symbols"):
        Walks(TWO_WAYS, 4, 9)


@given(shortest=st.integers(1, 12), beyond=st.integers(0, 12), seed=st.integers(0, 2**32))
def test_drawn_strings_keep_to_the_lengths_and_are_padded_with_symbol_0(shortest: int, beyond: int, seed: int) -> None:
    strings, lengths = Walks(COIN, shortest, shortest + beyond).draw(np.random.default_rng(seed), 20)
    assert strings.shape == (shortest + beyond, 20)
    assert lengths.min() >= shortest
    assert lengths.max() <= shortest + beyond
    # The one b stands at the end of the string.
    assert (strings.sum(axis=0) == 1).all()
    assert (strings.argmax(axis=0) == lengths - 1).all()


def test_drawn_strings_have_their_chances() -> None:
    _, lengths = Walks(COIN, 2, 4).draw(np.random.default_rng(0), 70_000)
    # Standard errors below 0.002.
    assert np.bincount(lengths)[2:] / 70_000 == pytest.approx([4 / 7, 2 / 7, 1 / 7], abs=0.008)
