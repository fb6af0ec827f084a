"""Training steps per second of the NumPy backend, beside torch in the same run, alternating."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from benchmarks.tables import Row, Section
from benchmarks.timing import rate
from workbench.lab.building import build_trainer, prepare
from workbench.lab.experiment import presets

CELLS = ("elman", "gru", "lstm")
HIDDEN = (32, 128, 512)
BATCH, LENGTH = 32, 100
ROUNDS, SECONDS_A_ROUND = 7, 0.5
PEER = "benchmarks.torch_peer"


def measure_training() -> Section:
    """Measure every cell and size; torch stands at None where it is not installed."""
    with _torch() as peer:
        rows = [_measure_case(cell, hidden, peer) for cell in CELLS for hidden in HIDDEN]
    version = "torch is not installed" if rows[0]["torch, steps/s"] is None else "torch on the CPU"
    title = f"Training (adding problem, B={BATCH}, T={LENGTH}, forward, backward, clip, Adam; float32; {version})"
    return Section(title, rows)


def _measure_case(cell: str, hidden: int, peer: "Peer | None") -> Row:
    changes = {"cell": cell, "hidden": hidden, "batch": BATCH, "task.length": LENGTH, "backend": "numpy"}
    experiment = presets()["adding-lstm"].changed(changes)
    trainer = build_trainer(prepare(experiment))
    trainer.train_step()
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        ours.append(rate(trainer.train_step, SECONDS_A_ROUND))
        if peer:
            theirs.append(peer.rate(cell, hidden))
    own, other = statistics.median(ours), statistics.median(theirs) if theirs else None
    return {
        "cell": cell,
        "H": hidden,
        "numpy, steps/s": own,
        "torch, steps/s": other,
        "numpy / torch": own / other if other else None,
    }


class Peer:
    """A process that trains with torch when asked, so that the two libraries' threads never meet."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdin
        assert process.stdout
        self._questions: IO[str] = process.stdin
        self._answers: IO[str] = process.stdout

    def rate(self, cell: str, hidden: int) -> float:
        """Steps per second of one round."""
        question = {"cell": cell, "hidden": hidden, "batch": BATCH, "length": LENGTH, "seconds": SECONDS_A_ROUND}
        print(json.dumps(question), file=self._questions, flush=True)
        return float(json.loads(self._answers.readline())["rate"])


@contextmanager
def _torch() -> Iterator[Peer | None]:
    with subprocess.Popen(
        [sys.executable, "-m", PEER],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        peer = Peer(process)
        ready = json.loads(process.stdout.readline())["torch"] if process.stdout else None
        yield peer if ready else None
        assert process.stdin
        process.stdin.close()
