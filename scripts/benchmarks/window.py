"""How soon the window is there: process start to first paint, beside an empty PySide6 + pyqtgraph window."""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from benchmarks.exposure import SHOWN
from benchmarks.screen import platform_name, window_environment
from benchmarks.tables import Section

ROUNDS = 9
READY = "ready"


def measure_window() -> Section:
    """Open both windows in turn, ROUNDS times."""
    with tempfile.TemporaryDirectory() as folder:
        environment = window_environment(Path(folder))
        rounds = [_open_both(Path(folder), environment) for _ in range(ROUNDS + 1)][1:]  # the first fills the caches
    empty, shown, ready = (statistics.median(column) for column in zip(*rounds, strict=True))
    return Section(
        f"Time to the shown window (platform {platform_name()})",
        [
            {"what": "empty window shown, s", "value": empty},
            {"what": "workbench shown, s", "value": shown},
            {"what": "workbench shown / empty", "value": statistics.median(own / bare for bare, own, _ in rounds)},
            {"what": "workbench ready, s", "value": ready},
            {"what": "workbench ready / empty", "value": statistics.median(own / bare for bare, _, own in rounds)},
        ],
    )


def _open_both(folder: Path, environment: dict[str, str]) -> tuple[float, float, float]:
    (empty,) = _seconds_to(["-m", "benchmarks.empty_window"], environment, SHOWN)
    own = ["-m", "benchmarks.shown_window", str(folder / "book.rnnw")]
    shown, ready = _seconds_to(own, environment, SHOWN, READY)
    return empty, shown, ready


def _seconds_to(arguments: list[str], environment: dict[str, str], *words: str) -> list[float]:
    """Start a program and return the seconds until it says each of these words."""
    begin, seconds = perf_counter(), []
    with subprocess.Popen(
        [sys.executable, *arguments], env=os.environ | environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for word in words:
            said = process.stdout.readline().strip()
            seconds.append(perf_counter() - begin)
            if said != word:
                raise RuntimeError(f"{' '.join(arguments)} did not say {word!r} but {said!r}")
    return seconds
