"""How fast something repeats."""

from collections.abc import Callable
from time import perf_counter


def rate(step: Callable[[], object], seconds: float) -> float:
    """Return how many times a second ``step`` runs, measured over at least so many seconds."""
    count, start = 0, perf_counter()
    while (spent := perf_counter() - start) < seconds or not count:
        step()
        count += 1
    return count / spent
