"""The other side of ``processes``: a question a line in, an answer in JSON a line out. Needs no package."""

import json
import sys
from collections.abc import Callable, Mapping

from benchmarks.timing import rate


def answer(questions: Mapping[str, Callable[..., object]]) -> None:
    """Answer until there are no more questions: a name of ``questions``, then numbers for its function."""
    for line in sys.stdin:
        question, *numbers = line.split()
        print(json.dumps(questions[question](*map(float, numbers))), flush=True)


def seconds_each(step: Callable[[], object]) -> Callable[[float], float]:
    """Return the question how long a step takes, measured for so many seconds after one that warms the caches."""

    def seconds(duration: float) -> float:
        step()
        return 1 / rate(step, duration)

    return seconds
