"""Where a program finds each value: the array, the row of a step and sequence, and the column."""

from dataclasses import dataclass

from workbench.backends.rendering.lines import Lines
from workbench.backends.rendering.outline import PassOutline
from workbench.backends.rendering.placement import Location, Room
from workbench.cells.graph import Value
from workbench.cells.layout import Area, Place


class Braces(Lines):
    """Lines of C++."""

    closing = "}"


@dataclass(frozen=True)
class Cells:
    """One column, H units wide, of an array whose rows hold so many columns side by side.

    ``row``: the row of a step and sequence in terms of ``row``, which is ``t * batch + sequence``.
    """

    array: str
    row: str = "row"
    columns: int = 1
    column: int = 0

    @property
    def index(self) -> str:
        """Of one unit's number, in source text."""
        within = f"{self.column} * HIDDEN + unit" if self.column else "unit"
        if not self.row:
            return within
        return f"(long long)({self.row}) * ({self.columns} * HIDDEN) + {within}"

    @property
    def text(self) -> str:
        """One unit's number, in source text."""
        return f"{self.array}[{self.index}]"


# A step's own memory serves two steps in turn: blocks that share sequences may be a step apart.
STEP_ROW = "(row / batch) % 2 * batch + row % batch"
NEXT_ROW = "row + batch"


class Memory:
    """The columns of a pass's values."""

    def __init__(self, outline: PassOutline) -> None:
        self.outline = outline

    def find(self, value: Value) -> Cells:
        """Where a value lies. Raises KeyError for one that lives in registers alone."""
        return self.at(self.outline.location(value))

    def find_afterwards(self, value: Value) -> Cells:
        """Where a value lies when the pass is done."""
        return self.at(self.outline.lasting(value))

    def at(self, location: Location) -> Cells:
        """The column of a location."""
        if isinstance(location, Place):
            return self._area(location)
        room, column = location
        row = "row" if room is Room.STRETCH else STEP_ROW
        return Cells(f"{self.outline.direction}_{room.value}", row, self.outline.placement.columns[room], column)

    def _area(self, place: Place) -> Cells:
        outline, column = self.outline, place.column
        match place.area:
            case Area.NEW:
                return Cells(f"state_{column}", NEXT_ROW)
            case Area.PREVIOUS:
                return Cells(f"state_{column}")
            case Area.TOTAL:
                return Cells(f"gradient_{column}", NEXT_ROW)
            case Area.RECEIVED:
                return Cells(f"gradient_{column}")
            case Area.SAVED:
                return Cells("saved", "row", outline.plan.forward.layout.columns[Area.SAVED], column)
            case Area.FLOW:
                return Cells("flow", "row", outline.plan.backward.layout.columns[Area.FLOW], column)
            case Area.INPUT:
                return Cells("inputs")
            case Area.CONSTANT:
                return Cells(f"{outline.direction}_constants", "", column=column)
            case Area.SUMMED:
                return Cells("sums", "", column=column)
        raise KeyError(place.area)
