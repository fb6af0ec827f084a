"""Noun phrases in English and French: article, adjective and noun agree, the adjective finds its place."""

from dataclasses import dataclass

from workbench.tasks.support.french.spelling import begins_with_vowel
from workbench.tasks.support.french.words import Adjective, Gender, Noun

Words = tuple[str, ...]


@dataclass(frozen=True)
class Determiner:
    """The English words for one and several; the French for masculine, feminine and plural, and those before a vowel.

    An English word is empty where there is no such number.
    """

    one: str
    several: str
    masculine: str
    feminine: str
    plural: str
    masculine_before_vowel: str = ""
    feminine_before_vowel: str = ""


THE = Determiner("the", "the", "le", "la", "les")
A = Determiner("a", "some", "un", "une", "des")
NO = Determiner("a", "any", "de", "de", "de")
"""What A becomes after a negation: elle n'a pas de chien."""
THIS = Determiner("this", "these", "ce", "cette", "ces", "cet")
MY = Determiner("my", "my", "mon", "ma", "mes", "mon", "mon")
HIS = Determiner("his", "his", "son", "sa", "ses", "son", "son")
HER = Determiner("her", "her", "son", "sa", "ses", "son", "son")
OUR = Determiner("our", "our", "notre", "notre", "nos")
YOUR = Determiner("your", "your", "votre", "votre", "vos")
TWO = Determiner("", "two", "deux", "deux", "deux")
THREE = Determiner("", "three", "trois", "trois", "trois")


@dataclass(frozen=True)
class NounPhrase:
    """A noun phrase in both languages; gender and number are those of its noun in French."""

    english: Words
    french: Words
    gender: Gender
    plural: bool


def noun_phrase(determiner: Determiner, noun: Noun, adjective: Adjective | None, *, plural: bool) -> NounPhrase:
    """Return determiner, adjective and noun; French words are not elided yet: le oncle."""
    if not (determiner.several if plural else determiner.one):
        raise ValueError(f"{determiner} has no such number")
    french_noun = noun.french_plural if plural else noun.french
    words: Words = (french_noun,)
    if adjective and adjective.precedes:
        words = (_before(adjective, noun.gender, plural, french_noun), french_noun)
    elif adjective:
        words = (french_noun, adjective.agreeing(noun.gender, plural))
    article = _french_article(determiner, noun.gender, words[0]) if not plural else determiner.plural
    if determiner is A and plural and words[0] != french_noun:
        article = NO.plural  # de vieux livres, not des vieux livres
    return NounPhrase(_english(determiner, noun, adjective, plural), (article, *words), noun.gender, plural)


def of_person(thing: Noun, adjective: Adjective | None, owner: NounPhrase, *, plural: bool) -> NounPhrase:
    """Return what belongs to a person: the girl's little cat, le petit chat de la fille."""
    owned = noun_phrase(THE, thing, adjective, plural=plural)
    english = (*owner.english[:-1], f"{owner.english[-1]}'s", *owned.english[1:])
    return NounPhrase(english, (*owned.french, "de", *owner.french), owned.gender, plural)


def both(first: NounPhrase, second: NounPhrase) -> NounPhrase:
    """Return two joined by "and"; one masculine among them makes them masculine."""
    gender: Gender = "f" if first.gender == second.gender == "f" else "m"
    return NounPhrase((*first.english, "and", *second.english), (*first.french, "et", *second.french), gender, True)


def _before(adjective: Adjective, gender: Gender, plural: bool, noun: str) -> str:
    if gender == "m" and not plural and adjective.before_vowel and begins_with_vowel(noun):
        return adjective.before_vowel
    return adjective.agreeing(gender, plural)


def _french_article(determiner: Determiner, gender: Gender, after: str) -> str:
    """Return the singular form before the word ``after``."""
    vowel = begins_with_vowel(after)
    if gender == "m":
        return (determiner.masculine_before_vowel if vowel else "") or determiner.masculine
    return (determiner.feminine_before_vowel if vowel else "") or determiner.feminine


def _english(determiner: Determiner, noun: Noun, adjective: Adjective | None, plural: bool) -> Words:
    words = (*((adjective.english,) if adjective else ()), noun.english_plural if plural else noun.english)
    article = determiner.several if plural else determiner.one
    return ("an" if article == "a" and words[0][0] in "aeiou" else article, *words)
