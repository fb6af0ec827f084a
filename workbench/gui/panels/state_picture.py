"""What the hidden-state panel draws, made from a snapshot off the window's thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.cells import Cell
from workbench.figures.layers import place_of, split_layer
from workbench.gui.panels.probe_sequence import ProbeSequence
from workbench.gui.plots.lanes import Lane
from workbench.gui.plots.scale import Scale, choose_scale
from workbench.gui.session.film import Snapshot
from workbench.lab.running import experiment_of
from workbench.lab.workbook import RunRecord
from workbench.training.words import READINGS

Values = NDArray[np.floating]
Order = NDArray[np.intp]

AS_LEARNT = "as learnt"
_MOVED = 0.5  # of a unit's own range, after which it counts as changed


def _first_change(values: Values) -> NDArray[Any]:
    """Return at which step each unit has first gone half its range away from where it began: (T, H) to (H,)."""
    moved = np.abs(values - values[:1]) >= _MOVED * np.maximum(np.ptp(values, axis=0), np.finfo(np.float32).tiny)
    return np.where(moved.any(axis=0), moved.argmax(axis=0), len(values))


SORTINGS: Mapping[str, Callable[[Values], NDArray[Any]]] = {
    AS_LEARNT: lambda values: np.arange(values.shape[1]),
    "final value": lambda values: values[-1],
    "mean": lambda values: values.mean(axis=0),
    "first change": _first_change,
    "variance": lambda values: -values.var(axis=0),
}
"""Ways to order units from the top: by a number for each, smallest first; of variance the largest."""


@dataclass(frozen=True)
class View:
    """What a person wishes to see; a name that a cell does not have stands for its first state."""

    layer: str = "1"
    name: str = ""
    sorting: str = AS_LEARNT


@dataclass(frozen=True, eq=False)
class Held:
    """What stays from picture to picture, so that neither rows nor colours jump: for this run and this view."""

    run: int
    view: View
    scale: Scale
    order: Order | None

    def same_values(self, run: int, view: View) -> bool:
        """Whether this was held for the same values, in whatever order."""
        return (self.run, self.view.layer, self.view.name) == (run, view.layer, view.name)


@dataclass(frozen=True, eq=False)
class StatePicture:
    """One picture: entries of the scale's table (H, T), the unit of each row, and what they stand for."""

    sequence: ProbeSequence
    readings: tuple[str, ...]
    """What each sequence of the probe reads, "" where that is not known."""
    lanes: tuple[Lane, ...]
    """What stands above the states."""
    names: Mapping[str, tuple[str, ...]]
    """Of each layer: its states, then its other values in the cell's order."""
    states: tuple[str, ...]
    view: View
    image: NDArray[np.uint8]
    scale: Scale
    order: Order
    extent: tuple[float, float]
    missing: bool
    """Whether some values are no numbers."""

    @property
    def held(self) -> Held:
        """What the next picture keeps."""
        return Held(self.sequence.snapshot.run, self.view, self.scale, self.order)


def make_picture(snapshot: Snapshot, record: RunRecord, wish: View, held: Held | None) -> StatePicture | None:
    """Return the picture of a snapshot; None where it has no values. Raises WorkbenchError for a damaged run."""
    arrays = snapshot.named("values/")
    if not arrays:
        return None
    names, states = names_of(snapshot, record)
    layer = wish.layer if wish.layer in names else next(iter(names))
    view = View(layer, wish.name if wish.name in names[layer] else names[layer][0], wish.sorting)
    values = arrays[f"{view.layer}.{view.name}"]
    if held is not None and not held.same_values(snapshot.run, view):
        held = None
    scale = choose_scale(values, held.scale if held else None, is_state=view.name in states)
    keeps_order = held is not None and held.view == view and held.order is not None
    order = held.order if held is not None and keeps_order else sort_units(values, view.sorting)
    assert order is not None
    image = np.ascontiguousarray(scale.quantise(values).T[order])
    finite = values[np.isfinite(values)]
    extent = (float(finite.min()), float(finite.max())) if len(finite) else (np.nan, np.nan)
    sequence = ProbeSequence.of(snapshot, record)
    readings = _readings(sequence, experiment_of(record).probe_size)
    missing = len(finite) < values.size
    return StatePicture(sequence, readings, sequence.lanes, names, states, view, image, scale, order, extent, missing)


def _readings(sequence: ProbeSequence, size: int) -> tuple[str, ...]:
    """Return what each sequence of a probe of this size reads; of few held-out sequences there are fewer."""
    known = tuple(reading.inputs for reading in sequence.words.readings) if sequence.words else ()
    return known if 0 < len(known) < READINGS else (known + ("",) * size)[:size]


def sort_units(values: Values, sorting: str) -> Order:
    """Return the units (H,) from the top, by values (T, H)."""
    clean = np.nan_to_num(np.asarray(values, np.float64), nan=0.0, posinf=1e30, neginf=-1e30)
    return np.argsort(SORTINGS[sorting](clean), kind="stable")


def names_of(snapshot: Snapshot, record: RunRecord) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """Return the named values of each layer, states first, and the states. Raises CellError."""
    states, own = _names_in_order(record.cell)
    found: dict[str, list[str]] = {}
    for key in snapshot.named("values/"):
        layer, name = split_layer(key)
        found.setdefault(layer, []).append(name)
    rank = {name: place for place, name in enumerate((*states, *own))}
    return {
        layer: tuple(sorted(names, key=lambda name: (rank.get(name, len(rank)), name)))
        for layer, names in sorted(found.items(), key=lambda item: place_of(item[0]))
    }, states


@lru_cache(maxsize=16)
def _names_in_order(cell_text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    cell = Cell.from_text(cell_text)
    others = (assignment.name for assignment in cell.assignments if assignment.name not in cell.states)
    return cell.states, tuple(others)
