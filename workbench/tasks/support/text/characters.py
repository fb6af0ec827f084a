"""Characters as numbers, and back."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_CODE_POINTS = 0x110000
_MOST = 1 << 16
"""Different characters that are told apart."""
_VISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥"}


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@dataclass(frozen=True)
class Characters:
    """The known characters in code point order, as symbols 1, 2, ...; symbol 0 stands for all others."""

    known: str

    @property
    def size(self) -> int:
        """How many symbols there are, the one for unknown characters included."""
        return len(self.known) + 1

    @property
    def names(self) -> tuple[str, ...]:
        """Return each symbol as one visible character."""
        return (UNKNOWN, *(_VISIBLE.get(character, character) for character in self.known))

    def encode(self, text: str) -> NDArray[np.uint16]:
        """Return the symbols of a text."""
        return self._table[_code_points(text)]

    def decode(self, symbols: NDArray[np.integer]) -> str:
        """Return the text of symbols."""
        characters = UNKNOWN + self.known
        return "".join(characters[symbol] for symbol in symbols)

    @cached_property
    def _table(self) -> NDArray[np.uint16]:
        table = np.zeros(_CODE_POINTS, dtype=np.uint16)
        table[_code_points(self.known)] = np.arange(1, self.size)
        return table


class CharacterNumbers:
    """Numbers the characters of a long text in the order they come; which are known is chosen when all were seen.

    Number 0 stands for characters beyond the first 65,535 different ones.
    """

    def __init__(self) -> None:
        self._table = np.zeros(_CODE_POINTS, dtype=np.uint16)
        self._seen: list[int] = []

    def __len__(self) -> int:
        return len(self._seen) + 1

    def number(self, text: str) -> NDArray[np.uint16]:
        """Return the number of each character."""
        code_points = _code_points(text)
        numbers = self._table[code_points]
        new = np.unique(code_points[numbers == 0]) if not numbers.all() else code_points[:0]
        if new := new[: _MOST - len(self)].tolist():
            self._table[new] = np.arange(len(self), len(self) + len(new))
            self._seen += new
            numbers = self._table[code_points]
        return numbers

    def choose(self, counts: NDArray[np.int64], most: int) -> tuple[Characters, NDArray[np.uint16]]:
        """Return the ``most - 1`` characters that ``counts`` says come most often, and the symbol of each number."""
        code_points = np.array([0, *self._seen])
        counted = 1 + np.flatnonzero(counts[1:])
        frequent = counted[np.lexsort((code_points[counted], -counts[counted]))][: most - 1]
        frequent = frequent[code_points[frequent].argsort()]
        symbols = np.zeros(len(self), dtype=np.uint16)
        symbols[frequent] = np.arange(1, len(frequent) + 1)
        return Characters("".join(map(chr, code_points[frequent]))), symbols
