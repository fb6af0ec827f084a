"""What recording costs: a worker that keeps everything against a bare loop that keeps nothing, alternating."""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.tables import Row, Section
from workbench.lab.experiment import Experiment, presets
from workbench.lab.running import launch_worker, start_run, threads_of, worker_environment
from workbench.lab.workbook import Workbook, open_workbook

CASES = (("lstm", 64, 800), ("elman", 64, 2000))
SHORT = 50
ROUNDS = 5
BARE = "benchmarks.bare_training"


def measure_recording() -> Section:
    """Measure each case; start-up is taken out by the difference of a long and a short run."""
    with tempfile.TemporaryDirectory() as folder, open_workbook(Path(folder) / "bench.rnnw", create=True) as workbook:
        rows = [_measure_case(workbook, *case) for case in CASES]
    return Section("Recording (adding problem, B=32, T=100: scalars, film, checkpoints, heartbeat)", rows)


def _measure_case(workbook: Workbook, cell: str, hidden: int, steps: int) -> Row:
    experiment = presets()["adding-lstm"].changed({"cell": cell, "hidden": hidden, "backend": "numpy"})
    long, short = (experiment.changed({"steps": count}) for count in (SHORT + steps, SHORT))
    pairs = []
    for _ in range(ROUNDS):
        recorded = _seconds_recorded(workbook, long) - _seconds_recorded(workbook, short)
        bare = _seconds_bare(workbook, long) - _seconds_bare(workbook, short)
        pairs.append((recorded, bare))
    recorded, bare = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "cell": cell,
        "H": hidden,
        "steps": steps,
        "recording all, s": recorded,
        "recording nothing, s": bare,
        "cost, %": 100 * (statistics.median(kept / lost for kept, lost in pairs) - 1),
    }


def _seconds_recorded(workbook: Workbook, experiment: Experiment) -> float:
    run = start_run(workbook, experiment)
    start = perf_counter()
    launch_worker(workbook, run).wait()
    spent = perf_counter() - start
    record = workbook.runs.get(run)
    if record.status != "finished":
        raise RuntimeError(f"the run ended as {record.status}: {record.sentence}")
    return spent


def _seconds_bare(workbook: Workbook, experiment: Experiment) -> float:
    run = start_run(workbook, experiment)
    environment = worker_environment(threads_of(workbook.runs.get(run)))
    environment.pop("PYTHONSAFEPATH")
    start = perf_counter()
    subprocess.run([sys.executable, "-m", BARE, experiment.to_json()], check=True, env=environment)
    return perf_counter() - start
