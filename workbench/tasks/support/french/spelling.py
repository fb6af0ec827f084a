"""How French words meet: elision and contraction."""

from collections.abc import Sequence

_VOWELS = frozenset("aàâeéèêiîoôuùœ")
ASPIRATED = frozenset({"hibou", "hiboux"})
"""Words whose h counts as a consonant: le hibou, not l'hibou."""
ELIDED = frozenset({"le", "la", "de", "ne", "je", "me"})
CONTRACTED = {("à", "le"): "au", ("à", "les"): "aux", ("de", "le"): "du", ("de", "les"): "des"}


def begins_with_vowel(word: str) -> bool:
    """Return whether a French word is spoken with a vowel first: then the word before it may be elided."""
    return word[0] in _VOWELS or (word[0] == "h" and word not in ASPIRATED)


def spell(words: Sequence[str]) -> str:
    """Return words as they are written together: je aime -> j'aime, de le chat -> du chat, de le ami -> de l'ami."""
    elided = [
        word[:-1] + "'" if word in ELIDED and begins_with_vowel(after) else word
        for word, after in zip(words, (*words[1:], "-"), strict=True)
    ]
    return " ".join(_contract(elided)).replace("' ", "'")


def _contract(words: list[str]) -> list[str]:
    written: list[str] = []
    for word in words:
        together = CONTRACTED.get((written[-1], word)) if written else None
        if together:
            written[-1] = together
        else:
            written.append(word)
    return written
