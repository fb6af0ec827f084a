"""Threads that share out the sequences of a batch: compiled code runs without Python's lock."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache

VARIABLE = "RNN_WORKBENCH_THREADS"
"""How many threads a program may use; unset: as many as the process has cores."""

# Below this many multiplications a call, waking a thread costs more than it saves.
WORTH_SHARING = 4_000_000


def thread_count() -> int:
    """How many threads programs use."""
    given = os.environ.get(VARIABLE, "")
    if given.isdigit() and int(given):
        return int(given)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def share_out(batch: int, threads: int) -> list[tuple[int, int]]:
    """Cut ``batch`` sequences into even shares, first and last + 1 each."""
    shares = max(1, min(threads, batch))
    return [(batch * index // shares, batch * (index + 1) // shares) for index in range(shares)]


def run_shares(function: Callable[[int, int, int], None], shares: Sequence[tuple[int, int]]) -> None:
    """Call ``function(first, last, number)`` for every share, each on a thread of its own."""
    waiting = [
        _pool(len(shares)).submit(function, first, last, number + 1) for number, (first, last) in enumerate(shares[1:])
    ]
    function(*shares[0], 0)
    for share in waiting:
        share.result()


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, thread_name_prefix="program")
