"""Texts: mathematics between \\( and \\), everything else as it stands; lines broken to a width."""

import re
from functools import cache

from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser

from workbench.figures.errors import DrawingError

POINTS_PER_INCH = 72.0
_LONGEST_WORD = 30  # letters
_MATHEMATICS = re.compile(r"\\\((.*?)\\\)")


@cache
def _parser() -> "MathTextParser":  # type: ignore[type-arg]
    return MathTextParser("path")


def drawable(text: str) -> str:
    """Return a text as matplotlib takes it: dollar signs are plain, ``\\(...\\)`` is set as mathematics.

    Raises DrawingError for mathematics that cannot be set.
    """
    pieces = _MATHEMATICS.split(" ".join(text.split()) if "\n" not in text else text)
    pieces[0::2] = [piece.replace("$", r"\$") for piece in pieces[0::2]]
    pieces[1::2] = [f"${piece}$" for piece in pieces[1::2]]
    whole = "".join(pieces)
    if len(pieces) > 1:
        try:
            _parser().parse(whole, 72, FontProperties())
        except ValueError as error:
            reason = str(error).splitlines()[-1].partition(": ")[2].partition(", found")[0]
            raise DrawingError(f"The mathematics in “{text}” cannot be set: {reason}.") from error
    return whole


def width_of(text: str, size: float) -> float:
    """Return how wide a line is at a font of ``size`` points, in points."""
    return float(_parser().parse(drawable(text), POINTS_PER_INCH, FontProperties(size=size))[0])


def wrapped(text: str, size: float, width: float) -> str:
    """Return a text broken into lines of at most ``width`` points; mathematics is never broken."""
    lines: list[str] = []
    for paragraph in text.splitlines():
        line = ""
        for word in _words(paragraph):
            longer = f"{line} {word}".strip()
            if line and width_of(longer, size) > width:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return "\n".join(lines)


def _words(text: str) -> list[str]:
    """Return the words; one that holds mathematics with blanks stays whole."""
    words = re.findall(r"(?:\\\(.*?\\\)|\S)+", text)
    return [part for word in words for part in _parts(word)]


def _parts(word: str) -> list[str]:
    """Return a word, or pieces of one that no language has and no line may hold."""
    if len(word) <= _LONGEST_WORD or r"\(" in word:
        return [word]
    return [word[at : at + _LONGEST_WORD] for at in range(0, len(word), _LONGEST_WORD)]
