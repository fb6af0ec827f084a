"""How much longer a training step takes with NumPy alone, where nothing can be compiled."""

from benchmarks.cases import CELLS, Case
from benchmarks.settings import Settings
from benchmarks.steppers import seconds_side_by_side
from benchmarks.tables import Row, Section

FALLBACK = "numpy"
SIZES = ((32, 100, 2, 64), (32, 100, 2, 128), (64, 50, 64, 256), (128, 100, 128, 512), (16, 784, 1, 100))


def measure_fallback(settings: Settings) -> Section:
    """Measure every cell and size with both in turn."""
    cases = [Case(cell, *sizes) for cell in CELLS for sizes in SIZES[: 1 if settings.few else None]]
    found = [
        seconds_side_by_side({"fallback": (FALLBACK, case), "backend": (settings.backend, case)}, settings)
        for case in cases
    ]
    ratios = [seconds["fallback"] / seconds["backend"] for seconds in found]
    rows: list[Row] = [
        {
            "cell": case.cell,
            "B, T, D, H": case.sizes,
            "NumPy alone, ms": 1000 * seconds["fallback"],
            f"backend {settings.backend}, ms": 1000 * seconds["backend"],
            "times as long": ratio,
        }
        for case, seconds, ratio in zip(cases, found, ratios, strict=True)
    ]
    return Section("A training step with NumPy alone", rows, {"times as long, at most": max(ratios)})
