"""What can be said of a cell at a glance: its size, what a step has to wait for, and what it keeps to go back.

Told of the schedule that is compiled. NumPy's has the same stages and keeps the same, here and there a sum more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

from workbench.cells.catalogue import catalogue
from workbench.cells.cell import Cell
from workbench.cells.schedule import carried_states

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@dataclass(frozen=True)
class Kept:
    """What the forward pass keeps of every step for the backward pass, beside the states."""

    names: tuple[str, ...]
    """Values that the equations name, in their order."""
    unnamed: int
    """How many others: products, sums and functions within a line."""


def kept_values(cell: Cell) -> Kept:
    """Return what the plan of a cell saves."""
    plan = cell.folded_plan
    names = tuple(name for name, value in plan.step.names.items() if value in plan.saved)
    return Kept(names, len(plan.saved.difference(plan.step.names.values())))


def count_learnt(cell: Cell, inputs: int, hidden: int) -> int:
    """Return how many numbers a layer of this cell learns. Raises CellError for sizes that do not fit."""
    shapes = cell.shapes(inputs, hidden)
    return sum(prod(shape) for name, shape in shapes.items() if name not in cell.fixed)


def count_kept(cell: Cell) -> int:
    """Return how many numbers a unit and step the forward pass keeps, the states included."""
    return len(cell.states) + len(cell.folded_plan.saved)


def describe_cells(inputs: int, hidden: int) -> list[dict[str, Any]]:
    """Return what is known of every cell of the catalogue, as ``rnn-workbench cells --json`` prints it."""
    return [_describe(cell, inputs, hidden) for cell in catalogue().values()]


def _describe(cell: Cell, inputs: int, hidden: int) -> dict[str, Any]:
    kept = kept_values(cell)
    return {
        "name": cell.name,
        "title": cell.title,
        "summary": summary(cell),
        "about": cell.about,
        "source": cell.source,
        "states": list(cell.states),
        "stages": cell.folded_plan.stages,
        "parameters": list(cell.parameters),
        "fixed": sorted(cell.fixed),
        "inputs": inputs,
        "hidden": hidden,
        "shapes": {name: list(shape) for name, shape in cell.shapes(inputs, hidden).items()},
        "learnt": count_learnt(cell, inputs, hidden),
        "kept": count_kept(cell),
        "saved": list(kept.names),
        "saved_unnamed": kept.unnamed,
        "equations": cell.equations.strip(),
        "latex": cell.latex,
    }


def summary(cell: Cell) -> str:
    """Return the first sentence of what the cell is for; empty where nothing is said."""
    first, found, _ = cell.about.partition(". ")
    return first + "." if found else first


def step_words(cell: Cell) -> str:
    """Return in a sentence how many matrix products follow one another in a step."""
    stages = cell.folded_plan.stages
    if stages == 0 and not carried_states(cell.folded_plan.step):
        return "No stages: nothing waits for the step before, so all steps are computed at once."
    if stages == 0:
        return "No stages: no matrix product depends on the step before, only a loop over the units."
    if stages == 1:
        return "One stage: all matrix products of a step that read the past run together."
    count = _NUMBERS[stages] if stages < len(_NUMBERS) else str(stages)
    return f"{count} stages: {count.lower()} matrix products of a step have to wait for one another."


def kept_words(cell: Cell, print_name: Callable[[str], str] = str) -> str:
    """Return in a sentence what is kept of every step; ``print_name`` prints a name, in HTML for example."""
    kept = kept_values(cell)
    states = listed([print_name(name) for name in cell.states])
    parts = [print_name(name) for name in kept.names]
    if kept.unnamed:
        parts.append(f"{kept.unnamed} value{'s' * (kept.unnamed != 1)} without a name")
    columns = count_kept(cell)
    numbers = f"{columns} number{'s' * (columns != 1)} a unit and step"
    held = f"{'states' if len(cell.states) > 1 else 'state'} {states}"
    return f"The {held}; {listed(parts)}: {numbers}." if parts else f"Only the {held}: {numbers}."


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them: "f, i and o"."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
