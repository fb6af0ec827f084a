"""A text read in pieces is the text read at once."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.tasks.support.text import corpus
from workbench.tasks.support.text.corpus import Level, read_corpus
from workbench.tasks.support.text.words import Words, split_text

TEXT = "It was the best of times, it was the worst of times;\n" * 20


@pytest.mark.parametrize("level", ["character", "word"])
@settings(deadline=None)
@given(cuts=st.lists(st.integers(0, len(TEXT)), max_size=10))
def test_the_symbols_do_not_depend_on_where_pieces_are_cut(level: Level, cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(TEXT)]
    pieces = [TEXT[start:end] for start, end in pairwise(places)]
    whole, cut = (read_corpus(given, level, 20, 0.1) for given in ([TEXT], pieces))
    assert np.array_equal(whole.training, cut.training)
    assert np.array_equal(whole.held_out, cut.held_out)
    assert (whole.alphabet, whole.characters) == (cut.alphabet, cut.characters)


def test_the_last_share_is_held_out() -> None:
    found = read_corpus(["a" * 90 + "b" * 10], "character", 10, 0.1)
    assert found.alphabet.known == "a"
    assert found.training.tolist() == [1] * 90
    assert found.held_out.tolist() == [0] * 10


def test_no_more_is_held_out_than_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "HELD_OUT_MOST", 7)
    assert len(read_corpus([TEXT], "character", 50, 0.5).held_out) == 7


def test_a_small_alphabet_takes_one_byte_a_symbol() -> None:
    assert read_corpus([TEXT], "character", 50, 0.1).training.dtype == np.uint8
    many = "".join(map(chr, range(256, 1000)))
    assert read_corpus([many], "character", 1000, 0.1).training.dtype == np.uint16


def test_words_come_back_as_text() -> None:
    found = read_corpus([TEXT], "word", 50, 0.1)
    assert found.alphabet.decode(np.concatenate([found.training, found.held_out])) == TEXT.lower()


@pytest.mark.parametrize("most", [10, 500_000])
def test_a_held_out_word_has_the_characters_from_the_last_training_word_on(
    monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(corpus, "HELD_OUT_MOST", most)
    pieces = ["aaa bb\n"] * 20 + ["cc dddd\n"] * 20
    found = read_corpus(pieces, "word", 50, 0.2)
    words = len(found.held_out)
    assert words == min(24, most)
    text = "".join(pieces)
    kept = len(split_text(text)) - words
    before = len("aaa bb\n") * 20 + len("cc dddd\n") * ((kept - 60) // 3)
    inside = {0: 0, 1: 2, 2: 7}[(kept - 60) % 3]
    assert found.characters == pytest.approx((len(text) - before - inside) / words)


def test_a_text_without_spaces_is_not_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "_AT_ONCE", 5)
    found = read_corpus(["abc"] * 10, "word", 50, 0.1)
    assert isinstance(found.alphabet, Words)
    assert len(found) > 1
