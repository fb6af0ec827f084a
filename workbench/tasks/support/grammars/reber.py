"""Reber's grammar as an automaton, by itself and embedded between two equal outer symbols."""

from workbench.tasks.support.grammars.automata import Automaton

SYMBOLS = ("B", "T", "P", "S", "X", "V", "E")
SHORTEST = 5
"""Symbols of the shortest strings, BTXSE and BPVVE."""
OUTER = 4
"""Symbols that an embedded string has around the inner one: B, T or P, the same again, E."""
_REBER = {
    "0": {"B": "1"},
    "1": {"T": "2", "P": "3"},
    "2": {"S": "2", "X": "4"},
    "3": {"T": "3", "V": "5"},
    "4": {"X": "3", "S": "6"},
    "5": {"P": "4", "V": "6"},
    "6": {"E": "end"},
}


def reber() -> Automaton:
    """Return the grammar of Reber 1967, strings from B to E, drawn as in Cleeremans et al. 1989, figure 3."""
    return Automaton.of(_REBER, SYMBOLS)


def embedded_reber() -> Automaton:
    """Return the grammar in which an outer T or P is to be repeated after an inner string, with a B and an E around."""
    arcs = {"outer start": {"B": "outer"}, "outer": {symbol: f"{symbol}0" for symbol in "TP"}}
    for outer in "TP":
        for state, arc in _REBER.items():
            arcs[outer + state] = {symbol: outer + after for symbol, after in arc.items()}
        arcs[f"{outer}end"] = {outer: "outer end"}
    return Automaton.of(arcs | {"outer end": {"E": "end"}}, SYMBOLS)
