import re
from itertools import product

import numpy as np
import pytest

from workbench.tasks.support.grammars.automata import Automaton, Walks
from workbench.tasks.support.grammars.reber import OUTER, SHORTEST, SYMBOLS, embedded_reber, reber

# The grammar of Reber 1967 as a regular expression, read off the diagram in Cleeremans et al. 1989.
TAIL = "(XT*VP)*(S|XT*VV)"
REBER = f"B(TS*X{TAIL}|PT*V(V|P{TAIL}))E"
EMBEDDED = f"BT{REBER}TE|BP{REBER}PE"


def written(automaton: Automaton, shortest: int, longest: int, count: int) -> list[str]:
    strings, lengths = Walks(automaton, shortest, longest).draw(np.random.default_rng(1), count)
    return ["".join(SYMBOLS[symbol] for symbol in strings[:n, own]) for own, n in enumerate(lengths)]


@pytest.mark.parametrize("longest", [5, 8, 60])
def test_every_string_drawn_is_one_of_the_regular_expression(longest: int) -> None:
    assert all(re.fullmatch(REBER, string) for string in written(reber(), SHORTEST, longest, 2000))
    embedded = written(embedded_reber(), SHORTEST + OUTER, longest + OUTER, 2000)
    assert all(re.fullmatch(EMBEDDED, string) for string in embedded)


def test_all_short_strings_of_the_regular_expression_are_drawn() -> None:
    inner = ("".join(letters) for count in range(3, 7) for letters in product("TPSXV", repeat=count))
    every = {f"B{letters}E" for letters in inner if re.fullmatch(REBER, f"B{letters}E")}
    assert len(every) > 10
    assert set(written(reber(), SHORTEST, 8, 5000)) == every


def test_each_string_has_a_chance_of_one_half_for_each_of_its_branchings() -> None:
    """All symbols but the first and the last come from a branching."""
    walks = Walks(reber(), SHORTEST, 200)
    ended = -np.diff(walks.visits.sum(axis=1))
    for length in range(SHORTEST, 10):
        inner = ("".join(letters) for letters in product("TPSXV", repeat=length - 2))
        count = sum(re.fullmatch(REBER, f"B{letters}E") is not None for letters in inner)
        assert ended[length - 1] == pytest.approx(count * 0.5 ** (length - 2))


@pytest.mark.parametrize(("automaton", "shortest"), [(reber(), SHORTEST), (embedded_reber(), SHORTEST + OUTER)])
def test_strings_are_expected_to_have_the_length_of_eight_symbols_and_what_is_around(
    automaton: Automaton, shortest: int
) -> None:
    """Solving for the visits of the states by hand: 6 branchings, B and E."""
    assert Walks(automaton, shortest, 300).length == pytest.approx(8 + shortest - SHORTEST)


def test_the_second_outer_symbol_is_the_only_legal_one() -> None:
    automaton = embedded_reber()
    string = np.array([[SYMBOLS.index(letter)] for letter in "BPBTXSE"])
    legal = automaton.legal[automaton.read(string)[-1, 0]]
    assert [symbol for symbol, allowed in zip(SYMBOLS, legal, strict=True) if allowed] == ["P"]
