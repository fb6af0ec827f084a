"""The English and French words of the phrases, with what agreement needs to know of them."""

from dataclasses import dataclass
from typing import Literal

Gender = Literal["m", "f"]


@dataclass(frozen=True)
class Noun:
    """Singular and plural of both languages, and the adjectives that a person would use with it."""

    english: str
    english_plural: str
    french: str
    french_plural: str
    gender: Gender
    adjectives: tuple["Adjective", ...]


@dataclass(frozen=True)
class Adjective:
    """``before_vowel`` is the masculine singular before a vowel; ``precedes``: it stands before its noun in French.

    ``predicate`` is the English word after "is", "" where it is not used so.
    """

    english: str
    masculine: str
    feminine: str
    masculine_plural: str
    feminine_plural: str
    precedes: bool = False
    before_vowel: str = ""
    predicate: str = ""

    def agreeing(self, gender: Gender, plural: bool) -> str:
        """Return the form for a noun's gender and number."""
        if plural:
            return self.masculine_plural if gender == "m" else self.feminine_plural
        return self.masculine if gender == "m" else self.feminine


@dataclass(frozen=True)
class Verb:
    """``present`` in French for je, il, nous, vous, ils; ``past`` of both languages, in French the participle."""

    english: str
    third: str
    past: str
    infinitive: str
    present: tuple[str, str, str, str, str]
    participle: str


def _regular(*english: str, stem: str) -> Verb:
    """Return a French verb in -er; english: base, third person, past."""
    base, third, past = english
    present = (f"{stem}e", f"{stem}e", f"{stem}ons", f"{stem}ez", f"{stem}ent")
    return Verb(base, third, past, f"{stem}er", present, f"{stem}é")


def _adjective(english: str, masculine: str, feminine: str = "", *, plural: str = "", predicate: str = "") -> Adjective:
    """Return an adjective that follows its noun."""
    feminine = feminine or masculine + ("" if masculine.endswith("e") else "e")
    return Adjective(
        english, masculine, feminine, plural or f"{masculine}s", f"{feminine}s", predicate=predicate or english
    )


LITTLE = Adjective("little", "petit", "petite", "petits", "petites", True, predicate="small")
OLD = Adjective("old", "vieux", "vieille", "vieux", "vieilles", True, "vieil", "old")
BEAUTIFUL = Adjective("beautiful", "beau", "belle", "beaux", "belles", True, "bel", "beautiful")
NEW = Adjective("new", "nouveau", "nouvelle", "nouveaux", "nouvelles", True, "nouvel")
YOUNG = Adjective("young", "jeune", "jeune", "jeunes", "jeunes", True, predicate="young")
GOOD = Adjective("good", "bon", "bonne", "bons", "bonnes", True, predicate="good")
AGES = (OLD, NEW, YOUNG)
RED = _adjective("red", "rouge")
GREEN = _adjective("green", "vert")
WHITE = _adjective("white", "blanc", "blanche")
BLACK = _adjective("black", "noir")
HAPPY = _adjective("happy", "heureux", "heureuse", plural="heureux")
SAD = _adjective("sad", "triste")
RICH = _adjective("rich", "riche")
INTELLIGENT = _adjective("intelligent", "intelligent")
TIRED = _adjective("tired", "fatigué")

_MOODS = (HAPPY, SAD, TIRED, INTELLIGENT)
_STANDING = (RICH, HAPPY, SAD)
_FUR = (LITTLE, OLD, BEAUTIFUL, BLACK, WHITE, TIRED)

