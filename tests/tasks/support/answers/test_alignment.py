from itertools import product
from math import log, prod

import numpy as np
import pytest

from workbench.tasks.support.answers.alignment import REST, ROUNDS, fit_words, length_nats
from workbench.tasks.support.answers.pairs import Pairs, Rows

SOURCES = [[0, 1], [0, 2], [2], [1, 2, 0]]
ANSWERS = [[1, 2], [1, 3], [3], [3, 1, 2]]
"""Source word 0 stands for answer word 1, 1 for 2 and 2 for 3."""
NONE, OUTPUTS = 3, 4
SHARES = np.array([0.3, 0.2, 0.1, 0.4])


def rows(values: list[list[int]]) -> Rows:
    return Rows(np.array([symbol for row in values for symbol in row]), np.array([len(row) for row in values]))


def pairs(trains: int = 4) -> Pairs:
    places = np.arange(len(SOURCES))
    return Pairs(rows(SOURCES), rows([[*row, 0] for row in ANSWERS]), places[:trains], places[trains:])


def expected(rounds: int) -> dict[tuple[int, int], float]:
    """IBM model 1 as a textbook writes it (Koehn 2010, figure 4.3), with the empty word."""
    chances = dict.fromkeys(product(range(4), range(1, OUTPUTS)), 1.0)
    for _ in range(rounds):
        counts = dict.fromkeys(chances, 0.0)
        for source, answer in zip(SOURCES, ANSWERS, strict=True):
            for written in answer:
                total = sum(chances[read, written] for read in (NONE, *source))
                for read in (NONE, *source):
                    counts[read, written] += chances[read, written] / total
        totals = {read: sum(counts[read, written] for written in range(1, OUTPUTS)) for read in range(4)}
        chances = {(read, written): count / totals[read] for (read, written), count in counts.items()}
    return chances


def test_chances_are_those_of_the_textbook() -> None:
    table = fit_words(pairs(), NONE, SHARES)
    found = dict(
        zip(zip(*(part.tolist() for part in np.divmod(table.codes, OUTPUTS)), strict=True), table.chances, strict=True)
    )
    for key, chance in expected(ROUNDS).items():
        assert found.get(key, 0.0) == pytest.approx(chance)


def test_each_word_finds_the_one_that_stands_for_it() -> None:
    assert fit_words(pairs(), NONE, SHARES).likeliest().tolist() == [1, 2, 3]


def test_a_word_never_seen_stands_for_nothing() -> None:
    assert fit_words(pairs(trains=1), NONE, SHARES).likeliest()[2] == 0


def test_an_answer_costs_the_mean_chance_over_the_words_of_its_source() -> None:
    table, chances = fit_words(pairs(), NONE, SHARES), expected(ROUNDS)
    nats = table.nats(pairs(), np.array([3, 1]))
    for own, place in enumerate((3, 1)):
        words = (NONE, *SOURCES[place])
        means = (
            sum((1 - REST) * chances[read, written] + REST * SHARES[written] for read in words) / len(words)
            for written in ANSWERS[place]
        )
        assert nats[own] == pytest.approx(-log(prod(means)))


def test_lengths_cost_their_share_among_answers_to_sources_as_long() -> None:
    """Answers may have 1 to 4 symbols, each counted once more; two of two sources of two words have 3."""
    nats = length_nats(pairs(), np.array([0, 2]))
    assert nats.tolist() == pytest.approx([-log(3 / 6), -log(2 / 5)])
