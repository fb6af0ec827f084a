"""The most memory that training takes, over what a process occupies before."""

import sys
from collections.abc import Mapping

from benchmarks.cases import CELLS, Case
from benchmarks.peers import installed_peers
from benchmarks.processes import MeasuringError
from benchmarks.settings import Settings
from benchmarks.steppers import stepper
from benchmarks.tables import Row, Section

SIZES = ((64, 50, 64, 256), (32, 400, 2, 128))
BEGINNINGS = ("imports", "first step")
"""After which the growth counts: of a tiny case, so that a library's own start-up does not count."""


def measure_memory(settings: Settings) -> Section:
    """Measure each library and case in a fresh process: data, parameters, optimiser and all that training takes."""
    if sys.platform == "win32":
        raise MeasuringError("Windows does not tell a process how much memory it took; measure on Linux or macOS.")
    libraries = {"ours": settings.backend} | {peer: peer for peer in installed_peers()}
    cases = [Case(cell, *sizes) for cell in CELLS for sizes in SIZES[: 1 if settings.few else None]]
    found = {case: {name: _growth(library, case) for name, library in libraries.items()} for case in cases}
    rows = [_row(case, begin, growth) for begin in BEGINNINGS for case, growth in found.items()]
    summary: Row = {}
    if "torch" in libraries:
        for begin in BEGINNINGS:
            ratios = [growth["ours"][begin] / growth["torch"][begin] for growth in found.values()]
            summary[f"ours / torch after the {begin}, at most"] = max(ratios)
    return Section(f"Growth of the most memory taken, MiB ({settings.backend})", rows, summary)


def _growth(library: str, case: Case) -> dict[str, float]:
    """Return the growth in MiB after each of the beginnings."""
    with stepper(library, case) as process:
        return {begin: size / 2**20 for begin, size in process.ask("memory").items()}


def _row(case: Case, begin: str, growth: Mapping[str, Mapping[str, float]]) -> Row:
    row: Row = {"after the": begin, "cell": case.cell, "B, T, D, H": case.sizes}
    row |= {name: found[begin] for name, found in growth.items()}
    if "torch" in growth:
        row["ours / torch"] = growth["ours"][begin] / growth["torch"][begin]
    return row
