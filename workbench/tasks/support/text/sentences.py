"""Sentences of praise and blame from a small grammar in which the order of the words decides."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from workbench.tasks.support.draws import Draws

Mood = Literal[-1, 1]

SUBJECTS = (
    "the film",
    "the plot",
    "the acting",
    "the music",
    "the ending",
    "the story",
    "the dialogue",
    "the cast",
    "the script",
    "the camera work",
    "the first half",
    "the humour",
)
ADJECTIVES: dict[Mood, tuple[str, ...]] = {
    1: ("good", "great", "funny", "clever", "moving", "brilliant", "charming", "gripping", "lovely", "fresh"),
    -1: ("bad", "boring", "dull", "awful", "clumsy", "tedious", "weak", "stale", "poor", "dreadful"),
}
VERBS: dict[Mood, tuple[str, ...]] = {1: ("like", "enjoy", "admire"), -1: ("dislike", "hate", "regret")}
STRONG = ("very", "really", "truly", "extremely", "utterly")
MILD = ("slightly", "somewhat", "a bit", "a little")
HEARTILY = ("really", "truly")
NEGATORS = ("not", "never", "hardly", "far from")
DENIALS = ("nobody can say that", "i can not say that", "it is wrong that")

NEGATED_SHARE = 0.35
DEGREE_SHARE = 0.4


class Grammar:
    """Draws sentences one after another from one stream of random numbers."""

    def __init__(self, random: np.random.Generator) -> None:
        self._draws = Draws(random)

    def sentence(self, mood: Mood) -> str:
        """Return a sentence of this mood: 1 praises, -1 blames.

        Most patterns turn a mood round or hold both: which one wins lies in the order of the words.
        """
        patterns = (
            self._plain,
            self._verb,
            self._denial,
            self._degrees,
            self._but,
            self._in_the_end,
            self._although_first,
            self._although_last,
        )
        return self._draws.one(patterns)(mood)

    def _plain(self, mood: Mood) -> str:
        return self._clause(mood)

    def _verb(self, mood: Mood) -> str:
        subject = self._draws.one(SUBJECTS)
        if self._draws.chance(NEGATED_SHARE):
            return f"i did not {self._draws.one(VERBS[_other(mood)])} {subject}"
        return f"i {self._draws.one(HEARTILY)} {self._draws.one(VERBS[mood])} {subject}"

    def _denial(self, mood: Mood) -> str:
        return f"{self._draws.one(DENIALS)} {self._clause(_other(mood))}"

    def _degrees(self, mood: Mood) -> str:
        """Both moods stand in one clause; the one said strongly wins."""
        wins = f"{self._draws.one(STRONG)} {self._draws.one(ADJECTIVES[mood])}"
        loses = f"{self._draws.one(MILD)} {self._draws.one(ADJECTIVES[_other(mood)])}"
        first, second = (wins, loses) if self._draws.chance(0.5) else (loses, wins)
        return f"{self._draws.one(SUBJECTS)} was {first} and {second}"

    def _but(self, mood: Mood) -> str:
        return f"{self._clause(_other(mood))} but {self._clause(mood)}"

    def _in_the_end(self, mood: Mood) -> str:
        """The end decides, whether it is told first or last."""
        start = self._phrase(_other(mood)) + (" at the start" if self._draws.chance(0.5) else "")
        end = f"{self._phrase(mood)} at the end"
        first, second = (start, end) if self._draws.chance(0.5) else (end, start)
        return f"{self._draws.one(SUBJECTS)} was {first} but {second}"

    def _although_first(self, mood: Mood) -> str:
        return f"although {self._clause(_other(mood))} , {self._clause(mood)}"

    def _although_last(self, mood: Mood) -> str:
        return f"{self._clause(mood)} although {self._clause(_other(mood))}"

    def _clause(self, mood: Mood) -> str:
        return f"{self._draws.one(SUBJECTS)} was {self._phrase(mood)}"

    def _phrase(self, mood: Mood) -> str:
        if self._draws.chance(NEGATED_SHARE):
            return f"{self._draws.one(NEGATORS)} {self._degree(STRONG)}{self._draws.one(ADJECTIVES[_other(mood)])}"
        return f"{self._degree(STRONG + MILD)}{self._draws.one(ADJECTIVES[mood])}"

    def _degree(self, words: Sequence[str]) -> str:
        return f"{self._draws.one(words)} " if self._draws.chance(DEGREE_SHARE) else ""


def write_sentences(random: np.random.Generator, count: int) -> list[tuple[str, int]]:
    """Return ``count`` different sentences, each with 1 if it praises, 0 if it blames, half of them each."""
    grammar = Grammar(random)
    moods: dict[str, int] = {}
    while len(moods) < count:
        praises = len(moods) % 2
        sentence = grammar.sentence(1 if praises else -1)
        moods.setdefault(sentence, praises)
    return list(moods.items())


def _other(mood: Mood) -> Mood:
    return -1 if mood == 1 else 1
