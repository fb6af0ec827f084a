"""Runs the parts asked for, prints what they find, then one table and one JSON object."""

import argparse
import json
import platform
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import monotonic

from gpu.cases import LARGE, STEP, Sizes, cells_to_check, odd_sizes, speed_sizes
from gpu.report import Figure, Line, Report
from workbench.backends.cupy.finding import Finding
from workbench.backends.cupy.looking import ask_probe
from workbench.backends.cupy.ways import WAYS

PARTS = ("correctness", "identity", "resume", "time-steps", "bandwidth", "other-cells", "speed")
DONE, FAILED, NO_CARD = 0, 1, 2
MINUTES = 8.0
BACKEND = "cupy"


def main(arguments: Sequence[str]) -> int:
    """Check the card; return 0 where all passed, 1 where something did not, 2 where there is no card to check."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {min(unknown)!r}; there are {', '.join(PARTS)}")
    until = monotonic() + 60 * options.minutes
    found = ask_probe()
    if not found.usable:
        print(found.refusal)
        return NO_CARD
    report = Report(about_card(found), lambda text: print(text, flush=True))
    report.say(", ".join(f"{name} {value}" for name, value in report.about.items()))
    for part, work in parts(BACKEND, WAYS, quick=options.quick, until=until).items():
        if part in (options.parts or PARTS):
            report.run(part, work)
    return finish(report, options.json)


def finish(report: Report, file: Path | None) -> int:
    """Print the table and the JSON object, write it, and return the exit status."""
    report.say(f"\n{report.table()}\n")
    text = report.json()
    if file:
        file.write_text(text + "\n", encoding="utf-8")
    report.say(text)
    return DONE if report.passed else FAILED


def parts(
    backend: str, ways: Sequence[str | None], *, quick: bool, until: float
) -> dict[str, Callable[[], Iterable[Line]]]:
    """Return every part by name, the shortest first but for what all others stand on."""
    from gpu.correctness import check_cells
    from gpu.repeating import check_identity, check_resume
    from gpu.speed import beside_cudnn, beside_loops, torch_module
    from gpu.steps import bandwidth, time_steps

    cells = cells_to_check(quick=quick)
    beside = (Sizes(256, 64, 100),) if quick else (Sizes(128, 32, 100), Sizes(256, 64, 100))
    return {
        "correctness": lambda: check_cells(backend, cells, ways, odd_sizes(quick=quick), None if quick else LARGE),
        "identity": lambda: check_identity(backend, cells, ways),
        "resume": lambda: check_resume(backend, ("lstm", "gru", "indrnn")),
        "time-steps": lambda: time_steps(backend, ways, STEP),
        "bandwidth": lambda: bandwidth(backend),
        "other-cells": lambda: beside_loops(backend, beside, torch_module()),
        "speed": lambda: beside_cudnn(backend, speed_sizes(quick=quick), torch_module(), until),
    }


def about_card(found: Finding) -> dict[str, Figure]:
    """Return what all figures depend on."""
    first = found.gpus[0]
    about: dict[str, Figure] = {
        "card": first.name,
        "compute capability": f"{first.architecture / 10:.1f}",
        "multiprocessors": first.multiprocessors,
        "memory": first.memory,
        "driver's CUDA": found.driver,
        "CuPy": found.cupy,
        "CuPy's CUDA": found.runtime,
        "python": platform.python_version(),
    }
    return about | _about_torch()


def _about_torch() -> dict[str, Figure]:
    try:
        from gpu.torch_steps import about_torch
    except ImportError:
        return {"torch": "not installed"}
    return json.loads(json.dumps(about_torch(), default=str))  # type: ignore[no-any-return]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scripts/gpu_check.py", description="Check a card and measure on it.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; none: all")
    parser.add_argument("--quick", action="store_true", help="a few cells and sizes: two minutes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file too")
    late = f"no speed is measured after so many minutes ({MINUTES:.0f})"
    parser.add_argument("--minutes", type=float, default=MINUTES, metavar="N", help=late)
    return parser
