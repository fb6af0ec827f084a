"""One pass over the units of every row, in compiled Python's words."""

from collections.abc import Sequence

from workbench.backends.numba.memory import Column, Find
from workbench.backends.rendering.blocks import BlockWriter, name_of
from workbench.backends.rendering.lines import Lines
from workbench.backends.rendering.outline import Work
from workbench.cells.graph import Value


class NumbaBlock(BlockWriter[Column]):
    """Writes a block in the body of a loop over ``row`` (or of none, for constants)."""

    def __init__(self, lines: Lines, find: Find, work: Work[Column]) -> None:
        super().__init__(find, work)
        self.lines = lines
        self.pointers: dict[str, str] = {}

    def new_lines(self) -> Lines:
        """Return lines for the body of a round."""
        return Lines()

    def write_round(self, body: Lines, means: Sequence[Value]) -> None:
        """Write one round over the units."""
        for pointer, address in self.pointers.items():
            self.lines.add(f"{pointer} = {address}")
        self.pointers.clear()
        for value in means:
            self.lines.add(f"sum_{value.serial} = number(0.0)")
        with self.lines.block("for unit in range(0, pitch, LANES):"):
            self.lines.extend(body.text())
        for value in means:
            self.lines.add(f"{name_of(value)} = mean(sum_{value.serial}, hidden)")

    def let(self, body: Lines, name: str, expression: str) -> None:
        """Write an assignment."""
        body.add(f"{name} = {expression}")

    def store(self, body: Lines, target: Column, name: str) -> None:
        """Write a store."""
        body.add(f"store({self._place(target)}, {name})")

    def add_to(self, body: Lines, target: Column, name: str) -> None:
        """Write a load, a sum and a store."""
        place = self._place(target)
        body.add(f"store({place}, flush(add(load({place}), {name})))")

    def sum_up(self, body: Lines, mean: Value) -> None:
        """Write the sum of a vector's units that are there."""
        body.add(f"sum_{mean.serial} = add(sum_{mean.serial}, keep({name_of(mean.args[0])}, hidden - unit))")

    def load(self, target: Column) -> str:
        """Return a load."""
        return f"load({self._place(target)})"

    def number(self, number: float) -> str:
        """Return a vector of a number."""
        return f"number({number!r})"

    def step_number(self) -> str:
        """Return the step's index."""
        return "whole(first_step + t)"

    def _place(self, target: Column) -> str:
        cells, column = target
        pointer = f"at_{cells.array}" + ("_new" if cells.row == "{t} + 1" else "")
        self.pointers[pointer] = cells.at("row")
        return f"{pointer}, {f'{column} * pitch + ' if column else ''}unit"
