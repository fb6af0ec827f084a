"""A cell typed as equations beside the same cell of the catalogue: the same path, so the same speed."""

from dataclasses import replace
from statistics import geometric_mean

from benchmarks.cases import CELLS, Case
from benchmarks.settings import Settings
from benchmarks.steppers import seconds_side_by_side
from benchmarks.tables import Row, Section

TIMES_THE_ROUNDS = 3
"""A few per cent are to be seen."""
SIZES = ((32, 100, 2, 64), (64, 50, 64, 256))


def measure_typed(settings: Settings) -> Section:
    """Measure both in turn; that losses and gradients agree is checked before."""
    settings = replace(settings, rounds=TIMES_THE_ROUNDS * settings.rounds)
    rows: list[Row] = []
    ratios = []
    for cell in CELLS:
        for sizes in SIZES[: 1 if settings.few else None]:
            known, typed = Case(cell, *sizes), Case(f"typed {cell}", *sizes)
            steps = {"catalogue": (settings.backend, known), "typed": (settings.backend, typed)}
            seconds = seconds_side_by_side(steps, settings)
            ratios.append(seconds["typed"] / seconds["catalogue"])
            rows.append(
                {
                    "cell": cell,
                    "B, T, D, H": known.sizes,
                    "of the catalogue, ms": 1000 * seconds["catalogue"],
                    "typed, ms": 1000 * seconds["typed"],
                    "times as long": ratios[-1],
                }
            )
    title = f"A training step of a cell typed as equations, other names throughout ({settings.backend})"
    summary: Row = {"times as long, geometric mean": geometric_mean(ratios), "times as long, at most": max(ratios)}
    return Section(title, rows, summary)
