"""What watching costs: training speed with the window open, stalls of its event loop, its memory over a long run."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.screen import platform_name, window_environment
from benchmarks.tables import Row, Section
from workbench.lab.experiment import Experiment, presets
from workbench.lab.running import launch_worker, start_run
from workbench.lab.workbook import open_workbook

SHORT, LONG = 50, 550
ROUNDS = 3
LONG_RUN = 30_000  # steps of a small network: two to three minutes
STARTUP = 40.0  # seconds after which memory should no longer grow: until then panels and the film fill their buffers


def measure_watching() -> Section:
    """Measure the speed kept (lstm, B=32, H=128, T=100), stalls and memory."""
    experiment = presets()["adding-lstm"].changed(
        {"hidden": 128, "task.length": 100, "batch": 32, "backend": "numpy", "threads": 1}
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [*_speed(folder, experiment), _memory(folder)]
    return Section(f"Watching (one worker thread, {os.cpu_count()} cores, platform {platform_name()})", rows)


def _speed(folder: Path, experiment: Experiment) -> list[Row]:
    """Start-up is taken out by the difference of a long and a short run."""
    pairs, stalls, panels = [], [], 0
    for _ in range(ROUNDS):
        alone = _seconds_alone(folder, experiment, LONG) - _seconds_alone(folder, experiment, SHORT)
        long, short = (_watched(folder, experiment.changed({"steps": steps})) for steps in (LONG, SHORT))
        pairs.append((alone, long["seconds"] - short["seconds"]))
        stalls += long["stalls"]
        panels = len(long["panels"])
    steps = LONG - SHORT
    alone, watched = (statistics.median(column) for column in zip(*pairs, strict=True))
    return [
        {"what": "alone, steps/s", "value": steps / alone},
        {"what": f"watched ({panels} panels), steps/s", "value": steps / watched},
        {"what": "speed kept", "value": statistics.median(a / w for a, w in pairs)},
        {"what": "event-loop stall, 99th percentile, ms", "value": float(np.percentile(stalls, 99))},
        {"what": "event-loop stall, longest, ms", "value": max(stalls)},
    ]


def _memory(folder: Path) -> Row:
    small = presets()["adding-lstm"].changed(
        {"hidden": 32, "batch": 32, "task.length": 100, "steps": LONG_RUN, "backend": "numpy", "threads": 1}
    )
    samples = [(t, size) for t, size in _watched(folder, small)["memory"] if t > STARTUP]
    times, sizes = (np.array(column, float) for column in zip(*samples, strict=True))
    slope = np.polyfit(times, sizes, 1)[0] if len(times) > 2 else np.nan
    return {"what": f"memory growth over {times[-1] - times[0]:.0f} s, MiB a minute", "value": slope * 60 / 2**20}


def _seconds_alone(folder: Path, experiment: Experiment, steps: int) -> float:
    with open_workbook(folder / "alone.rnnw", create=True) as workbook:
        run = start_run(workbook, experiment.changed({"steps": steps}))
        launch_worker(workbook, run).wait()
        record = workbook.runs.get(run)
    if record.status != "finished" or record.started is None or record.ended is None:
        raise RuntimeError(f"the run ended as {record.status}: {record.sentence}")
    return record.ended - record.started


def _watched(folder: Path, experiment: Experiment) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.watched_training", str(folder / "watched.rnnw"), experiment.to_json()],
        env=os.environ | window_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    if result["status"] != "finished":
        raise RuntimeError(f"the watched run ended as {result['status']}")
    return result
