"""A cell as it is typed, and what can be said of it for the sizes at hand."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.cells import Cell, CellError
from workbench.cells.facts import count_learnt
from workbench.errors import WorkbenchError
from workbench.lab.asking import ask_shape
from workbench.lab.building import architecture_of
from workbench.lab.experiment import CellText, Experiment, dump_toml
from workbench.training.arrays import count_entries


@dataclass(frozen=True)
class CellWords:
    """What stands in the fields of the cell editor."""

    title: str = ""
    about: str = ""
    source: str = ""
    states: str = "h"
    equations: str = "h = tanh(W_hh @ h + W_hx @ x + b_h)\n"
    init: str = ""
    """Lines such as b_f = 1.0."""
    fixed: str = ""

    @classmethod
    def of(cls, cell: Cell) -> "CellWords":
        """Return the words that make this cell."""
        words = cls.of_text(CellText.model_validate(cell.values))
        return replace(words, equations=cell.equations.strip() + "\n")

    @classmethod
    def of_text(cls, text: CellText) -> "CellWords":
        """Return the words of a cell's text, right or wrong."""
        states, fixed = ", ".join(text.states), ", ".join(text.fixed)
        return cls(text.title, text.about, text.source, states, text.equations, dump_toml(text.init).strip(), fixed)

    def as_own(self) -> "CellWords":
        """Return the words as a start for a cell of one's own, which its author did not write about."""
        return replace(self, title=f"Own {self.title}", about="", source="")

    def cell_text(self) -> CellText:
        """Return the cell's text, checked. Raises CellError."""
        text = CellText(
            title=self.title.strip(),
            about=self.about,
            source=self.source,
            states=_names(self.states),
            equations=self.equations,
            init=_initial_values(self.init),
            fixed=_names(self.fixed),
        )
        text.build()
        return text


@dataclass(frozen=True)
class Sizes:
    """How many numbers a network of a cell learns: each parameter's shape, and all together."""

    shapes: Mapping[str, tuple[int, ...]]
    in_cells: int
    """What the cells of all layers learn, without the read-out."""
    total: int
    basis: str
    """What the sizes are for, as "64 units, 2 inputs"."""


def sizes_of(cell: Cell, experiment: Experiment) -> Sizes:
    """Return the sizes that a cell has in this experiment. Raises CellError, TaskError, TrainingError."""
    architecture = architecture_of(experiment, cell, ask_shape(experiment))
    layers = f", {architecture.layers} layers" if architecture.layers > 1 else ""
    basis = f"{architecture.hidden} units, {architecture.width} inputs{layers}"
    shapes = architecture.shapes()
    fixed = architecture.fixed()
    learnt = count_entries({name: shapes[name] for name in shapes if name not in fixed})
    in_cells = count_learnt(cell, architecture.width, architecture.hidden)
    in_cells += (architecture.layers - 1) * count_learnt(cell, architecture.hidden, architecture.hidden)
    return Sizes(shapes, in_cells, learnt, basis)


@dataclass(frozen=True)
class Verdict:
    """What is known of typed words: the cell they make, and its sizes or why it has none here."""

    text: CellText
    cell: Cell
    sizes: Sizes | None
    misfit: str = ""


def judge(words: CellWords, experiment: Experiment) -> Verdict:
    """Return the verdict on a typed cell. Raises CellError where it is none."""
    text = words.cell_text()
    cell = text.build()
    try:
        return Verdict(text, cell, sizes_of(cell, experiment))
    except WorkbenchError as error:
        return Verdict(text, cell, None, str(error))


def save_cell(text: CellText, path: Path) -> None:
    """Write a cell file. Raises CellError where it cannot be written."""
    try:
        path.write_text(dump_toml(text.build().values), encoding="utf-8")
    except OSError as error:
        raise CellError(f"{path} cannot be written: {error.strerror or error}") from error


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.replace(",", " ").split() if name)


def _initial_values(text: str) -> dict[str, float | str]:
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise CellError(f'initial values: {error}; write lines such as b_f = 1.0 or W_hh = "orthogonal(1.0)"') from None
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise CellError(f"initial values: {name} takes a number or a rule in quotes, not {value!r}")
    return values
