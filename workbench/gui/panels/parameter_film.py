"""The norms of all parameters over a run's film, as they are read: only new snapshots, on the reader's thread."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from workbench.cells import Cell
from workbench.figures.layers import ENCODER, layer_mark, place_of, split_layer
from workbench.lab.errors import UnknownRun
from workbench.lab.workbook import Workbook

NORM, UPDATE = "norm/", "update-ratio/"
_MOST_RUNS = 4  # kept, so that going back and forth between them reads nothing

_ENCODERS, _LAYERS = "encoders", "layers"
_PARTS = ("embedding", _ENCODERS, "attention", "decoder", _LAYERS)  # in the order that data pass; then the read-out
_CALLED = {"readout": "read-out"}

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ParameterFilm:
    """Of P parameters at the N steps of the film: norms and update ratios (P, N), NaN where there is none."""

    run: int
    steps: tuple[int, ...]
    names: tuple[str, ...]
    norms: Floats
    updates: Floats

    def growth(self) -> Floats:
        """Return log2 of each norm beside the parameter's first that is not 0 (P, N)."""
        known = np.isfinite(self.norms) & (self.norms > 0)
        first = np.argmax(known, axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            growth = np.log2(self.norms / np.take_along_axis(self.norms, first[:, None], axis=1))
        before = np.arange(len(self.steps)) < first[:, None]
        return np.where(before | ~known.any(axis=1, keepdims=True), np.nan, growth)


class ParameterFilms:
    """The parameters' films of a workbook's runs, as far as they were read. Use it on one thread."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._read: dict[int, dict[int, dict[str, float]]] = {}
        self._films: dict[int, ParameterFilm] = {}

    def of(self, run: int, cell: str) -> ParameterFilm:
        """Return the film of a run, whose cell's text says in which order its parameters come."""
        kept = self._read.pop(run, {})
        steps = self._workbook.film.steps(run)
        fresh = {step: self._snapshot(run, step) for step in steps if step not in kept}
        kept = {step: kept[step] if step in kept else fresh[step] for step in steps}
        self._read[run] = kept
        while len(self._read) > _MOST_RUNS:
            forgotten = next(iter(self._read))
            del self._read[forgotten]
            self._films.pop(forgotten, None)
        film = self._films.get(run)
        if film is None or film.steps != steps:
            film = self._films[run] = _assemble(run, kept, cell)
        return film

    def _snapshot(self, run: int, step: int) -> dict[str, float]:
        film = self._workbook.film
        try:
            wanted = [name for name in film.names(run, step) if name.startswith((NORM, UPDATE))]
            arrays = film.read(run, step, *wanted) if wanted else {}
        except UnknownRun:  # thinned away since: the next look at the film lacks this step
            return {}
        return {name: float(array) for name, array in arrays.items()}


def _assemble(run: int, read: dict[int, dict[str, float]], cell: str) -> ParameterFilm:
    names = {name.removeprefix(NORM) for values in read.values() for name in values if name.startswith(NORM)}
    ordered = sorted(names, key=lambda name: _place(name, cell))
    return ParameterFilm(run, tuple(read), tuple(ordered), _table(read, NORM, ordered), _table(read, UPDATE, ordered))


def _table(read: dict[int, dict[str, float]], prefix: str, names: list[str]) -> Floats:
    rows = [[values.get(prefix + name, np.nan) for values in read.values()] for name in names]
    return np.array(rows, np.float64).reshape(len(names), len(read))


def _place(name: str, cell: str) -> tuple[int, tuple[bool, int, bool], int, str]:
    """Return the sorting key of a parameter: as data pass, embedding, encoder, layers from below, read-out.

    Those of a layer come as in the equations.
    """
    layer, own = split_layer(name)
    if not layer:
        part = name.partition(".")[0]
        return (_PARTS.index(part) if part in _PARTS else len(_PARTS)), (False, 0, False), 0, name
    order = _order(cell)
    part = _ENCODERS if layer.startswith(ENCODER) else _LAYERS
    return _PARTS.index(part), place_of(layer), order.index(own) if own in order else len(order), own


@cache
def _order(cell: str) -> tuple[str, ...]:
    roles = Cell.from_text(cell).roles
    return (*roles.matrices, *roles.vectors)


@cache
def typeset_name(name: str, cell: str, several_layers: bool) -> str:
    """Return a parameter's name as HTML: W with f,h above, and its layer before it where there are several."""
    layer, own = split_layer(name)
    if not layer:
        part, _, own = name.partition(".")
        return f"{_CALLED.get(part, part)} <i>{own}</i>"
    shown = Cell.from_text(cell).rich_text_name(own)
    if not several_layers:
        return shown
    part = "enc&nbsp;" if layer.startswith(ENCODER) else ""
    return f"{part}{layer_mark(layer)}&nbsp;&nbsp;{shown}"
