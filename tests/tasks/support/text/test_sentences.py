from collections import Counter

from workbench.tasks.support.randomness import generator
from workbench.tasks.support.text.sentences import ADJECTIVES, VERBS, write_sentences

PRAISE = {*ADJECTIVES[1], *VERBS[1]}
BLAME = {*ADJECTIVES[-1], *VERBS[-1]}
STRONG = {"very", "really", "truly", "extremely", "utterly"}
TURNING = {"not", "never", "hardly", "far"}
DENIALS = ("nobody can say that ", "i can not say that ", "it is wrong that ")


def praises(sentence: str) -> bool:
    """Read a sentence as a person does, from the outside in."""
    for denial in DENIALS:
        if sentence.startswith(denial):
            return not praises(sentence.removeprefix(denial))
    if sentence.startswith("although "):
        return praises(sentence.partition(" , ")[2])
    if " although " in sentence:
        return praises(sentence.partition(" although ")[0])
    if " but " in sentence:
        first, _, second = sentence.partition(" but ")
        return praises(first if first.endswith("at the end") else second)
    if " and " in sentence:
        first, _, second = sentence.partition(" and ")
        return praises(second if STRONG & set(second.split()) else first)
    words = sentence.split()
    (mood,) = (word in PRAISE for word in words if word in PRAISE | BLAME)
    return not mood if TURNING & set(words) else mood


def sentences(count: int = 4000) -> dict[str, int]:
    return dict(write_sentences(generator(0, "test"), count))


def test_every_sentence_means_what_its_label_says() -> None:
    for sentence, label in sentences().items():
        assert praises(sentence) == bool(label), sentence


def test_sentences_differ_and_half_of_them_praise() -> None:
    assert Counter(sentences().values()) == {0: 2000, 1: 2000}


def test_the_same_words_in_another_order_say_the_opposite() -> None:
    labels: dict[tuple[str, ...], set[int]] = {}
    for sentence, label in sentences(20_000).items():
        labels.setdefault(tuple(sorted(sentence.split())), set()).add(label)
    assert sum(len(found) == 2 for found in labels.values()) > 100


def test_sentences_vary_in_length() -> None:
    lengths = {len(sentence.split()) for sentence in sentences()}
    assert min(lengths) <= 5
    assert max(lengths) >= 15
