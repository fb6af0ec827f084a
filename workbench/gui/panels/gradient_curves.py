"""What the gradient flow draws, read off the window's thread: a curve a state, decimated, and its half-life."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.cells import Cell
from workbench.figures.layers import layer_mark, layer_of, number_of, split_layer
from workbench.gui.plots.decimation import peaks
from workbench.gui.session import Snapshot
from workbench.lab.workbook import RunRecord, Workbook
from workbench.training.half_life import half_life
from workbench.training.vanishing import NOT_VANISHED

PREFIX = "gradient-norm/"
_VANISHED = "vanished/"
_MOST_NAMED = 6  # curves of one run that can be told apart by their lines
_MOST_COLUMNS = 800  # of a curve: more than the panel has pixels

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """log10 of the norm ``heights`` at the time steps ``t`` of one state of a run; NaN is a gap."""

    run: int
    state: str
    layer: str
    layers: int
    """How many there are, those that read from the end among them."""
    is_output: bool
    """Whether it is the output state of the top layer that reads from the start."""
    t: NDArray[np.int64]
    heights: Floats
    half_life: float
    """In time steps; infinite where the norm does not fall by half all the way back, NaN where that says nothing."""
    vanished: int | None = None
    """How many steps before the loss nothing is left of the gradient; None where something is, or nobody looked."""

    @property
    def name(self) -> str:
        """Its state, with the layer's number where there are several."""
        return f"{self.state} {layer_mark(self.layer)}" if self.layers > 1 else self.state


@dataclass(frozen=True)
class GradientFlow:
    """All curves, those of the current run first; the training step, and T, the longest sequence's time steps."""

    step: int
    length: int
    curves: tuple[Curve, ...]
    switch: int | None = None
    """The time step at which the current run's decoder begins; None without one."""


def read_flow(workbook: Workbook, snapshot: Snapshot, shown: Sequence[RunRecord]) -> GradientFlow:
    """Return the current run's curves of a snapshot, and of each other run the output's, at the nearest step."""
    curves: list[Curve] = []
    for record in sorted(shown, key=lambda record: record.id != snapshot.run):
        output = output_state(record.cell)
        if record.id == snapshot.run:
            curves += run_curves(record.id, snapshot.arrays, output)
        else:
            arrays = _read_near(workbook, record.id, snapshot.step)
            curves += [curve for curve in run_curves(record.id, arrays, output) if curve.is_output]
    length = max((int(curve.t[-1]) + 1 for curve in curves if len(curve.t)), default=0)
    return GradientFlow(snapshot.step, length, tuple(curves), snapshot.switch)


@cache
def output_state(cell: str) -> str:
    """Return the name of the state that the network reads, from a cell's text."""
    return Cell.from_text(cell).states[0]


def run_curves(run: int, arrays: Mapping[str, NDArray[Any]], output: str) -> list[Curve]:
    """Return the curves of a snapshot's arrays, the output's first; none where there are no gradients."""
    norms = {name.removeprefix(PREFIX): array for name, array in arrays.items() if name.startswith(PREFIX)}
    layers = {split_layer(name)[0] for name in norms}
    top = max((number_of(layer) for layer in layers), default=0)
    alone = steps_before_targets(arrays)
    curves = []
    for name, norm in norms.items():
        layer, state = split_layer(name)
        values = np.asarray(norm, np.float64)
        heights = _logarithms(values)
        t = peaks(heights, 0, len(heights), _MOST_COLUMNS)
        is_output = layer == layer_of(top) and state == output
        fall, vanished = _fall(values[:alone]), _lag(arrays.get(_VANISHED + name))
        curves.append(Curve(run, state, layer, len(layers), is_output, t, heights[t], fall, vanished))
    return sorted(curves, key=lambda curve: (not curve.is_output, -number_of(curve.layer), curve.layer))


def steps_before_targets(arrays: Mapping[str, NDArray[Any]]) -> int | None:
    """Return how many steps come up to the first that counts in the loss, None for all.

    Behind it the gradient of each step has a loss of its own, and its fall says nothing of memory.
    """
    outputs = arrays.get("outputs")
    if outputs is None or outputs.ndim < 2:
        return None
    valid = arrays.get("valid")
    if valid is None or not np.any(valid):
        return 1
    return int(np.argmax(np.asarray(valid).reshape(len(valid), -1).any(axis=1))) + 1


def tells_where_it_vanished(curve: Curve, curves: Sequence[Curve]) -> bool:
    """Return whether a curve's lag is to be said: the output's, and each where those of one run differ."""
    lags = {other.vanished for other in curves if other.run == curve.run}
    return curve.vanished is not None and (curve.is_output or len(lags) > 1)


def nameless(curves: Sequence[Curve]) -> frozenset[int]:
    """Return the places of curves that are too many to be named: all but the output state's first and last layer."""
    output = {curve.run: curve.state for curve in curves if curve.is_output}
    top = {curve.run: number_of(curve.layer) for curve in curves if curve.is_output}
    counts = Counter(curve.run for curve in curves)
    return frozenset(
        place
        for place, curve in enumerate(curves)
        if counts[curve.run] > _MOST_NAMED
        and not (curve.state == output.get(curve.run) and number_of(curve.layer) in (1, top.get(curve.run)))
    )


def _fall(norms: Floats) -> float:
    found = half_life(norms)
    return math.inf if found > len(norms) else found


def _lag(array: NDArray[Any] | None) -> int | None:
    return None if array is None or int(array) == NOT_VANISHED else int(array)


def _logarithms(norms: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        heights = np.log10(norms)
    return np.where(np.isfinite(heights), heights, np.nan)


def _read_near(workbook: Workbook, run: int, step: int) -> Mapping[str, NDArray[Any]]:
    """Return what the curves of a run need of its snapshot nearest to a step; nothing where it has no film."""
    steps = workbook.film.steps(run)
    if not steps:
        return {}
    nearest = min(steps, key=lambda other: abs(other - step))
    names = workbook.film.names(run, nearest)
    wanted = [name for name in names if name.startswith((PREFIX, _VANISHED)) or name in _OF_TARGETS]
    return workbook.film.read(run, nearest, *wanted) if wanted else {}


_OF_TARGETS = frozenset({"outputs", "valid"})
