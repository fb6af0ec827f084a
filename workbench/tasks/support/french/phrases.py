"""English phrases and their French from a small grammar that no word-by-word table translates.

Articles, adjectives and participles agree, many adjectives change sides, ne and pas stand around the verb, object
pronouns go before it, and le, la, de and others are elided or contracted.
"""

from collections.abc import Callable, Iterator

import numpy as np

from workbench.tasks.support.draws import Draws, Weighted
from workbench.tasks.support.french import clauses, words
from workbench.tasks.support.french import noun_phrases as nouns
from workbench.tasks.support.french.clauses import Predicate, Pronoun, Subject, Tense, clause, subject_of
from workbench.tasks.support.french.noun_phrases import Determiner, NounPhrase, Words, noun_phrase

Phrase = tuple[str, str]

LONGEST = 10
"""English words of a phrase."""
SUBJECT_PRONOUNS = (clauses.JE, clauses.IL, clauses.ELLE, clauses.NOUS, clauses.VOUS, clauses.ILS)
OBJECT_PRONOUNS = (clauses.ME, clauses.HIM, clauses.HER, clauses.US, clauses.YOU, clauses.THEM)
POINTING = (nouns.THE, nouns.THE, nouns.THIS)
OWNING = (nouns.MY, nouns.HIS, nouns.HER, nouns.OUR, nouns.YOUR)
COUNTED = (nouns.TWO, nouns.THREE)
MOODS = (words.HAPPY, words.SAD, words.TIRED, words.RICH, words.INTELLIGENT, words.YOUNG, words.OLD)
POSSESSIONS = (*words.ANIMALS[:4], *words.GOODS, words.HOUSE, words.GARDEN)
DOING = Weighted[Tense](
    (0.35, "present"),
    (0.25, "past"),
    (0.15, "going"),
    (0.1, "can"),
    (0.07, "must"),
    (0.08, "want"),
)
BEING = Weighted[Tense]((0.5, "present"), (0.3, "past"), (0.2, "future"))
LOVING = Weighted[Tense]((0.6, "present"), (0.4, "past"))
WHERE: tuple[tuple[Words, Words], ...] = (
    (("behind",), ("derrière",)),
    (("in", "front", "of"), ("devant",)),
    (("near",), ("près", "de")),
)
INSIDE: tuple[Words, Words] = (("in",), ("dans",))
DEGREES = Weighted[tuple[Words, Words]]((0.7, ((), ())), (0.3, (("very",), ("très",))))

DENIED = 0.25
ADJECTIVE = 0.35
PLURAL = 0.35


def draw_phrases(random: np.random.Generator) -> Iterator[Phrase]:
    """Yield phrases of up to ten English words without end; they repeat."""
    grammar = Grammar(Draws(random))
    while True:
        english, french = grammar.phrase()
        if english.count(" ") < LONGEST:
            yield english, french


