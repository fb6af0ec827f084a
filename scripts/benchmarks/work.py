"""How the time of a training step grows with the work: with steps, units and sequences, one of them at a time."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from benchmarks.cases import Case
from benchmarks.settings import Settings
from benchmarks.steppers import seconds_in_turn, stepper
from benchmarks.tables import Row, Section
from benchmarks.work_picture import Panel, draw

CELLS = ("elman", "gru", "lstm")
INPUTS = 2


@dataclass(frozen=True)
class Sweep:
    """One of the sizes B, T, H that grows while the others stand still."""

    letter: str
    values: tuple[int, ...]
    others: dict[str, int]

    def case(self, cell: str, value: int) -> Case:
        """Return the case of one value."""
        sizes = self.others | {self.letter: value}
        return Case(cell, sizes["B"], sizes["T"], INPUTS, sizes["H"])

    @property
    def still(self) -> str:
        """The sizes that stand still."""
        return ", ".join(f"{letter}={size}" for letter, size in self.others.items())


@dataclass(frozen=True)
class Line:
    """Seconds of a step at each value of a sweep."""

    cell: str
    sweep: Sweep
    seconds: tuple[float, ...]

    def slope(self, first: int = 0) -> float:
        """Return the slope of the line fitted from a value on, both axes logarithmic: the power it grows with."""
        sizes, seconds = np.log(self.sweep.values[first:]), np.log(self.seconds[first:])
        return float(np.polyfit(sizes, seconds, 1)[0])


SWEEPS = (
    Sweep("T", (100, 316, 1000, 3162, 10000), {"B": 8, "H": 32}),
    Sweep("H", (16, 32, 64, 128, 256, 512), {"B": 32, "T": 100}),
    Sweep("B", (1, 2, 4, 8, 16, 32, 64, 128, 256), {"T": 100, "H": 64}),
)
FEW = (Sweep("T", (100, 316, 1000), {"B": 8, "H": 32}), Sweep("H", (16, 32, 64), {"B": 4, "T": 100}))


def measure_work(settings: Settings) -> Section:
    """Measure every sweep with every cell; draw them too, where there is a place for the picture."""
    sweeps = FEW if settings.few else SWEEPS
    lines = {sweep.letter: [_measure(cell, sweep, settings) for cell in CELLS] for sweep in sweeps}
    rows = [row for sweep in sweeps for row in _rows(sweep, lines[sweep.letter])]
    slopes: Row = {}
    for sweep in sweeps:
        upper = len(sweep.values) // 2
        slopes[f"grows with {sweep.letter} to the power"] = _slopes(lines[sweep.letter], 0)
        slopes[f"... from {sweep.letter}={sweep.values[upper]} on"] = _slopes(lines[sweep.letter], upper)
    if settings.picture:
        draw([_panel(sweep, lines[sweep.letter]) for sweep in sweeps], settings.picture)
        slopes["drawn in"] = settings.picture.name
    return Section(f"Time of a training step against the work ({settings.backend}, D={INPUTS})", rows, slopes)


def _measure(cell: str, sweep: Sweep, settings: Settings) -> Line:
    with ExitStack() as stack:
        processes = {
            str(value): stack.enter_context(stepper(settings.backend, sweep.case(cell, value)))
            for value in sweep.values
        }
        return Line(cell, sweep, tuple(seconds_in_turn(processes, settings).values()))


def _rows(sweep: Sweep, lines: Sequence[Line]) -> list[Row]:
    return [
        {"what grows": f"{sweep.letter}={value}", "what stands still": sweep.still}
        | {f"{line.cell}, ms": 1000 * line.seconds[index] for line in lines}
        for index, value in enumerate(sweep.values)
    ]


def _slopes(lines: Sequence[Line], first: int) -> str:
    return ", ".join(f"{line.cell} {line.slope(first):.2f}" for line in lines)


def _panel(sweep: Sweep, lines: Sequence[Line]) -> Panel:
    milliseconds = {line.cell: [1000 * seconds for seconds in line.seconds] for line in lines}
    return Panel(sweep.letter, sweep.still, sweep.values, milliseconds)
