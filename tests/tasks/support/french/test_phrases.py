import re
from functools import cache
from itertools import islice

import numpy as np

from workbench.tasks.support.french.phrases import draw_phrases

VOWEL = "[aeiouâàéèêîôœ]|h(?!ibou)"
ENDINGS = {"nous": r"\w+ons|sommes", "vous": r"\w+ez|êtes", "ils": r"\w+nt"}


@cache
def pairs() -> list[tuple[str, str]]:
    return list(islice(draw_phrases(np.random.default_rng(0)), 30_000))


def test_a_phrase_has_one_french() -> None:
    french: dict[str, str] = {}
    for english, translated in pairs():
        assert french.setdefault(english, translated) == translated


def test_there_are_enough_different_phrases_of_three_to_ten_words() -> None:
    different = {english for english, _ in pairs()}
    assert len(different) > 25_000
    assert {len(english.split()) for english in different} == set(range(3, 11))


def test_no_vowel_follows_a_word_that_is_elided() -> None:
    for _, french in pairs():
        assert not re.search(rf"\b(le|la|de|ne|je|me) ({VOWEL})", french), french
        assert not re.search(rf"'(?!{VOWEL})", french), french


def test_no_words_stand_apart_that_are_contracted() -> None:
    for _, french in pairs():
        assert not re.search(r"\b(à les?|de les) ", french), french
        assert not re.search(r"\bde le (?!s)", french), french


def test_what_is_denied_in_english_is_denied_in_french() -> None:
    for english, french in pairs():
        denied = bool(re.search(r"\b(not|cannot)\b", english))
        assert denied == bool(re.search(r"\bn(e |')", french)) == (" pas " in f"{french} "), (english, french)


def test_nothing_indefinite_follows_a_negation() -> None:
    for english, french in pairs():
        if " pas " in french and not re.search(r"\b(in|behind|near|of|to a|from)\b", english):
            assert not re.search(r" pas (\w+ )?(un|une|des) ", french), french


def test_verbs_agree_with_pronouns() -> None:
    for _, french in pairs():
        subject, _, rest = french.partition(" ")
        if subject in ENDINGS:
            verb = re.match(r"(?:ne |n')?(?:(?:nous|vous|les|le|la|me) |[lm]')?(\w+)", rest)
            assert verb
            assert re.fullmatch(ENDINGS[subject], verb[1]), french


def test_participles_agree_with_the_pronoun_before_them() -> None:
    for english, french in pairs():
        if found := re.search(r"(les|l') ?(?:ai|a|avons|avez|ont) (?:pas )?(\w+)$", french):
            ending = "s" if found[1] == "les" else "e" if english.endswith(" her") else ""
            assert re.fullmatch(rf"\w+[éu]{ending}", found[2]), (english, french)


def test_participles_with_etre_agree_with_the_subject() -> None:
    for _, french in pairs():
        for subject, ending in (("elle", "e"), ("il", ""), ("ils", "s")):
            if found := re.match(rf"{subject} (?:n'|ne )?(?:est|sont) (?:pas )?((?:all|ven)\w+)", french):
                assert re.fullmatch(rf"(allé|venu){ending}", found[1]), french


def test_no_one_does_something_with_himself_in_the_first_or_second_person() -> None:
    for english, _ in pairs():
        first, *_, last = english.split()
        assert (first, last) not in {(own, other) for own in ("i", "we") for other in ("me", "us")} | {("you", "you")}


def test_phrases_are_drawn_from_the_random_numbers_alone() -> None:
    one, again, other = (list(islice(draw_phrases(np.random.default_rng(seed)), 20)) for seed in (1, 1, 2))
    assert one == again != other
