"""Measures the sections asked for; prints a table for each and, last, one JSON object."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.opening import measure_opening
from benchmarks.recording import measure_recording
from benchmarks.tables import Section
from benchmarks.training import measure_training
from benchmarks.watching import measure_watching
from benchmarks.window import measure_window

SECTIONS: dict[str, Callable[[], Section]] = {
    "training": measure_training,
    "recording": measure_recording,
    "opening": measure_opening,
    "window": measure_window,
    "watching": measure_watching,
}


def main() -> int:
    """Measure the sections named, or all."""
    parser = argparse.ArgumentParser(prog="scripts/bench.py", description="Measure the workbench.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; none: all")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    arguments = parser.parse_args()
    unknown = set(arguments.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"there is no section {min(unknown)!r}; there are {', '.join(SECTIONS)}")
    figures: dict[str, object] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}"}
    for name in arguments.sections or SECTIONS:
        section = SECTIONS[name]()
        print(section.table(), flush=True)
        figures[name] = section.rows
    text = json.dumps(figures)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
