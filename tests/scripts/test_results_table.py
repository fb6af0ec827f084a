"""Claims, verdicts and the table: what is said of runs."""

from pathlib import Path

import pytest
from known_results.claims import Claim, lengths_of
from known_results.kept import Outcome
from known_results.plan import Entry
from known_results.table import number, ours, table
from known_results.verdict import verdict
from pydantic import ValidationError

from tests.scripts.results_support import entry_of
from workbench.tasks import Baseline
from workbench.tasks.base import at_length


@pytest.mark.parametrize(
    ("bound", "score", "holds"),
    [
        ({"below": 0.1}, 0.09, True),
        ({"below": 0.1}, 0.1, False),
        ({"above": 0.9}, 0.95, True),
        ({"above": 0.9}, 0.9, False),
        ({"near": 0.5, "within": 0.01}, 0.505, True),
        ({"near": 0.5, "within": 0.01}, 0.52, False),
        ({"below_baseline": "guess"}, 0.29, True),
        ({"below_baseline": "guess", "by": 0.1}, 0.25, False),
        ({"above_baseline": "guess", "by": 0.1}, 0.45, True),
        ({"above_baseline": "guess"}, 0.3, False),
    ],
)
def test_a_claim_holds_on_its_side_alone(bound: dict[str, float], score: float, holds: bool) -> None:
    assert Claim.model_validate(bound).holds(score, baseline=0.3) is holds


@pytest.mark.parametrize("bounds", [{}, {"below": 1.0, "above": 0.0}])
def test_a_claim_has_exactly_one_bound(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError, match="exactly one"):
        Claim.model_validate(bounds)


def test_a_claim_may_speak_of_the_longest_length_or_of_another_metric() -> None:
    numbers = {at_length("accuracy", 9): 1.0, at_length("accuracy", 100): 0.5}
    assert lengths_of("accuracy", numbers) == [9, 100]
    assert Claim(at_length="longest", below=0.6).names("accuracy", numbers) == at_length("accuracy", 100)
    assert Claim(at_length=9, below=0.6).names("accuracy", numbers) == at_length("accuracy", 9)
    assert Claim(metric="loss", below=0.6).names("accuracy", numbers) == "loss"


@pytest.mark.parametrize(
    ("scores", "says"),
    [
        ([0.1, 0.2], "agrees"),
        ([0.6, 0.7], "contradicts"),
        ([0.1, 0.7], "1 of 2 seeds agree"),
        ([], "no result"),
    ],
)
def test_the_verdict_counts_the_seeds(rows: Path, scores: list[float], says: str) -> None:
    assert verdict(entry_of(rows, Claim(below=0.5)), [Outcome({"mse": score}) for score in scores]) == says


def test_a_claim_about_a_baseline_takes_its_metric_or_its_loss(rows: Path) -> None:
    guess = Baseline("guess", 0.7, 0.2, "", "")
    outcome = Outcome({"mse": 0.5, "loss": 0.5}, (guess,))
    assert verdict(entry_of(rows, Claim(below_baseline="guess")), [outcome]) == "contradicts"
    assert verdict(entry_of(rows, Claim(metric="loss", below_baseline="guess")), [outcome]) == "agrees"


def test_seeds_are_shown_each_behind_their_mean(rows: Path) -> None:
    outcomes = [Outcome({"mse": 0.2}), Outcome({"mse": 0.4}), Outcome({}, trouble="failed: the loss is no number")]
    assert ours(entry_of(rows), outcomes) == "mse 0.3 (0.2, 0.4); failed: the loss is no number"


def test_a_metric_by_length_is_shown_at_each_length(rows: Path) -> None:
    entry = entry_of(rows)
    by_length = Entry(entry.section.model_copy(update={"lengths": "mse"}), entry.published, "", entry.experiments)
    numbers = {at_length("mse", 100): 0.5, at_length("mse", 20): 0.25}
    assert ours(by_length, [Outcome(numbers)]) == "mse 0.25 at 20, 0.5 at 100"


def test_lengths_that_score_alike_stand_together(rows: Path) -> None:
    entry = entry_of(rows)
    by_length = Entry(entry.section.model_copy(update={"lengths": "mse"}), entry.published, "", entry.experiments)
    scores = {5: 1.0, 9: 1.0, 30: 1.0, 100: 0.5}
    outcome = Outcome({at_length("mse", length): score for length, score in scores.items()})
    assert ours(by_length, [outcome]) == "mse 1 at 5 to 30, 0.5 at 100"


def test_a_metric_may_be_shown_at_the_longest_length_alone(rows: Path) -> None:
    entry = entry_of(rows)
    longest = Entry(entry.section.model_copy(update={"longest": True}), entry.published, "", entry.experiments)
    numbers = {"mse": 0.1, at_length("mse", 100): 0.5, at_length("mse", 20): 0.25}
    assert ours(longest, [Outcome(numbers)]) == "mse 0.5, tested up to 100"


def test_another_metric_by_length_stands_behind_the_one_shown(rows: Path) -> None:
    entry = entry_of(rows)
    by_length = Entry(entry.section.model_copy(update={"lengths": "accuracy"}), entry.published, "", entry.experiments)
    outcomes = [Outcome({"mse": 0.5, at_length("accuracy", 9): score}) for score in (0.5, 1.0)]
    assert ours(by_length, outcomes) == "mse 0.5 (0.5, 0.5); accuracy 0.75 at 9 (mean of 2 seeds)"


def test_what_nobody_published_is_expected(rows: Path) -> None:
    entry = entry_of(rows, Claim(below=0.5))
    own = Entry(entry.section, entry.published.model_copy(update={"source": ""}), "", entry.experiments)
    assert verdict(own, [Outcome({"mse": 0.1})]) == "as expected"
    assert verdict(own, [Outcome({"mse": 0.6})]) == "not as expected"
    assert "| expected: 1/6" in table([own], {})


def test_what_was_not_trained_yet_is_said(rows: Path) -> None:
    assert table([entry_of(rows)], {}).splitlines()[-1].endswith("| not trained yet | no result |")


@pytest.mark.parametrize(
    ("value", "text"), [(0.98765, "0.9877"), (0.000123456, "0.000123"), (12.345, "12.3"), (1.0, "1"), (0.0, "0")]
)
def test_numbers_keep_the_digits_that_count(value: float, text: str) -> None:
    assert number(value) == text
