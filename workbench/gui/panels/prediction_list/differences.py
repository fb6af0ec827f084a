"""Which parts of an answer are not its target's: words, or single letters where there are no words."""

from difflib import SequenceMatcher

Part = tuple[str, bool]
"""A piece of the answer, and whether it is wrong."""

MISSING = "‸"
"""Stands where the answer leaves something out."""


def parts_of(answer: str, target: str) -> tuple[Part, ...]:
    """Return an answer in pieces, each wrong or not; what it leaves out is a wrong MISSING."""
    words = " " in target.strip() or " " in answer.strip()
    own, due = (text.split(" ") if words else list(text) for text in (answer, target))
    pieces: list[Part] = []
    for change, start, end, first, last in SequenceMatcher(None, own, due, autojunk=False).get_opcodes():
        pieces += [(piece, change != "equal") for piece in own[start:end]]
        if last - first > end - start:
            pieces.append((MISSING, True))
    return _joined(pieces, " " if words else "")


def agreeing_parts(answer: str, target: str) -> tuple[Part, ...]:
    """Return an answer in pieces, each differing or not from what stands at the same place of the target."""
    due = target.ljust(len(answer))
    return _joined([(piece, piece != own) for piece, own in zip(answer, due, strict=False)], "")


def _joined(pieces: list[Part], between: str) -> tuple[Part, ...]:
    """Return neighbours of one kind as one piece."""
    found: list[Part] = []
    for place, (piece, wrong) in enumerate(pieces):
        text = piece + (between if place < len(pieces) - 1 else "")
        if found and found[-1][1] == wrong:
            found[-1] = found[-1][0] + text, wrong
        else:
            found.append((text, wrong))
    return tuple(found)
