"""The table in Markdown: ours beside published beside baseline."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from known_results.claims import lengths_of
from known_results.kept import Outcome, identity
from known_results.plan import Entry, sizes
from known_results.verdict import verdict
from workbench.lab.experiment import Experiment
from workbench.tasks.base import at_length

COLUMNS = ("task", "cell, size, steps", "baselines", "published", "ours", "verdict")

Outcomes = Mapping[Experiment, Outcome]
"""By the experiment without its name."""


def table(entries: Sequence[Entry], outcomes: Outcomes) -> str:
    """Return the table; an entry of which nothing is known yet says so."""
    lines = [COLUMNS, ("---",) * len(COLUMNS), *(_cells(entry, _of(entry, outcomes)) for entry in entries)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def ours(entry: Entry, outcomes: Sequence[Outcome]) -> str:
    """Return the mean of the seeds and each of them, by length where the section asks for that; and what went wrong."""
    finished = [outcome.numbers for outcome in outcomes if not outcome.trouble]
    troubles = list(dict.fromkeys(outcome.trouble for outcome in outcomes if outcome.trouble))
    metric, lengths = entry.section.metric, entry.section.lengths
    parts = []
    if finished and entry.section.longest:
        longest = lengths_of(metric, finished[0])[-1]
        scores = [numbers[at_length(metric, longest)] for numbers in finished]
        parts.append(f"{metric} {_seeds(scores)}, tested up to {longest}")
    elif finished and metric != lengths:
        parts.append(f"{metric} {_seeds([numbers[metric] for numbers in finished])}")
    if finished and lengths:
        parts.append(_by_length(lengths, finished))
    return "; ".join([*parts, *troubles]) or "not trained yet"


def number(value: float) -> str:
    """Return a number with three digits that count, four where it is near 1."""
    return f"{value:.4g}" if 0.1 <= abs(value) < 10 else f"{value:.3g}"


def _of(entry: Entry, outcomes: Outcomes) -> list[Outcome]:
    found = (outcomes.get(identity(experiment)) for experiment in entry.experiments)
    return [outcome for outcome in found if outcome is not None]


def _cells(entry: Entry, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    experiment, published = entry.experiment, entry.published
    what = f"{sizes(experiment)}, {experiment.steps:,} steps of {experiment.batch}"
    says = f"{published.says} ({published.source})" if published.source else f"expected: {published.says}"
    return entry.what, what, _baselines(entry, outcomes), says, ours(entry, outcomes), verdict(entry, outcomes)


def _baselines(entry: Entry, outcomes: Sequence[Outcome]) -> str:
    """Return what trivial predictors score in the metric shown, on the data of the first seed."""
    section = entry.section
    found = next((outcome.baselines for outcome in outcomes if outcome.baselines), ())
    shown = [one for one in found if section.baselines is None or one.name in section.baselines]
    scores = [(one.name, one.value if section.metric == "loss" else one.metric) for one in shown]
    return ", ".join(f"{name}: {number(score)}" for name, score in scores) or "–"


def _by_length(metric: str, finished: Sequence[Mapping[str, float]]) -> str:
    """Return the scores of one length after the other; lengths that score alike stand together."""
    lengths = lengths_of(metric, finished[0])
    scores = [(_mean([one[at_length(metric, length)] for one in finished]), length) for length in lengths]
    alike = [(score, [length for _, length in group]) for score, group in groupby(scores, key=itemgetter(0))]
    parts = (f"{score} at {' to '.join(map(str, dict.fromkeys((own[0], own[-1]))))}" for score, own in alike)
    seeds = f" (mean of {len(finished)} seeds)" if len(finished) > 1 else ""
    return f"{metric} {', '.join(parts)}{seeds}"


def _seeds(scores: Sequence[float]) -> str:
    each = f" ({', '.join(map(number, scores))})" if len(scores) > 1 else ""
    return _mean(scores) + each


def _mean(scores: Sequence[float]) -> str:
    return number(sum(scores) / len(scores))
