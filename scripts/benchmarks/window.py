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


def measure_window() -> Section:
    """Open both windows in turn, ROUNDS times."""
    with tempfile.TemporaryDirectory() as folder:
        environment = window_environment(Path(folder))
        pairs = [_open_both(Path(folder), environment) for _ in range(ROUNDS + 1)][1:]  # the first fills the caches
    empty, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(own / bare for bare, own in pairs)
    return Section(
        f"Time to the shown window (platform {platform_name()})",
        [{"empty window, s": empty, "workbench, s": ours, "workbench / empty": ratio}],
    )


def _open_both(folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    empty = _seconds_to_shown(["-m", "benchmarks.empty_window"], environment)
    return empty, _seconds_to_shown(["-m", "benchmarks.shown_window", str(folder / "book.rnnw")], environment)


def _seconds_to_shown(arguments: list[str], environment: dict[str, str]) -> float:
    begin = perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], env=os.environ | environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        spent = perf_counter() - begin
        process.stdout.read()
    if line != SHOWN or process.returncode != 0:
        raise RuntimeError(f"{' '.join(arguments)} did not show its window (status {process.returncode}): {line}")
    return spent
