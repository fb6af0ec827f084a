"""Clauses in English and French: the verb agrees, negation and object pronouns find their places."""

from dataclasses import dataclass
from typing import Literal

from workbench.tasks.support.french.noun_phrases import NounPhrase, Words
from workbench.tasks.support.french.spelling import spell
from workbench.tasks.support.french.words import (
    BE,
    CAN,
    COME,
    GO,
    HAVE,
    LOVE,
    MUST,
    WANT,
    Adjective,
    Gender,
    Verb,
)

Tense = Literal["present", "past", "future", "going", "can", "must", "want"]

STATES = (BE, HAVE, WANT, LOVE)
"""Verbs whose English past is an imparfait: elle avait un chien; others have a passé composé."""
MOVES = (GO, COME)
"""Verbs whose passé composé is made with être: the participle agrees with the subject."""
FUTURES = {BE: "ser", HAVE: "aur"}
MODALS = {"going": GO, "can": CAN, "must": MUST, "want": WANT}
_FUTURE_ENDINGS = ("ai", "a", "ons", "ez", "ont")
_IMPERFECT_ENDINGS = ("ais", "ait", "ions", "iez", "aient")


@dataclass(frozen=True)
class Subject:
    """``person`` counts je, il or elle, nous, vous, ils or elles from 0; gender is None where it shows nowhere."""

    english: Words
    french: Words
    person: int
    gender: Gender | None
    plural: bool


@dataclass(frozen=True)
class Pronoun:
    """A pronoun as object."""

    english: str
    french: str
    gender: Gender | None
    plural: bool


JE, IL, ELLE, NOUS, VOUS, ILS = (
    Subject(("i",), ("je",), 0, None, False),
    Subject(("he",), ("il",), 1, "m", False),
    Subject(("she",), ("elle",), 1, "f", False),
    Subject(("we",), ("nous",), 2, None, True),
    Subject(("you",), ("vous",), 3, None, True),
    Subject(("they",), ("ils",), 4, "m", True),
)
ME, HIM, HER, US, YOU, THEM = (
    Pronoun("me", "me", None, False),
    Pronoun("him", "le", "m", False),
    Pronoun("her", "la", "f", False),
    Pronoun("us", "nous", None, True),
    Pronoun("you", "vous", None, True),
    Pronoun("them", "les", "m", True),
)


def subject_of(phrase: NounPhrase) -> Subject:
    """Return a noun phrase as subject."""
    return Subject(phrase.english, phrase.french, 4 if phrase.plural else 1, phrase.gender, phrase.plural)


@dataclass(frozen=True)
class Predicate:
    """A verb in a tense, denied or not."""

    verb: Verb
    tense: Tense = "present"
    negative: bool = False


def clause(subject: Subject, predicate: Predicate, english: Words = (), french: Words = ()) -> tuple[str, str]:
    """Return subject, verb and what follows it in both languages."""
    spoken = (*subject.english, *_english_verb(subject, predicate), *english)
    return " ".join(spoken), spell((*subject.french, *_french_verb(subject, predicate, None), *french))


def clause_with_pronoun(subject: Subject, predicate: Predicate, pronoun: Pronoun) -> tuple[str, str]:
    """Return a clause whose object is a pronoun: after the verb in English, before it in French."""
    spoken = (*subject.english, *_english_verb(subject, predicate), pronoun.english)
    return " ".join(spoken), spell((*subject.french, *_french_verb(subject, predicate, pronoun)))


def quality(
    subject: Subject, predicate: Predicate, degree: tuple[Words, Words], adjective: Adjective
) -> tuple[str, str]:
    """Return a clause that says how its subject is: the adjective agrees with it; ``degree`` is very, très or none."""
    english, french = degree
    agreeing = adjective.agreeing(subject.gender or "m", subject.plural)
    return clause(subject, predicate, (*english, adjective.predicate), (*french, agreeing))


def _english_verb(subject: Subject, predicate: Predicate) -> Words:
    verb, third = predicate.verb, subject.person == 1
    denial = ("not",) if predicate.negative else ()
    base = tuple(verb.english.split())
    match predicate.tense:
        case "present" | "past" if verb is BE:
            return (_be(subject, predicate.tense == "past"), *denial)
        case "present" if predicate.negative:
            return ("does" if third else "do", "not", *base)
        case "present":
            return tuple(verb.third.split()) if third else base
        case "past" if predicate.negative:
            return ("did", "not", *base)
        case "past":
            return tuple(verb.past.split())
        case "future":
            return ("will", *denial, *base)
        case "going":
            return (_be(subject, False), *denial, "going", "to", *base)
        case "can":
            return ("cannot" if predicate.negative else "can", *base)
        case "must":
            return ("must", *denial, *base)
        case "want":
            return (*_english_verb(subject, Predicate(WANT, "present", predicate.negative)), "to", *base)


def _be(subject: Subject, past: bool) -> str:
    if past:
        return "was" if subject.person < 2 else "were"
    return ("am", "is", "are", "are", "are")[subject.person]


def _french_verb(subject: Subject, predicate: Predicate, pronoun: Pronoun | None) -> Words:
    """Return ne, pronoun, verb and pas in their order; a pronoun stands before the infinitive where there is one."""
    before, after = (("ne",), ("pas",)) if predicate.negative else ((), ())
    moved = (pronoun.french,) if pronoun else ()
    if predicate.tense in MODALS:
        conjugated = MODALS[predicate.tense].present[subject.person]
        return (*before, conjugated, *after, *moved, predicate.verb.infinitive)
    conjugated, *participle = _conjugated(subject, predicate, pronoun)
    return (*before, *moved, conjugated, *after, *participle)


def _conjugated(subject: Subject, predicate: Predicate, pronoun: Pronoun | None) -> Words:
    """Return the verb's form, with its participle in the passé composé."""
    verb, person = predicate.verb, subject.person
    if predicate.tense == "present":
        return (verb.present[person],)
    if predicate.tense == "future":
        return (FUTURES[verb] + _FUTURE_ENDINGS[person],)
    if verb in STATES:
        stem = "ét" if verb is BE else verb.present[2].removesuffix("ons")
        return (stem + _IMPERFECT_ENDINGS[person],)
    if verb in MOVES:
        return (BE.present[person], _agreeing(verb.participle, subject))
    return (HAVE.present[person], _agreeing(verb.participle, pronoun))


def _agreeing(participle: str, noun: Subject | Pronoun | None) -> str:
    if noun is None:
        return participle
    return participle + ("e" if noun.gender == "f" else "") + ("s" if noun.plural else "")
