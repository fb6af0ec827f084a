"""Wrong pieces of an answer: words or letters, and what was left out."""

import pytest

from workbench.gui.panels.prediction_list.differences import MISSING, Part, agreeing_parts, parts_of


@pytest.mark.parametrize(
    ("answer", "target", "parts"),
    [
        ("le chat noir", "le chat noir", (("le chat noir", False),)),
        ("le chien noir", "le chat noir", (("le ", False), ("chien ", True), ("noir", False))),
        ("le noir", "le chat noir", (("le ", False), (f"{MISSING} ", True), ("noir", False))),
        ("le chat noir noir", "le chat noir", (("le chat noir ", False), ("noir", True))),
        ("912", "913", (("91", False), ("2", True))),
        ("", "ab", ((MISSING, True),)),
    ],
)
def test_pieces_that_are_not_in_the_target_are_wrong(answer: str, target: str, parts: tuple[Part, ...]) -> None:
    assert parts_of(answer, target) == parts


@pytest.mark.parametrize(
    ("answer", "target", "parts"),
    [
        ("TBXVE", "TBXVE", (("TBXVE", False),)),
        ("TBVVP", "TBXVE", (("TB", False), ("V", True), ("V", False), ("P", True))),
        ("TBX", "TB", (("TB", False), ("X", True))),
    ],
)
def test_letters_that_stand_elsewhere_in_the_target_differ(answer: str, target: str, parts: tuple[Part, ...]) -> None:
    assert agreeing_parts(answer, target) == parts
