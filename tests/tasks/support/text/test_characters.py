import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.tasks.support.text.characters import UNKNOWN, CharacterNumbers, Characters


def known(text: str, most: int = 1000) -> Characters:
    """Return the most frequent characters of a text, read in two pieces."""
    numbers = CharacterNumbers()
    half = len(text) // 2
    found = np.concatenate([numbers.number(text[:half]), numbers.number(text[half:])])
    return numbers.choose(np.bincount(found, minlength=len(numbers)), most)[0]


@settings(deadline=None)
@given(st.text(min_size=1))
def test_a_text_of_known_characters_comes_back(text: str) -> None:
    characters = known(text)
    assert characters.decode(characters.encode(text)) == text


@settings(deadline=None)
@given(st.text(min_size=1), st.integers(2, 6))
def test_each_number_becomes_the_symbol_of_its_character(text: str, most: int) -> None:
    numbers = CharacterNumbers()
    found = numbers.number(text)
    characters, symbol_of = numbers.choose(np.bincount(found, minlength=len(numbers)), most)
    assert symbol_of[found].tolist() == characters.encode(text).tolist()
    assert characters.size <= most


def test_unknown_characters_share_symbol_0() -> None:
    characters = known("ab")
    assert characters.encode("aéb漢").tolist() == [1, 0, 2, 0]
    assert characters.decode(characters.encode("é")) == UNKNOWN


def test_beyond_the_vocabulary_the_rarest_are_unknown() -> None:
    characters = known("aaabbc", most=3)
    assert characters.known == "ab"
    assert characters.size == 3


def test_names_make_white_space_visible() -> None:
    assert known(" \n\ta").names == (UNKNOWN, "⇥", "⏎", "␣", "a")


def test_an_empty_text_has_no_symbols() -> None:
    assert known("a").encode("").tolist() == []


def test_characters_beyond_the_first_65535_different_ones_are_unknown() -> None:
    text = "".join(chr(point) for point in range(70_000) if not 0xD800 <= point < 0xE000)
    numbers = CharacterNumbers()
    found = numbers.number(text)
    assert found[:65_535].tolist() == list(range(1, 65_536))
    assert not found[65_535:].any()
