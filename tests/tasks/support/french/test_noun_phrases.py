import re
from collections.abc import Iterator

import pytest

from workbench.tasks.support.french import noun_phrases as phrases
from workbench.tasks.support.french import words
from workbench.tasks.support.french.noun_phrases import Determiner, NounPhrase, both, noun_phrase, of_person
from workbench.tasks.support.french.spelling import spell
from workbench.tasks.support.french.words import Adjective, Noun

NOUNS = {
    noun.english: noun
    for noun in (*words.PERSONS, *words.ANIMALS, *words.THINGS, *words.SIGHTS, words.HOUSE, words.GARDEN, words.MARKET)
}
DETERMINERS = [each for each in vars(phrases).values() if isinstance(each, Determiner)]
FEMININE = set(
    "fille femme sœur actrice vache pomme voiture maison école église".split()  # noqa: SIM905 - a list
)
VOWEL = "(?:[aeiouâàéèêîôœ]|h(?!ibou))"
MASCULINE_ALONE = {"un", "le", "ce", "cet", "petit", "vieux", "vieil", "beau", "bel", "nouveau", "nouvel", "bon"}
FEMININE_ALONE = {"une", "la", "cette", "ma", "sa", "petite", "vieille", "belle", "nouvelle", "bonne"}
MASCULINE_AFTER = {"noir", "blanc", "vert", "heureux", "intelligent", "fatigué"}
FEMININE_AFTER = {"noire", "blanche", "verte", "heureuse", "intelligente", "fatiguée"}
PLURAL_FORMS = {"les", "ces", "mes", "ses", "nos", "vos", "des", "deux", "trois"}


def every_phrase() -> Iterator[tuple[Noun, Adjective | None, bool, NounPhrase]]:
    for noun in NOUNS.values():
        for adjective in (None, *noun.adjectives):
            for determiner in DETERMINERS:
                for plural in (False, True):
                    if determiner.several if plural else determiner.one:
                        yield noun, adjective, plural, noun_phrase(determiner, noun, adjective, plural=plural)


@pytest.mark.parametrize(
    ("determiner", "adjective", "noun", "plural", "english", "french"),
    [
        (phrases.A, words.OLD, "hotel", False, "an old hotel", "un vieil hôtel"),
        (phrases.THE, words.OLD, "man", False, "the old man", "le vieil homme"),
        (phrases.THE, None, "man", False, "the man", "l'homme"),
        (phrases.THIS, None, "hotel", False, "this hotel", "cet hôtel"),
        (phrases.THIS, words.LITTLE, "hotel", False, "this little hotel", "ce petit hôtel"),
        (phrases.MY, None, "school", False, "my school", "mon école"),
        (phrases.MY, words.OLD, "school", False, "my old school", "ma vieille école"),
        (phrases.HER, None, "school", False, "her school", "son école"),
        (phrases.THE, words.WHITE, "church", True, "the white churches", "les églises blanches"),
        (phrases.A, words.OLD, "horse", True, "some old horses", "de vieux chevaux"),
        (phrases.A, words.BLACK, "horse", True, "some black horses", "des chevaux noirs"),
        (phrases.NO, words.GREEN, "apple", True, "any green apples", "de pommes vertes"),
        (phrases.NO, None, "egg", False, "an egg", "d'œuf"),
        (phrases.A, words.BEAUTIFUL, "bird", False, "a beautiful bird", "un bel oiseau"),
        (phrases.THE, words.BEAUTIFUL, "bird", True, "the beautiful birds", "les beaux oiseaux"),
        (phrases.THE, None, "owl", False, "the owl", "le hibou"),
        (phrases.THIS, words.OLD, "owl", False, "this old owl", "ce vieux hibou"),
        (phrases.YOUR, words.NEW, "friend", False, "your new friend", "votre nouvel ami"),
        (phrases.TWO, words.RED, "hat", True, "two red hats", "deux chapeaux rouges"),
    ],
)
def test_a_phrase_is_as_a_teacher_would_write_it(
    determiner: Determiner, adjective: Adjective | None, noun: str, plural: bool, english: str, french: str
) -> None:
    phrase = noun_phrase(determiner, NOUNS[noun], adjective, plural=plural)
    assert (" ".join(phrase.english), spell(phrase.french)) == (english, french)


def test_every_phrase_elides_before_a_vowel_and_only_there() -> None:
    for *_, phrase in every_phrase():
        text = spell(("de", *phrase.french)) + " " + spell(phrase.french)
        assert not re.search(rf"\b(le|la|de|ce|ma|sa|beau|nouveau) {VOWEL}", text), text
        assert not re.search(rf"([ld]'|\b(cet|bel|vieil|nouvel) )(?!{VOWEL})", text), text
        assert not re.search(rf"\bvieux {VOWEL}\w*(?<![sx])(?= |$)", text), text


def test_every_word_of_every_phrase_agrees_with_its_noun() -> None:
    for noun, adjective, plural, phrase in every_phrase():
        feminine = noun.french in FEMININE
        assert (phrase.gender, phrase.plural) == ("f" if feminine else "m", plural)
        own = set(phrase.french) - {noun.french}
        if plural:
            assert noun.french_plural in phrase.french
            assert phrase.french[0] in PLURAL_FORMS | {"de"}
            assert all(word[-1] in "sx" for word in own - {"de", "trois", "deux"})
            assert adjective is None or own & {adjective.agreeing("f" if feminine else "m", True)}
        else:
            wrong = MASCULINE_ALONE | MASCULINE_AFTER if feminine else FEMININE_ALONE | FEMININE_AFTER
            assert not own & wrong, phrase
            assert not own & PLURAL_FORMS or phrase.french[0] in {"deux", "trois"}


def test_adjectives_of_age_size_and_beauty_stand_before_their_noun_and_others_after() -> None:
    before = {"little", "old", "beautiful", "new", "young", "good"}
    for noun, adjective, plural, phrase in every_phrase():
        if adjective:
            stands = phrase.french.index(noun.french_plural if plural else noun.french)
            assert (stands == 2) == (adjective.english in before)


def test_some_is_des_but_de_before_an_adjective() -> None:
    for noun in NOUNS.values():
        for adjective in (None, *noun.adjectives):
            french = noun_phrase(phrases.A, noun, adjective, plural=True).french
            assert french[0] == ("de" if adjective and adjective.precedes else "des")


def test_what_belongs_to_a_person_changes_its_place() -> None:
    owner = noun_phrase(phrases.THE, NOUNS["teacher"], None, plural=False)
    phrase = of_person(NOUNS["cat"], words.LITTLE, owner, plural=True)
    assert (" ".join(phrase.english), spell(phrase.french)) == (
        "the teacher's little cats",
        "les petits chats du professeur",
    )


def test_one_masculine_among_two_makes_them_masculine() -> None:
    girl, woman, boy = (noun_phrase(phrases.THE, NOUNS[name], None, plural=False) for name in ("girl", "woman", "boy"))
    assert (both(girl, woman).gender, both(girl, boy).gender, both(boy, girl).plural) == ("f", "m", True)


def test_a_number_that_a_determiner_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no such number"):
        noun_phrase(phrases.TWO, NOUNS["cat"], None, plural=False)
