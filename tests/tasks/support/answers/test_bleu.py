from fractions import Fraction
from math import exp

import pytest

from workbench.tasks.support.answers.bleu import bleu, clipped_matches


def words(*sentences: str) -> list[list[str]]:
    return [sentence.split() for sentence in sentences]


THE_CAT = words("the cat is on the mat", "there is a cat on the mat")
FIRST, SECOND = words(
    "it is a guide to action which ensures that the military always obeys the commands of the party",
    "it is to insure the troops forever hearing the activity guidebook that party direct",
)
GUIDE = words(
    "it is a guide to action that ensures that the military will forever heed party commands",
    "it is the guiding principle which guarantees the military forces always being under the command of the party",
    "it is the practical guide for the army always to heed the directions of the party",
)


@pytest.mark.parametrize(
    ("written", "references", "n", "precision"),
    [
        (["the"] * 7, THE_CAT, 1, Fraction(2, 7)),
        (["the"] * 7, THE_CAT, 2, Fraction(0)),
        (FIRST, GUIDE, 1, Fraction(17, 18)),
        (SECOND, GUIDE, 1, Fraction(8, 14)),
        (FIRST, GUIDE, 2, Fraction(10, 17)),
        (SECOND, GUIDE, 2, Fraction(1, 13)),
    ],
)
def test_precisions_are_those_of_the_paper(
    written: list[str], references: list[list[str]], n: int, precision: Fraction
) -> None:
    """Papineni et al. 2002, section 2.1, examples 1 and 2."""
    assert Fraction(*clipped_matches([written], [references], n)) == precision


def test_a_corpus_scores_what_nltk_says_of_it() -> None:
    """The example in the documentation of nltk.translate.bleu_score.corpus_bleu."""
    other = "he read the book because he was interested in world history"
    due = words("he was interested in world history because he read the book")
    guide = [[word.replace("party", "Party") for word in sentence] for sentence in GUIDE[:2]] + [GUIDE[2]]
    written = words("It" + " ".join(FIRST)[2:], other)
    references = [[["It", *sentence[1:]] for sentence in guide], due]
    assert bleu(written, references) == pytest.approx(0.5920778868801042)


def test_a_corpus_scores_what_sacrebleu_says_of_it() -> None:
    """sacreBLEU 2.6.0, no tokenisation, no smoothing: 54.21343690635788 of 100; 13 words written where 15 were due."""
    written = words("the cat sat on the mat", "il ne voit pas le chat noir")
    references = [words("the cat sat on the red mat"), words("elle ne voit pas le petit chat noir")]
    assert bleu(written, references) == pytest.approx(0.5421343690635788)


def test_what_is_written_as_it_was_due_scores_1_and_nothing_scores_0() -> None:
    due = [["a", "b", "c", "d", "e"], ["a", "b"]]
    assert bleu(due, [[each] for each in due]) == 1.0
    assert bleu([[], []], [[each] for each in due]) == 0.0


def test_runs_longer_than_every_reference_are_not_asked_for() -> None:
    assert bleu([["a", "b"]], [[["a", "b"]]]) == 1.0
    assert bleu([["a", "b", "c", "d"]], [[["a", "b"]]]) == pytest.approx((2 / 4 * 1 / 3) ** 0.5)


def test_a_corpus_without_a_shared_run_of_four_scores_0() -> None:
    assert bleu([["a", "b", "c", "x", "d", "e"]], [[["a", "b", "c", "d", "e"]]]) == 0.0


def test_of_several_references_the_one_nearest_in_length_counts() -> None:
    """Nine words written, references of 8 and 12: no penalty; of 12 alone: exp(1 - 12/9)."""
    far = list("abcdefghijkl")
    assert bleu([far[:9]], [[far[:8], far]]) == pytest.approx(1.0)
    assert bleu([far[:9]], [[far]]) == pytest.approx(exp(1 - 12 / 9))
