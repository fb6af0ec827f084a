"""How long something takes on a device: given several at a time, waited for once, medians of rounds in turn."""

import statistics
from collections.abc import Callable, Mapping
from time import perf_counter

Work = Callable[[], object]
_WARM_UP = 3
"""Calls that do not count: they compile, allocate and record."""


def seconds_in_turn(
    works: Mapping[str, Work], wait: Work, *, rounds: int = 5, seconds: float = 0.06
) -> dict[str, float]:
    """Return the median seconds of a call of each, over rounds in which each has its turn of about ``seconds``."""
    counts = {name: _warm_up(work, wait, seconds) for name, work in works.items()}
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            found[name].append(_time(work, wait, counts[name]))
    return {name: statistics.median(own) for name, own in found.items()}


def _warm_up(work: Work, wait: Work, seconds: float) -> int:
    """Return how many calls take about so many seconds."""
    for _ in range(_WARM_UP):
        work()
    return max(1, min(1000, round(seconds / max(_time(work, wait, 2), 1e-7))))


def _time(work: Work, wait: Work, count: int) -> float:
    wait()
    start = perf_counter()
    for _ in range(count):
        work()
    wait()
    return (perf_counter() - start) / count
