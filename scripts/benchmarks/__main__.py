"""Measures the sections asked for; prints a table for each and, last, one JSON object."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from benchmarks.data import measure_data
from benchmarks.engine import measure_engine
from benchmarks.fallback import measure_fallback
from benchmarks.memory import measure_memory
from benchmarks.opening import measure_opening
from benchmarks.processes import MeasuringError
from benchmarks.quiet import complaint, cores_in_use
from benchmarks.recording import measure_recording
from benchmarks.settings import Settings
from benchmarks.tables import Section
from benchmarks.training import measure_training
from benchmarks.typed import measure_typed
from benchmarks.watching import measure_watching
from benchmarks.window import measure_window
from benchmarks.work import measure_work
from workbench.backends import BackendError, resolve_backend

SECTIONS: dict[str, Callable[[Settings], Section]] = {
    "engine": measure_engine,
    "fallback": measure_fallback,
    "typed": measure_typed,
    "memory": measure_memory,
    "work": measure_work,
    "data": measure_data,
    "training": measure_training,
    "recording": lambda _: measure_recording(),
    "opening": lambda _: measure_opening(),
    "window": lambda _: measure_window(),
    "watching": lambda _: measure_watching(),
}


def main() -> int:
    """Measure the sections named, or all; return 1 if one could not be measured."""
    parser = argparse.ArgumentParser(prog="scripts/bench.py", description="Measure the workbench.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; none: all")
    parser.add_argument("--backend", default="auto", help="what to measure in the first six sections (default: auto)")
    parser.add_argument("--json", type=Path, help="write the figures to this file too, and a picture beside it")
    parser.add_argument("--quick", action="store_true", help="a few small sizes, to try the measuring itself")
    arguments = parser.parse_args()
    unknown = set(arguments.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"there is no section {min(unknown)!r}; there are {', '.join(SECTIONS)}")
    try:
        settings = _settings(arguments)
    except BackendError as error:
        parser.error(str(error))
    figures: dict[str, object] = {"machine": f"{platform.machine()}, {os.cpu_count()} cores, {platform.platform()}"}
    measured = [_measure(name, settings, figures) for name in arguments.sections or SECTIONS]
    text = json.dumps(figures)
    if arguments.json:
        arguments.json.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0 if all(measured) else 1


def _settings(arguments: argparse.Namespace) -> Settings:
    picture = arguments.json.with_suffix(".svg") if arguments.json else None
    backend = resolve_backend(arguments.backend)
    if arguments.quick:
        return Settings(backend, rounds=2, seconds=0.1, few=True, picture=picture)
    return Settings(backend, picture=picture)


def _measure(name: str, settings: Settings, figures: dict[str, object]) -> bool:
    """Measure one section, print its tables and keep its figures; tell whether it could be measured."""
    busy = cores_in_use()
    if warning := complaint(busy):
        print(f"\n{name}: {warning}", flush=True)
    try:
        section = SECTIONS[name](settings)
    except MeasuringError as error:
        print(f"\n{name}: {error}", flush=True)
        return False
    print(section.table(), flush=True)
    figures[name] = section.rows
    figures[f"{name}, cores in use elsewhere"] = busy
    if section.summary:
        figures[f"{name}, all together"] = section.summary
    return True


if __name__ == "__main__":
    sys.exit(main())