PERSONS = (
    Noun("girl", "girls", "fille", "filles", "f", _MOODS),
    Noun("boy", "boys", "garçon", "garçons", "m", _MOODS),
    Noun("child", "children", "enfant", "enfants", "m", (YOUNG, *_MOODS)),
    Noun("woman", "women", "femme", "femmes", "f", (YOUNG, OLD, *_STANDING, INTELLIGENT)),
    Noun("man", "men", "homme", "hommes", "m", (OLD, *_STANDING, INTELLIGENT)),
    Noun("sister", "sisters", "sœur", "sœurs", "f", _MOODS),
    Noun("friend", "friends", "ami", "amis", "m", (OLD, NEW, GOOD, RICH)),
    Noun("teacher", "teachers", "professeur", "professeurs", "m", (OLD, NEW, GOOD, YOUNG, TIRED, INTELLIGENT)),
    Noun("actress", "actresses", "actrice", "actrices", "f", (OLD, NEW, GOOD, YOUNG, BEAUTIFUL, *_STANDING)),
)
ANIMALS = (
    Noun("dog", "dogs", "chien", "chiens", "m", (*_FUR, GOOD)),
    Noun("cat", "cats", "chat", "chats", "m", _FUR),
    Noun("horse", "horses", "cheval", "chevaux", "m", (*_FUR, GOOD)),
    Noun("cow", "cows", "vache", "vaches", "f", _FUR),
    Noun("bird", "birds", "oiseau", "oiseaux", "m", (LITTLE, BEAUTIFUL, BLACK, WHITE, GREEN, RED)),
    Noun("owl", "owls", "hibou", "hiboux", "m", (LITTLE, OLD, BEAUTIFUL, WHITE)),
)
BOOK = Noun("book", "books", "livre", "livres", "m", (LITTLE, OLD, NEW, GOOD, RED, GREEN))
APPLE = Noun("apple", "apples", "pomme", "pommes", "f", (LITTLE, BEAUTIFUL, GOOD, RED, GREEN))
EGG = Noun("egg", "eggs", "œuf", "œufs", "m", (LITTLE, GOOD, WHITE))
CAR = Noun("car", "cars", "voiture", "voitures", "f", (OLD, NEW, RED, GREEN, WHITE, BLACK))
GOODS = (
    BOOK,
    CAR,
    Noun("hat", "hats", "chapeau", "chapeaux", "m", (OLD, NEW, BEAUTIFUL, RED, GREEN, WHITE, BLACK)),
)
HOUSE = Noun("house", "houses", "maison", "maisons", "f", (LITTLE, OLD, NEW, BEAUTIFUL, WHITE))
GARDEN = Noun("garden", "gardens", "jardin", "jardins", "m", (LITTLE, OLD, NEW, BEAUTIFUL))
MARKET = Noun("market", "markets", "marché", "marchés", "m", (LITTLE, OLD, NEW))
SIGHTS = (
    Noun("school", "schools", "école", "écoles", "f", (LITTLE, OLD, NEW, GOOD)),
    Noun("church", "churches", "église", "églises", "f", (LITTLE, OLD, NEW, BEAUTIFUL, WHITE)),
    Noun("hotel", "hotels", "hôtel", "hôtels", "m", (LITTLE, OLD, NEW, BEAUTIFUL, GOOD)),
    Noun("museum", "museums", "musée", "musées", "m", (LITTLE, OLD, NEW, BEAUTIFUL)),
)

SEE = Verb("see", "sees", "saw", "voir", ("vois", "voit", "voyons", "voyez", "voient"), "vu")
LOOK_AT = _regular("look at", "looks at", "looked at", stem="regard")
LOOK_FOR = _regular("look for", "looks for", "looked for", stem="cherch")
LISTEN_TO = _regular("listen to", "listens to", "listened to", stem="écout")
HELP = _regular("help", "helps", "helped", stem="aid")
BUY = Verb("buy", "buys", "bought", "acheter", ("achète", "achète", "achetons", "achetez", "achètent"), "acheté")
EAT = Verb("eat", "eats", "ate", "manger", ("mange", "mange", "mangeons", "mangez", "mangent"), "mangé")
GIVE = _regular("give", "gives", "gave", stem="donn")
GO = Verb("go", "goes", "went", "aller", ("vais", "va", "allons", "allez", "vont"), "allé")
COME = Verb("come", "comes", "came", "venir", ("viens", "vient", "venons", "venez", "viennent"), "venu")
SLEEP = Verb("sleep", "sleeps", "slept", "dormir", ("dors", "dort", "dormons", "dormez", "dorment"), "dormi")
WORK = _regular("work", "works", "worked", stem="travaill")
BE = Verb("be", "is", "was", "être", ("suis", "est", "sommes", "êtes", "sont"), "été")
HAVE = Verb("have", "has", "had", "avoir", ("ai", "a", "avons", "avez", "ont"), "eu")
WANT = Verb("want", "wants", "wanted", "vouloir", ("veux", "veut", "voulons", "voulez", "veulent"), "voulu")
LOVE = _regular("love", "loves", "loved", stem="aim")
CAN = Verb("can", "can", "could", "pouvoir", ("peux", "peut", "pouvons", "pouvez", "peuvent"), "pu")
MUST = Verb("must", "must", "", "devoir", ("dois", "doit", "devons", "devez", "doivent"), "dû")

FAMILY = tuple(noun for noun in PERSONS if noun.english in {"sister", "friend"})
"""Someone's: they have a possessive."""
PUBLIC = (
    *(noun for noun in PERSONS if noun.english in {"girl", "boy", "woman", "man", "actress"}),
    *(noun for noun in SIGHTS if noun.english != "school"),
    MARKET,
)
"""Nobody's: they have no possessive."""
BUILDINGS = (*SIGHTS, HOUSE)
PLACES = (*BUILDINGS, GARDEN)
THINGS = (*GOODS, APPLE, EGG)
_SEEN = (*PERSONS, *ANIMALS, *GOODS, *PLACES)
ACTIONS = (
    (SEE, _SEEN),
    (LOOK_AT, _SEEN),
    (LOOK_FOR, _SEEN),
    (LISTEN_TO, (*PERSONS, *ANIMALS[-2:])),
    (HELP, PERSONS),
    (BUY, (*GOODS, APPLE, EGG, HOUSE, *ANIMALS[:4])),
    (EAT, (APPLE, EGG)),
)
"""What a person does, and with what."""
MEETINGS = (SEE, LOOK_AT, LOOK_FOR, LISTEN_TO, HELP, LOVE)
"""What a person does with another."""
