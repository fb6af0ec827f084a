"""Threads that share out the sequences of a batch: compiled code runs without Python's lock."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cache

from workbench.backends.errors import BackendError

VARIABLE = "RNN_WORKBENCH_THREADS"
"""How many threads a program may use; unset: as many as the process has cores."""

# Below this many multiplications a call, waking a thread costs more than it saves.
WORTH_SHARING = 4_000_000
MOST_THREADS = 1024


def thread_count() -> int:
    """How many threads programs use."""
    given = os.environ.get(VARIABLE, "")
    if given:
        if not (given.isascii() and given.isdigit() and int(given)):
            raise BackendError(f"{VARIABLE} is {given!r}; set it to a number of threads such as 2, or leave it unset")
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_out(batch: int, threads: int) -> list[tuple[int, int]]:
    """Cut ``batch`` sequences into even shares, first and last + 1 each."""
    shares = max(1, min(threads, batch))
    return [(batch * index // shares, batch * (index + 1) // shares) for index in range(shares)]


def run_shares(function: Callable[[int, int, int], None], shares: Sequence[tuple[int, int]]) -> None:
    """Call ``function(first, last, number)`` for every share, each on a thread of its own."""
    others = [_pool().submit(function, *share, number) for number, share in enumerate(shares) if number]
    try:
        function(*shares[0], 0)
    finally:
        # Even when interrupted: the others still write into the arrays.
        wait(others)
    for share in others:
        share.result()


@cache
def _pool() -> ThreadPoolExecutor:
    """A thread is started when it is first needed, so that the number is a bound alone."""
    return ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="program")


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork.
    os.register_at_fork(after_in_child=_pool.cache_clear)
