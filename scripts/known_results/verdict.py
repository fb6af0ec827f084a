"""What runs say of a published result, in words."""

from collections.abc import Sequence

from known_results.kept import Outcome
from known_results.plan import Entry

PUBLISHED = "agrees", "contradicts"
EXPECTED = "as expected", "not as expected"


def verdict(entry: Entry, outcomes: Sequence[Outcome]) -> str:
    """Return whether the runs agree with what is published, how many of them, and the remark."""
    words = _verdict(entry, outcomes)
    return f"{words}; {entry.remark}" if entry.remark and outcomes else words


def _verdict(entry: Entry, outcomes: Sequence[Outcome]) -> str:
    finished = [outcome for outcome in outcomes if not outcome.trouble]
    if not finished:
        return "no result"
    if entry.published.claim is None:
        return "nothing to compare"
    agreeing = sum(_holds(entry, outcome) for outcome in finished)
    agrees, contradicts = PUBLISHED if entry.published.source else EXPECTED
    if agreeing == len(finished):
        return agrees
    if agreeing == 0:
        return contradicts
    return f"{agreeing} of {len(finished)} seeds agree"


def _holds(entry: Entry, outcome: Outcome) -> bool:
    claim, shown = entry.published.claim, entry.section.metric
    assert claim is not None
    number = outcome.numbers[claim.names(shown, outcome.numbers)]
    if claim.baseline is None:
        return claim.holds(number)
    (beside,) = (baseline for baseline in outcome.baselines if baseline.name == claim.baseline)
    return claim.holds(number, beside.value if (claim.metric or shown) == "loss" else beside.metric)
