"""Measures an experiment on one backend: a few of its own training steps, in a process of its own.

It reads {"experiment": ..., "cell": TOML, "name": the cell's name} and prints {"seconds": of a step}, or
{"error": a sentence}.
"""

import json
import sys
from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np

from workbench.backends.cupy.failures import explain
from workbench.cells import Cell
from workbench.errors import WorkbenchError
from workbench.lab.building import build_trainer, prepare
from workbench.lab.experiment import Experiment
from workbench.training.trainer import Trainer

LASTS = 0.8  # seconds, or one step where that takes longer
_WARM_UP = 2  # steps: the first compiles and allocates, the second may still record
_MOST = 32  # steps begun before a number is read, where that is done at all


def seconds_of_a_step(trainer: Trainer) -> float:
    """Train for a short while as a run does and return the seconds of a step; the first ones do not count."""
    for _ in range(_WARM_UP):
        trainer.train_step()
    trained, together, start = 0, 1, perf_counter()
    while (spent := perf_counter() - start) < LASTS or not trained:
        trained += len(trainer.train(together))
        together = min(2 * together, _MOST)
    return spent / trained


def _measure(backend: str, question: dict[str, Any]) -> dict[str, Any]:
    setup = prepare(
        Experiment(**question["experiment"]), cell=Cell.from_text(question["cell"], question["name"]), backend=backend
    )
    setup.backend.compile_ahead(setup.cell, setup.experiment.dtype)
    with np.errstate(all="ignore"):
        return {"seconds": seconds_of_a_step(build_trainer(setup))}


def main(arguments: Sequence[str]) -> int:
    """Measure on the backend named; tell what went wrong in a sentence."""
    try:
        answer = _measure(arguments[0], json.load(sys.stdin))
    except WorkbenchError as error:
        answer = {"error": str(error)}
    except MemoryError as error:
        failure = explain(error)
        answer = {"error": failure.sentence if failure else "The memory ran out."}
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise
        answer = {"error": failure.sentence}
    print(json.dumps(answer))
    return 1 if "error" in answer else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
