"""Which commands fit what is typed, best first."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from itertools import pairwise
from typing import TypeVar

Entry = TypeVar("Entry")


class Kind(IntEnum):
    """How a text fits, best first."""

    PREFIX = 0
    """The title begins with it: "exp" and "Export figure"."""
    WORD_STARTS = 1
    """It is made of starts of the title's words, in order: "ef", "ex fi"."""
    OTHER_WORDS = 2
    """Each of its words begins a word of title, menu or search words, in any order: "figure pdf"."""
    SUBSEQUENCE = 3
    """Its letters stand in the title, in order: "xpt"."""
    IN_A_WORD = 4
    """Its letters stand in one of the other words, in order: "clpbrd" and "clipboard"."""


@dataclass(frozen=True, order=True)
class Fit:
    """How well a text fits an entry; the smaller, the better."""

    kind: Kind
    gaps: int
    """Letters between those that fit."""
    places: tuple[int, ...] = field(compare=False)
    """Where in the title the typed letters stand."""


def fit(typed: str, title: str, others: str = "") -> Fit | None:
    """Return how what is typed fits a title and its other words; None where it does not. Case does not count."""
    words, text, further = typed.lower().split(), title.lower(), others.lower()
    letters = "".join(words)
    start = " ".join(words)
    if text.startswith(start):
        return Fit(Kind.PREFIX, 0, tuple(range(len(start))))
    places = _by_word_starts(letters, text)
    if places:
        return Fit(Kind.WORD_STARTS, _gaps(places), places)
    known = f"{text} {further}".split()
    if all(any(own.startswith(word) for own in known) for word in words):
        return Fit(Kind.OTHER_WORDS, 0, ())
    places = _tightest(letters, text)
    if places:
        return Fit(Kind.SUBSEQUENCE, _gaps(places), places)
    inside = [_gaps(found) for word in further.split() if (found := _tightest(letters, word))]
    return Fit(Kind.IN_A_WORD, min(inside), ()) if inside else None


def ranked(typed: str, entries: Iterable[Entry], texts: Callable[[Entry], tuple[str, str]]) -> list[tuple[Entry, Fit]]:
    """Return the entries that fit, best first, equals in the order given; ``texts``: an entry's title, other words."""
    fitting = [(entry, found) for entry in entries if (found := fit(typed, *texts(entry))) is not None]
    return sorted(fitting, key=lambda pair: pair[1])


def _gaps(places: tuple[int, ...]) -> int:
    return sum(after - before - 1 for before, after in pairwise(places))


def _by_word_starts(letters: str, text: str, begin: int = 0) -> tuple[int, ...]:
    """Return where the letters stand if each begins a word or follows the one before it; () where they do not."""
    for place in range(begin, len(text)):
        follows = place == begin and begin > 0
        starts = text[place].isalnum() and (place == 0 or not text[place - 1].isalnum())
        if text[place] != letters[0] or not (follows or starts):
            continue
        rest = _by_word_starts(letters[1:], text, place + 1) if len(letters) > 1 else ()
        if rest or len(letters) == 1:
            return (place, *rest)
    return ()


def _tightest(letters: str, text: str) -> tuple[int, ...]:
    """Return where the letters stand in order with the fewest between them; () where they do not."""
    begins = [place for place, letter in enumerate(text) if letter == letters[0]]
    found = [places for begin in begins if (places := _from(letters, text, begin))]
    return min(found, key=_gaps, default=())


def _from(letters: str, text: str, begin: int) -> tuple[int, ...]:
    places: list[int] = []
    for letter in letters:
        begin = text.find(letter, begin) + 1
        if begin == 0:
            return ()
        places.append(begin - 1)
    return tuple(places)
