import numpy as np
import pytest

from workbench.tasks.support.text.words import UNKNOWN, WordNumbers, Words, join_words, split_text, split_words


def chosen(words: str, most: int = 100) -> Words:
    """Return the most frequent of some words."""
    numbers = WordNumbers()
    return numbers.choose(np.bincount(numbers.number(words.split()), minlength=len(numbers)), most)[0]


def test_words_are_lower_case_and_marks_are_words() -> None:
    assert split_words("Isn't it GOOD, really?") == ("isn't", "it", "good", ",", "really", "?")


def test_line_ends_of_a_text_are_words() -> None:
    assert split_text("One two\n\nthree") == ["one", "two", "\n", "\n", "three"]


def test_words_are_numbered_as_they_come() -> None:
    numbers = WordNumbers()
    assert numbers.number(["b", "a", "b"]).tolist() == [0, 1, 0]
    assert numbers.number(["c", "a"]).tolist() == [2, 1]
    assert numbers.names == ("b", "a", "c")


def test_the_known_words_are_in_alphabetical_order() -> None:
    assert chosen("b a a").names == (UNKNOWN, "a", "b")
    assert chosen("b a a").encode("a z B").tolist() == [1, 0, 2]


def test_beyond_the_vocabulary_the_rarest_are_unknown() -> None:
    assert chosen("a a b c c", most=3).known == ("a", "c")


def test_a_word_that_was_not_counted_is_unknown() -> None:
    numbers = WordNumbers()
    numbers.number(["a", "b"])
    words, symbol_of = numbers.choose(np.array([0, 3]), 10)
    assert (words.known, symbol_of.tolist()) == (("b",), [0, 1])


@pytest.mark.parametrize("text", ["it isn't (really) so, is it?", "one.\n\ntwo: “three”", "50% of them!"])
def test_words_are_joined_as_they_stood(text: str) -> None:
    assert join_words(split_text(text)) == text


def test_a_line_end_has_a_visible_name() -> None:
    numbers = WordNumbers()
    numbers.number(["\n"])
    assert numbers.choose(np.array([1]), 10)[0].names == (UNKNOWN, "⏎")
