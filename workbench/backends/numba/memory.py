"""Where a program finds each value: the array, the row of a step and the column, as source text."""

from collections.abc import Callable
from dataclasses import dataclass

from workbench.backends.numba.writing import Table
from workbench.backends.rendering.outline import PassOutline
from workbench.backends.rendering.placement import Location, Room
from workbench.cells.graph import Value
from workbench.cells.layout import Area, Place


@dataclass(frozen=True)
class Cells:
    """An array of columns: its name, how many columns a row has, and which row belongs to step ``t``."""

    array: str
    width: int = 1
    row: str | None = "{t}"
    """The row of step t; empty: a row for each sequence alone; None: one row in all."""
    pitch: str = "pitch"
    """From column to column, in numbers."""

    @property
    def row_pitch(self) -> str:
        """From one sequence's row to the next."""
        return self.pitch if self.width == 1 else f"{self.width} * {self.pitch}"

    def at(self, sequence: str, column: int = 0, step: str = "t") -> str:
        """The address of a column of a step and sequence."""
        if self.row is None:
            return f"{self.array} + {column} * {self.pitch} * SIZE"
        index = f"({self.row.format(t=step)}) * batch + {sequence}" if self.row else sequence
        return f"{self.array} + (({index}) * {self.width} + {column}) * {self.pitch} * SIZE"


Column = tuple[Cells, int]
Find = Callable[[Value], Column]
"""Tells the array and the column of a value."""


class Memory:
    """The locations of a pass's values."""

    def __init__(self, table: Table, outline: PassOutline) -> None:
        self.table, self.outline = table, outline

    def find(self, value: Value) -> Column:
        """The array and the column of a value."""
        return self.cells(self.outline.location(value))

    def cells(self, location: Location) -> Column:
        """The array and the column of a location."""
        if isinstance(location, Place):
            return self._area(location)
        room, column = location
        name = self.table.name(f"{self.outline.direction}_{room.value}")
        return Cells(name, self.outline.placement.columns[room], "{t} - start" if room is Room.STRETCH else ""), column

    def _area(self, place: Place) -> Column:
        name, area = self.table.name, place.area
        match area:
            case Area.NEW:
                return Cells(name(f"state_{place.column}"), row="{t} + 1"), 0
            case Area.PREVIOUS:
                return Cells(name(f"state_{place.column}")), 0
            case Area.TOTAL:
                return Cells(name(f"gradient_{place.column}"), row="{t} + 1"), 0
            case Area.RECEIVED:
                return Cells(name(f"gradient_{place.column}")), 0
            case Area.SAVED:
                return Cells(name("saved"), self.outline.plan.forward.layout.columns[Area.SAVED]), place.column
            case Area.FLOW:
                return Cells(name("flow"), self.outline.pass_.layout.columns[Area.FLOW], "{t} - start"), place.column
            case Area.INPUT:
                return Cells(name("inputs"), pitch=name("input_pitch")), 0
            case Area.CONSTANT:
                return Cells(name(f"{self.outline.direction}_constants"), row=None), place.column
            case Area.SUMMED:
                # A thread's own share of them.
                return Cells("sums", row=None), place.column
        raise KeyError(area)
