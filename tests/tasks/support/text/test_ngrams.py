from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.support.text.ngrams import ngram_probabilities

texts = st.lists(st.integers(0, 3), min_size=1, max_size=30)


def by_the_formula(text: list[int], counted: int, vocabulary: int, n: int, place: int) -> float:
    """The docstring's recursion with dictionaries; before the text stands -1."""
    if n == 0:
        return 1 / vocabulary
    padded = [-1] * (n - 1) + text
    grams = Counter(tuple(padded[i : i + n]) for i in range(counted))
    gram = tuple(padded[place : place + n])
    after = {seen[-1]: times for seen, times in grams.items() if seen[:-1] == gram[:-1]}
    shorter = by_the_formula(text, counted, vocabulary, n - 1, place)
    if not after:
        return shorter
    return (after.get(gram[-1], 0) + len(after) * shorter) / (sum(after.values()) + len(after))


@given(known=texts, new=texts)
def test_probabilities_follow_the_formula(known: list[int], new: list[int]) -> None:
    text = known + new
    found = list(ngram_probabilities(np.array(text), len(known), vocabulary=4, order=3))
    for n, probabilities in enumerate(found, start=1):
        places = range(len(known), len(text))
        expected = [by_the_formula(text, len(known), 4, n, place) for place in places]
        assert probabilities == pytest.approx(expected)


@given(known=texts, context=texts)
def test_the_probabilities_of_all_next_symbols_sum_to_one(known: list[int], context: list[int]) -> None:
    def last(symbol: int) -> list[float]:
        text = np.array([*known, *context, symbol])
        return [float(p[-1]) for p in ngram_probabilities(text, len(known), vocabulary=4, order=4)]

    assert np.sum([last(symbol) for symbol in range(4)], axis=0) == pytest.approx([1] * 4)


def test_a_unigram_mixes_counts_with_an_even_guess() -> None:
    """abab over {a, b, c}: (2 + 2/3) / (4 + 2) for a, (0 + 2/3) / 6 for the unseen c."""
    (unigram,) = ngram_probabilities(np.array([0, 1, 0, 1, 0, 2]), 4, vocabulary=3, order=1)
    assert unigram == pytest.approx([(2 + 2 / 3) / 6, (2 / 3) / 6])


def test_a_long_context_over_many_symbols_does_not_overflow() -> None:
    text = np.random.default_rng(0).integers(0, 10_000, 5000)
    for probabilities in ngram_probabilities(text, 4000, vocabulary=10_000, order=8):
        assert ((probabilities > 0) & (probabilities < 1)).all()
