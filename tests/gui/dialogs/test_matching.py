"""What is typed finds commands: prefixes before word starts before letters in order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.gui.dialogs.matching import Kind, fit, ranked


@pytest.mark.parametrize(
    ("typed", "kind", "places"),
    [
        ("", Kind.PREFIX, ()),
        ("CO", Kind.PREFIX, (0, 1)),
        ("copy fi", Kind.PREFIX, (0, 1, 2, 3, 4, 5, 6)),
        ("cf", Kind.WORD_STARTS, (0, 5)),
        ("co fi", Kind.WORD_STARTS, (0, 1, 5, 6)),
        ("fig", Kind.WORD_STARTS, (5, 6, 7)),
        ("figure copy", Kind.OTHER_WORDS, ()),
        ("edit clip", Kind.OTHER_WORDS, ()),
        ("pyf", Kind.SUBSEQUENCE, (2, 3, 5)),
        ("clpbrd", Kind.IN_A_WORD, ()),
    ],
)
def test_a_text_fits_in_the_best_way_it_can(typed: str, kind: Kind, places: tuple[int, ...]) -> None:
    found = fit(typed, "Copy figure", "Edit clipboard picture")
    assert found is not None
    assert (found.kind, found.places) == (kind, places)


def test_letters_in_the_wrong_order_do_not_fit() -> None:
    assert fit("ypoc", "Copy figure", "Edit clipboard picture") is None


def test_letters_spread_over_several_other_words_do_not_fit() -> None:
    assert fit("xqec", "Copy figure", "Edit clipboard picture") is None


def test_a_letter_that_follows_no_start_is_no_word_start() -> None:
    found = fit("op", "Copy figure")
    assert found is not None
    assert found.kind == Kind.SUBSEQUENCE


def test_better_fits_come_first_and_equal_ones_keep_their_order() -> None:
    titles = ["Last stop", "Earlier snapshot", "Sort by loss", "Stop", "Open", "Stop all"]
    assert [title for title, _ in ranked("st", titles, lambda title: (title, ""))] == [
        "Stop",
        "Stop all",
        "Last stop",
        "Earlier snapshot",
        "Sort by loss",
    ]


def test_of_two_places_the_tighter_one_is_taken() -> None:
    found = fit("ot", "axoxxtbxot")
    assert found is not None
    assert found.places == (8, 9)


@given(st.text("abcd ", min_size=1, max_size=12), st.data())
def test_any_letters_of_a_title_in_order_fit_it_and_stand_where_it_says(title: str, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(title), max_size=len(title)))
    letters = "".join(letter for letter, keep in zip(title, kept, strict=True) if keep).replace(" ", "")
    found = fit(letters, title)
    assert found is not None
    assert found.kind == Kind.OTHER_WORDS or "".join(title[place] for place in found.places) == letters
