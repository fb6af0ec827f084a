"""Characters as numbers, and back."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_CODE_POINTS = 0x110000
_PIECE = 1 << 22
_VISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥"}


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _pieces(text: str) -> list[str]:
    """Cut a text so that no step needs four bytes for each of its characters at once."""
    return [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)]


@dataclass(frozen=True)
class Characters:
    """The known characters in code point order, as symbols 1, 2, ...; symbol 0 stands for all others."""

    known: str

    @classmethod
    def of(cls, text: str, most: int) -> "Characters":
        """Return the characters of a text, or the ``most - 1`` most frequent of them."""
        counts = np.zeros(_CODE_POINTS, dtype=np.int64)
        for piece in _pieces(text):
            counts += np.bincount(_code_points(piece), minlength=_CODE_POINTS)
        frequent = np.argsort(-counts, kind="stable")[: most - 1]
        return cls("".join(map(chr, sorted(frequent[counts[frequent] > 0]))))

    @property
    def size(self) -> int:
        """How many symbols there are, the one for unknown characters included."""
        return len(self.known) + 1

    @property
    def names(self) -> tuple[str, ...]:
        """Return each symbol as one visible character."""
        return (UNKNOWN, *(_VISIBLE.get(character, character) for character in self.known))

    def encode(self, text: str) -> NDArray[np.uint16]:
        """Return the symbols of a text, two bytes each: a large text must fit in memory."""
        encoded = [self._table[_code_points(piece)] for piece in _pieces(text)]
        return np.concatenate(encoded) if encoded else np.zeros(0, dtype=np.uint16)

    def decode(self, symbols: NDArray[np.integer]) -> str:
        """Return the text of symbols."""
        characters = UNKNOWN + self.known
        return "".join(characters[symbol] for symbol in symbols)

    @cached_property
    def _table(self) -> NDArray[np.uint16]:
        table = np.zeros(_CODE_POINTS, dtype=np.uint16)
        table[_code_points(self.known)] = np.arange(1, self.size)
        return table