class Grammar:
    """Draws phrases one after another."""

    def __init__(self, draws: Draws) -> None:
        self._draws = draws
        self._patterns = Weighted[Callable[[], Phrase]](
            (0.28, self._does),
            (0.14, self._meets),
            (0.1, self._owns),
            (0.04, self._loves_all),
            (0.2, self._is),
            (0.08, self._is_somewhere),
            (0.12, self._moves),
            (0.04, self._gives),
        )
        self._subjects = Weighted[Callable[[], tuple[Subject, list[words.Adjective]]]](
            (0.25, self._pronoun_with_mood), (0.15, self._two_with_quality), (0.6, self._one_with_quality)
        )

    def phrase(self) -> Phrase:
        """Return an English phrase and its French."""
        return self._draws.weighted(self._patterns)()

    def _does(self) -> Phrase:
        verb, objects = self._draws.one(words.ACTIONS)
        predicate = self._predicate(verb, DOING)
        thing = self._object(objects, predicate.negative)
        return clause(self._person(), predicate, thing.english, thing.french)

    def _meets(self) -> Phrase:
        verb = self._draws.one(words.MEETINGS)
        predicate = self._predicate(verb, LOVING if verb in clauses.STATES else DOING)
        subject = self._person()
        composed = predicate.tense == "past" and verb not in clauses.STATES
        pronouns = [each for each in OBJECT_PRONOUNS if _other(subject, each) and (each.gender or not composed)]
        return clauses.clause_with_pronoun(subject, predicate, self._draws.one(pronouns))

    def _owns(self) -> Phrase:
        verb = self._draws.one((words.HAVE, words.WANT))
        predicate = self._predicate(verb, BEING if verb is words.HAVE else LOVING)
        thing = self._object(POSSESSIONS, predicate.negative)
        return clause(self._person(), predicate, thing.english, thing.french)

    def _loves_all(self) -> Phrase:
        """Loves cats: what English says without an article, French says with the definite one."""
        kind = self._noun_phrase(nouns.THE, self._draws.one((*words.ANIMALS, *words.GOODS)), plural=True)
        return clause(self._person(), self._predicate(words.LOVE, LOVING), kind.english[1:], kind.french)

    def _is(self) -> Phrase:
        subject, adjectives = self._draws.weighted(self._subjects)()
        predicate = self._predicate(words.BE, BEING)
        return clauses.quality(subject, predicate, self._draws.weighted(DEGREES), self._draws.one(adjectives))

    def _pronoun_with_mood(self) -> tuple[Subject, list[words.Adjective]]:
        """Return a pronoun with what can be said of it: i and we show no gender, so that only some forms fit."""
        subject = self._draws.one([each for each in SUBJECT_PRONOUNS if each is not clauses.VOUS])
        return subject, [each for each in MOODS if subject.gender or each.masculine == each.feminine]

    def _one_with_quality(self) -> tuple[Subject, list[words.Adjective]]:
        noun = self._draws.one((*words.PERSONS, *words.ANIMALS, *words.THINGS, *words.PLACES))
        owned = noun in POSSESSIONS and self._draws.chance(0.25)
        phrase = self._of_person(noun) if owned else self._plain(noun)
        aged = any(adjective.english in phrase.english for adjective in words.AGES)
        said = [
            each
            for each in _predicates(noun)
            if each.english not in phrase.english and not (aged and each in words.AGES)
        ]
        return subject_of(phrase), said

    def _two_with_quality(self) -> tuple[Subject, list[words.Adjective]]:
        kind = self._draws.one((words.PERSONS, words.ANIMALS))
        first, second = self._draws.one(kind), self._draws.one(kind)
        shared = [each for each in _predicates(first) if each in second.adjectives]
        if first is second or not shared:
            return self._two_with_quality()
        return self._both(first, second), shared

    def _is_somewhere(self) -> Phrase:
        nouns_here = (*words.PERSONS, *words.ANIMALS, *words.GOODS)
        subject = self._pronoun() if self._draws.chance(0.3) else subject_of(self._plain(self._draws.one(nouns_here)))
        english, french = self._somewhere()
        return clause(subject, self._predicate(words.BE, BEING), english, french)

    def _moves(self) -> Phrase:
        verb = self._draws.one((words.GO, words.GO, words.COME, words.SLEEP, words.WORK))
        predicate = self._predicate(verb, DOING if verb is not words.COME else LOVING)
        subject = self._person()
        while verb in clauses.MOVES and predicate.tense == "past" and subject.gender is None:
            subject = self._person()
        if verb not in clauses.MOVES:
            return clause(subject, predicate, *self._somewhere())
        english, french = {words.GO: ("to", "à"), words.COME: ("from", "de")}[verb]
        place = self._plain_one(self._draws.one((*words.SIGHTS, words.MARKET)))
        return clause(subject, predicate, (english, *place.english), (french, *place.french))

    def _gives(self) -> Phrase:
        predicate = self._predicate(words.GIVE, DOING)
        thing = self._thing((*words.GOODS, words.APPLE, words.EGG), predicate.negative)
        person = self._plain_one(self._draws.one(words.PERSONS))
        return clause(
            self._person(), predicate, (*thing.english, "to", *person.english), (*thing.french, "à", *person.french)
        )

    def _predicate(self, verb: words.Verb, tenses: Weighted[Tense]) -> Predicate:
        tense = self._draws.weighted(tenses)
        if verb is words.HELP and tense == "want":
            tense = "going"
        return Predicate(verb, tense, self._draws.chance(DENIED))

    def _person(self) -> Subject:
        """Return someone who does something."""
        if self._draws.chance(0.5):
            return self._pronoun()
        if self._draws.chance(0.15):
            first, second = self._draws.one(words.PERSONS), self._draws.one(words.PERSONS)
            if first is not second:
                return self._both(first, second)
        return subject_of(self._plain(self._draws.one(words.PERSONS)))

    def _pronoun(self) -> Subject:
        return self._draws.one(SUBJECT_PRONOUNS)

    def _both(self, first: words.Noun, second: words.Noun) -> Subject:
        one, other = (noun_phrase(self._definite(noun), noun, None, plural=False) for noun in (first, second))
        return subject_of(nouns.both(one, other))

    def _plain(self, noun: words.Noun) -> NounPhrase:
        """Return a noun phrase that is definite or counted."""
        plural = self._draws.chance(PLURAL)
        counted = plural and self._draws.chance(0.25)
        return self._noun_phrase(self._draws.one(COUNTED) if counted else self._definite(noun), noun, plural=plural)

    def _plain_one(self, noun: words.Noun) -> NounPhrase:
        return self._noun_phrase(self._definite(noun), noun, plural=False)

    def _object(self, kinds: tuple[words.Noun, ...], negative: bool) -> NounPhrase:
        """Return a noun phrase; the indefinite one changes after a negation."""
        noun = self._draws.one(kinds)
        if noun in POSSESSIONS and self._draws.chance(0.15):
            return self._of_person(noun)
        return self._thing((noun,), negative)

    def _thing(self, kinds: tuple[words.Noun, ...], negative: bool) -> NounPhrase:
        """Return a noun phrase that belongs to nobody named."""
        noun = self._draws.one(kinds)
        unusual = words.PERSONS if negative else words.FAMILY
        if noun not in unusual and self._draws.chance(0.4):
            plural = self._draws.chance(PLURAL)
            return self._noun_phrase(nouns.NO if negative else nouns.A, noun, plural=plural)
        return self._plain_one(noun) if negative else self._plain(noun)

    def _of_person(self, noun: words.Noun) -> NounPhrase:
        person = self._draws.one(words.PERSONS)
        owner = noun_phrase(self._definite(person), person, None, plural=False)
        return nouns.of_person(noun, self._adjective(noun), owner, plural=self._draws.chance(PLURAL))

    def _noun_phrase(self, determiner: Determiner, noun: words.Noun, *, plural: bool) -> NounPhrase:
        return noun_phrase(determiner, noun, self._adjective(noun), plural=plural)

    def _definite(self, noun: words.Noun) -> Determiner:
        """Return a determiner that suits the noun: "my sister", but neither "this sister" nor "my museum"."""
        if noun in words.FAMILY:
            return self._draws.one(OWNING)
        if noun in words.PUBLIC:
            return self._draws.one(POINTING)
        return self._draws.one(OWNING if self._draws.chance(0.4) else POINTING)

    def _adjective(self, noun: words.Noun) -> words.Adjective | None:
        return self._draws.one(noun.adjectives) if self._draws.chance(ADJECTIVE) else None

    def _somewhere(self) -> tuple[Words, Words]:
        if self._draws.chance(0.5):
            (english, french), place = INSIDE, self._plain_one(self._draws.one(words.PLACES))
        else:
            near = (*words.PLACES, words.MARKET, words.CAR)
            (english, french), place = self._draws.one(WHERE), self._plain_one(self._draws.one(near))
        return (*english, *place.english), (*french, *place.french)


def _predicates(noun: words.Noun) -> list[words.Adjective]:
    return [adjective for adjective in noun.adjectives if adjective.predicate]


def _other(subject: Subject, pronoun: Pronoun) -> bool:
    """Return whether subject and object can be different persons: neither "i see me" nor "we see me"."""
    first, second = (subject.person in {0, 2}, pronoun.french in {"me", "nous"}), (subject.person, pronoun.french)
    return not all(first) and second != (3, "vous")
