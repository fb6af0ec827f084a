"""States: a named value of a layer, units by time, while the network reads one held-out sequence."""

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from workbench.cells import Cell
from workbench.cells.tree import Call
from workbench.figures.errors import FigureError
from workbench.figures.kind import Kind
from workbench.figures.layers import Direction, layer_words
from workbench.figures.options import Options, option
from workbench.figures.source import Source
from workbench.figures.spec import Axis, FigureSpec, HeatMap, Panel, whole_numbers
from workbench.training.words import Words

Order = Literal["unit", "final value"]

_TIME = Axis("time step", label=r"time step \(t\)", whole=True)
_NOT_NEGATIVE = frozenset({"relu", "softplus", "exp", "abs", "sqrt"})
_MOST_INPUTS = 64  # rows of an input strip that can still be seen
_MOST_LETTERS, _MOST_WORDS = 60, 30  # that can be read side by side above the map
_TOO_MANY = "; the {count} symbols that it reads are too many to stand above it"
_STRIP_HEIGHT = 1.9  # at most, where the map below has 6


class StatesOptions(Options):
    """What can be chosen about the figure of a named value."""

    value: str = option("", "Value", "A name of the equations; left out, the first state.", choices="values")
    layer: int = option(1, "Layer", "The layer, counted from 1.", choices="layers", ge=1)
    direction: Direction = option("forward", "Direction", "The layer that reads from the start, or from the end.")
    step: int | None = option(None, "Training step", "The snapshot to draw; left out, the last.", choices="steps", ge=0)
    order: Order = option("unit", "Order", "Units by their number, or by their value at the last time step.")
    inputs: bool = option(True, "Input", "A strip above shows what the network reads, or, of symbols, a row of them.")


def make(sources: Sequence[Source], options: StatesOptions) -> FigureSpec:
    """Return the figure. Raises FigureError for a value, layer or step that the run does not have."""
    (source,) = sources
    step = source.snapshot_step(options.step)
    layer = source.layer(options.layer, options.direction)
    names = source.names_of("values", layer)
    name = options.value or source.cell.states[0]
    if name not in names:
        raise FigureError(f"Run {source.run} has no value {name!r} in {layer_words(layer)}. It has {', '.join(names)}.")
    values = source.array(step, f"values/{layer}.{name}").T  # (H, T)
    if not np.isfinite(values).any():
        raise FigureError(f"The value {name} of run {source.run} holds no finite number at step {step}.")
    rows = unit_order(values, options.order)
    read = _symbols_read(source, step)
    sort = ", by final value" if options.order == "final value" else ""
    label = source.label(name)
    panel = Panel(
        x=_TIME,
        y=Axis("unit", label=f"unit{sort}", whole=True),
        heat_map=_heat_map(source.cell, name, values[rows], rows, label),
        height=6.0,
        uprights=source.answer_begins(step),
        columns=read if options.inputs and _fit_above(read) else (),
    )
    panels: tuple[Panel, ...] = (panel,)
    inputs = source.array(step, "inputs")
    if options.inputs and inputs.ndim == 2 and inputs.shape[1] <= _MOST_INPUTS:
        panels = (_input_strip(inputs), panel)
    kept = source.history("sequence").get(step)
    sequence = source.experiment.probe_sequence if kept is None else int(kept)
    strip = "; the strip above is its input" if len(panels) > 1 else ""
    if options.inputs and read:
        strip = "; above each step stands what is read there" if panel.columns else _TOO_MANY.format(count=len(read))
    description = (
        f"{name} of each unit in {layer_words(layer)} of {source.name} after training step {step}, while the network "
        f"reads held-out sequence {sequence}{strip}."
    )
    return FigureSpec("states", panels, description, aspect=0.78)


def unit_order(values: NDArray[Any], order: Order) -> NDArray[np.int64]:
    """Return the units' numbers from top to bottom, for values (H, T); by final value: the least at the top."""
    return np.argsort(values[:, -1], kind="stable") if order == "final value" else whole_numbers(len(values))


def _symbols_read(source: Source, step: int) -> tuple[str, ...]:
    """Return what the network reads at each step, () where that is numbers."""
    if "words" not in source.array_names:
        return ()
    return Words.from_array(source.array(step, "words")).inputs or ()


def _fit_above(symbols: tuple[str, ...]) -> bool:
    most = _MOST_WORDS if any(len(symbol) > 1 for symbol in symbols) else _MOST_LETTERS
    return len(symbols) <= most


def _heat_map(cell: Cell, name: str, values: NDArray[Any], rows: NDArray[Any], label: str) -> HeatMap:
    """Choose the colours by what the equations say of the value, so that equal colours mean equal numbers."""
    line = next(assignment.expression for assignment in cell.assignments if assignment.name == name)
    function = line.function if isinstance(line, Call) else ""
    largest = float(np.abs(values[np.isfinite(values)]).max()) or 1.0
    if function == "sigmoid":
        return HeatMap(name, values, (0.0, 1.0), rows, label, "magnitude")
    if function in _NOT_NEGATIVE:
        return HeatMap(name, values, (0.0, largest), rows, label, "magnitude")
    bound = 1.0 if function == "tanh" else largest
    return HeatMap(name, values, (-bound, bound), rows, label, "diverging")


def _input_strip(inputs: NDArray[Any]) -> Panel:
    finite = inputs[np.isfinite(inputs)]
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (0.0, 1.0)
    limits = (low, high if high > low else low + 1.0)
    strip = HeatMap("input", inputs.T, limits, whole_numbers(inputs.shape[1]), colours="grey")
    return Panel(
        x=_TIME,
        y=Axis("input number", label="input"),
        heat_map=strip,
        height=min(0.25 + 0.2 * inputs.shape[1], _STRIP_HEIGHT),
    )


KIND = Kind(
    "states", "Hidden state", "A named value, units by time, as a heat map; at any snapshot of the film.",
    StatesOptions, several=False, make=make,
)  # fmt: skip
