"""BLEU: how much of what was written stands in a reference, from single words to runs of four."""

from collections import Counter
from collections.abc import Sequence
from math import exp, log

Sentence = Sequence[str]

LONGEST = 4


def bleu(written: Sequence[Sentence], references: Sequence[Sequence[Sentence]]) -> float:
    """Return the BLEU of a corpus, from 0 to 1; each sentence written has one or more references.

    BP exp(1/N sum ln p_n), p_n the share of all written runs of n words that stand in their references, N = 4, or
    less where no reference is so long; BP = exp(1 - r/c) where the c words written are fewer than the r of the
    references, of each sentence the one nearest in length (Papineni, Roukos, Ward & Zhu 2002, section 2.3).
    """
    logarithms: list[float] = []
    for n in range(1, LONGEST + 1):
        if not any(len(reference) >= n for each in references for reference in each):
            break
        found, count = clipped_matches(written, references, n)
        if not found:
            return 0.0
        logarithms.append(log(found / count))
    if not logarithms:
        return 0.0
    total = sum(len(sentence) for sentence in written)
    due = sum(_nearest(len(sentence), each) for sentence, each in zip(written, references, strict=True))
    return exp(min(0.0, 1 - due / total) + sum(logarithms) / len(logarithms))


def clipped_matches(written: Sequence[Sentence], references: Sequence[Sequence[Sentence]], n: int) -> tuple[int, int]:
    """Return how many written runs of ``n`` words stand in a reference, and how many there are.

    A run counts no more often than it stands in that reference that has it most often (section 2.1).
    """
    found = count = 0
    for sentence, each in zip(written, references, strict=True):
        own = _runs(sentence, n)
        most: Counter[tuple[str, ...]] = Counter()
        for reference in each:
            most |= _runs(reference, n)
        found += (own & most).total()
        count += own.total()
    return found, count


def _runs(sentence: Sentence, n: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(sentence[start:] for start in range(n)), strict=False))


def _nearest(length: int, references: Sequence[Sentence]) -> int:
    """Return the reference length nearest to ``length``, the shorter of two as near."""
    return min((len(reference) for reference in references), key=lambda due: (abs(due - length), due))
