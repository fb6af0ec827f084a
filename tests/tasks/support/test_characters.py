from hypothesis import given
from hypothesis import strategies as st

from workbench.tasks.support.characters import UNKNOWN, Characters


@given(st.text(min_size=1))
def test_a_text_of_known_characters_comes_back(text: str) -> None:
    characters = Characters.of(text, most=1000)
    assert characters.decode(characters.encode(text)) == text


def test_unknown_characters_share_symbol_0() -> None:
    characters = Characters.of("ab", most=10)
    assert characters.encode("aéb漢").tolist() == [1, 0, 2, 0]
    assert characters.decode(characters.encode("é")) == UNKNOWN


def test_beyond_the_vocabulary_the_rarest_are_unknown() -> None:
    characters = Characters.of("aaabbc", most=3)
    assert characters.known == "ab"
    assert characters.size == 3


def test_names_make_white_space_visible() -> None:
    assert Characters.of(" \n\ta", most=10).names == (UNKNOWN, "⇥", "⏎", "␣", "a")


def test_an_empty_text_has_no_symbols() -> None:
    assert Characters.of("a", most=10).encode("").tolist() == []
