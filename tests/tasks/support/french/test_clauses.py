import pytest

from workbench.tasks.support.french import words
from workbench.tasks.support.french.clauses import (
    ELLE,
    HER,
    HIM,
    IL,
    ILS,
    JE,
    ME,
    MODALS,
    NOUS,
    THEM,
    US,
    VOUS,
    Predicate,
    Pronoun,
    Subject,
    Tense,
    clause,
    clause_with_pronoun,
    quality,
    subject_of,
)
from workbench.tasks.support.french.noun_phrases import THE, both, noun_phrase

GIRL, BOY = words.PERSONS[:2]
SUBJECTS = (JE, IL, ELLE, NOUS, VOUS, ILS)
VERBS = [each for each in vars(words).values() if isinstance(each, words.Verb)]


@pytest.mark.parametrize(
    ("subject", "verb", "tense", "negative", "english", "french"),
    [
        (JE, words.SEE, "present", False, "i see", "je vois"),
        (JE, words.LISTEN_TO, "present", True, "i do not listen to", "je n'écoute pas"),
        (ELLE, words.EAT, "past", True, "she did not eat", "elle n'a pas mangé"),
        (NOUS, words.EAT, "present", False, "we eat", "nous mangeons"),
        (VOUS, words.BUY, "present", True, "you do not buy", "vous n'achetez pas"),
        (ELLE, words.GO, "past", False, "she went", "elle est allée"),
        (ILS, words.COME, "past", True, "they did not come", "ils ne sont pas venus"),
        (IL, words.SLEEP, "going", True, "he is not going to sleep", "il ne va pas dormir"),
        (JE, words.WORK, "going", False, "i am going to work", "je vais travailler"),
        (ILS, words.HELP, "can", True, "they cannot help", "ils ne peuvent pas aider"),
        (NOUS, words.SLEEP, "must", True, "we must not sleep", "nous ne devons pas dormir"),
        (ELLE, words.BUY, "want", True, "she does not want to buy", "elle ne veut pas acheter"),
        (IL, words.HAVE, "past", False, "he had", "il avait"),
        (JE, words.HAVE, "future", True, "i will not have", "je n'aurai pas"),
        (VOUS, words.BE, "future", False, "you will be", "vous serez"),
        (NOUS, words.BE, "past", True, "we were not", "nous n'étions pas"),
        (JE, words.BE, "present", False, "i am", "je suis"),
        (ILS, words.WANT, "past", False, "they wanted", "ils voulaient"),
        (IL, words.LOVE, "past", True, "he did not love", "il n'aimait pas"),
    ],
)
def test_a_verb_is_as_a_teacher_would_write_it(
    subject: Subject, verb: words.Verb, tense: Tense, negative: bool, english: str, french: str
) -> None:
    assert clause(subject, Predicate(verb, tense, negative)) == (english, french)


@pytest.mark.parametrize(
    ("subject", "verb", "tense", "negative", "pronoun", "english", "french"),
    [
        (IL, words.SEE, "present", False, HER, "he sees her", "il la voit"),
        (IL, words.SEE, "past", False, HER, "he saw her", "il l'a vue"),
        (JE, words.SEE, "past", True, THEM, "i did not see them", "je ne les ai pas vus"),
        (ELLE, words.LOVE, "present", False, HIM, "she loves him", "elle l'aime"),
        (ELLE, words.LOVE, "present", True, ME, "she does not love me", "elle ne m'aime pas"),
        (ILS, words.LOOK_AT, "going", False, US, "they are going to look at us", "ils vont nous regarder"),
        (NOUS, words.LISTEN_TO, "want", True, HIM, "we do not want to listen to him", "nous ne voulons pas l'écouter"),
        (VOUS, words.LOOK_FOR, "must", False, THEM, "you must look for them", "vous devez les chercher"),
    ],
)
def test_a_pronoun_goes_before_the_verb_that_it_is_the_object_of(
    subject: Subject, verb: words.Verb, tense: Tense, negative: bool, pronoun: Pronoun, english: str, french: str
) -> None:
    assert clause_with_pronoun(subject, Predicate(verb, tense, negative), pronoun) == (english, french)


def test_an_adjective_agrees_with_the_subject_it_is_said_of() -> None:
    girl, boy = (noun_phrase(THE, noun, None, plural=False) for noun in (GIRL, BOY))
    very = (("very",), ("très",))
    said = [
        quality(subject, Predicate(words.BE, "past", negative), very, words.HAPPY)
        for subject, negative in ((subject_of(girl), False), (subject_of(both(girl, boy)), True))
    ]
    assert said == [
        ("the girl was very happy", "la fille était très heureuse"),
        ("the girl and the boy were not very happy", "la fille et le garçon n'étaient pas très heureux"),
    ]


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.infinitive)
def test_every_verb_has_the_endings_of_its_persons(verb: words.Verb) -> None:
    je, il, nous, vous, ils = verb.present
    assert nous.endswith("ons") or nous == "sommes"
    assert vous.endswith("ez") or vous == "êtes"
    assert ils.endswith(("ent", "ont"))
    assert il.endswith(("e", "t", "a"))
    assert je.endswith(("e", "s", "x", "ai"))
    assert verb.infinitive.endswith(("er", "ir", "re", "oir"))


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.french[0])
def test_ne_and_pas_stand_around_the_verb_that_changes_and_nothing_else_changes(subject: Subject) -> None:
    for verb in VERBS:
        tenses: tuple[Tense, ...] = ("present", "past", *(("future",) if verb in (words.BE, words.HAVE) else ()))
        for tense in (*tenses, *MODALS):
            said, denied = (clause(subject, Predicate(verb, tense, negative))[1].split() for negative in (False, True))  # type: ignore[arg-type]
            plain = " ".join(said).replace("'", "e ").split()
            apart = " ".join(denied).replace("n'", "ne ").split()
            assert apart[1] == "ne"
            assert apart[3] == "pas"
            assert [apart[0], apart[2], *apart[4:]] == plain
