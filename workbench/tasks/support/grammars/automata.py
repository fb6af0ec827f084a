"""Strings of a regular language: an automaton with chances, and its walks of chosen lengths, exactly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

NOWHERE = -1


@dataclass(frozen=True)
class Automaton:
    """Walks start in state 0 and end in the last one; each symbol a state allows is as likely as its others.

    ``following`` (S, K): the state after each symbol, NOWHERE where the symbol cannot come. The last state allows
    symbol 0 alone, for ever: a string that has ended is padded with it.
    """

    following: NDArray[np.int64]

    @classmethod
    def of(cls, arcs: Mapping[str, Mapping[str, str]], symbols: Sequence[str]) -> "Automaton":
        """Return the automaton of arcs ``{state: {symbol: next state}}``; its one state without arcs comes last."""
        (end,) = {after for arc in arcs.values() for after in arc.values()} - set(arcs)
        numbers = {name: number for number, name in enumerate([*arcs, end])}
        following = np.full((len(numbers), len(symbols)), NOWHERE)
        for state, arc in arcs.items():
            for symbol, after in arc.items():
                following[numbers[state], symbols.index(symbol)] = numbers[after]
        following[-1, 0] = numbers[end]
        return cls(following)

    @property
    def end(self) -> int:
        """The state in which walks end."""
        return len(self.following) - 1

    @cached_property
    def legal(self) -> NDArray[np.bool_]:
        """(S, K), whether a symbol can come in a state."""
        allowed: NDArray[np.bool_] = self.following != NOWHERE
        return allowed

    def read(self, strings: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the state (L, B) after each symbol of strings (L, B), all of them of this language."""
        states = np.empty_like(strings)
        now = np.zeros(strings.shape[1:], dtype=np.int64)
        for place, symbols in enumerate(strings):
            now = states[place] = self.following[now, symbols]
        return states


class Walks:
    """The walks of an automaton with ``shortest`` to ``longest`` symbols, each as likely as among them all.

    ``chances`` (L, S, K): of each symbol at each place in each state, given that the walk's length is to be one of
    these (Doob's h-transform); ``visits`` (L, S): the chance that a walk has not ended there and is in that state.
    Raises ValueError where no walk has such a length.
    """

    def __init__(self, automaton: Automaton, shortest: int, longest: int) -> None:
        self.automaton = automaton
        self.longest = longest
        self.chances = _given_length(automaton, shortest, longest)
        self.visits = _visits(automaton, self.chances)

    def draw(self, random: np.random.Generator, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return strings (L, count), padded with symbol 0, and their lengths (count,)."""
        strings = np.zeros((self.longest, count), dtype=np.int64)
        lengths = np.zeros(count, dtype=np.int64)
        heights = random.random((self.longest, count))
        walking, states = np.arange(count), np.zeros(count, dtype=np.int64)
        for place in range(self.longest):
            symbols = (heights[place, walking, None] >= self._steps[place, states]).sum(axis=1)
            strings[place, walking] = symbols
            lengths[walking] += 1
            states = self.automaton.following[states, symbols]
            going = states != self.automaton.end
            walking, states = walking[going], states[going]
        return strings, lengths

    @cached_property
    def _steps(self) -> NDArray[np.float64]:
        """(L, S, K) cumulative chances; they reach exactly 1 at the last symbol that can come."""
        steps = self.chances.cumsum(axis=-1)
        steps /= np.where(steps[..., -1:] > 0, steps[..., -1:], 1.0)
        return steps

    @property
    def length(self) -> float:
        """The expected number of symbols."""
        return float(self.visits.sum())

    @property
    def nats(self) -> float:
        """The entropy of a walk: what the best predictor, which knows state and place, expects to lose on it."""
        surprise = -np.log(self.chances, out=np.zeros_like(self.chances), where=self.chances > 0)
        return float((self.visits[..., None] * self.chances * surprise).sum())

    @cached_property
    def pairs(self) -> NDArray[np.float64]:
        """(K, S, K): how often one expects a symbol, the state it leads to, and the symbol that comes next."""
        states, symbols = np.nonzero(self.automaton.legal[:-1])
        after = self.automaton.following[states, symbols]
        reached = self.visits[:-1, states] * self.chances[:-1, states, symbols]
        joint = np.einsum("la,lak->ak", reached, self.chances[1:, after])
        found = np.zeros((self.chances.shape[2], *self.automaton.following.shape))
        np.add.at(found, (symbols, after), joint)
        return found


def _given_length(automaton: Automaton, shortest: int, longest: int) -> NDArray[np.float64]:
    """Return (L, S, K): the chances of symbols, given that the walk ends after ``shortest`` to ``longest`` of them."""
    legal, following = automaton.legal[:-1], automaton.following[:-1]
    free = legal / legal.sum(axis=1, keepdims=True)
    chances = np.zeros((longest, *automaton.following.shape))
    # How likely a free walk in each state keeps to these lengths; first after the last place.
    likely = np.zeros(len(automaton.following))
    likely[-1] = 1.0
    for place in reversed(range(longest)):
        joint = free * likely[following]
        total = joint.sum(axis=1, keepdims=True)
        chances[place, :-1] = np.divide(joint, total, out=np.zeros_like(joint), where=total > 0)
        likely = np.append(total[:, 0], float(place >= shortest))
    if likely[0] == 0:
        raise ValueError(f"No walk of this automaton has {shortest} to {longest} symbols.")
    return chances


def _visits(automaton: Automaton, chances: NDArray[np.float64]) -> NDArray[np.float64]:
    visits = np.zeros(chances.shape[:2])
    visits[0, 0] = 1.0
    states, symbols = np.nonzero(automaton.legal[:-1])
    for place in range(len(chances) - 1):
        flow = visits[place, states] * chances[place, states, symbols]
        np.add.at(visits[place + 1], automaton.following[states, symbols], flow)
        visits[place + 1, automaton.end] = 0.0
    return visits
