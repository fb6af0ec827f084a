"""What a library's training step offers, and the process that takes it when asked."""

import gc
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from benchmarks.answering import answer, seconds_each
from benchmarks.cases import Case
from benchmarks.residence import occupied, peak_since_reset, reset_peak

STEPS = 5  # after which a library has allocated all it needs


class Step(Protocol):
    """One training step of a library, ready to be taken again and again."""

    def __call__(self) -> float:
        """Train once, to the end; returns the loss."""

    def check(self) -> tuple[float, float]:
        """Train once; returns the loss and the norm of the gradient by the parameters that all libraries have."""


def serve(build: Callable[[Case], Step], case: Case) -> None:
    """Answer what is asked about one case: ``check``, ``seconds`` a step, ``memory``.

    The libraries are imported by now, and nothing is built before it is asked for.
    """
    built: list[Step] = []

    def step() -> Step:
        if not built:
            built.append(build(case))
        return built[0]

    def memory() -> dict[str, int]:
        imported = occupied()
        build(replace(case, batch=1, steps=2, inputs=1, hidden=2))()
        gc.collect()
        begun = occupied()
        reset_peak()
        for _ in range(STEPS):
            step()()
        peak = peak_since_reset()
        return {"imports": peak - imported, "first step": peak - begun}

    def seconds(duration: float) -> float:
        return seconds_each(step())(duration)

    answer({"check": lambda: step().check(), "seconds": seconds, "memory": memory})
