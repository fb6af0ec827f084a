"""One pass over the units of every row: loads, arithmetic in registers, stores."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workbench.backends.numba.memory import Cells, Find
from workbench.backends.numba.writing import Lines
from workbench.cells.graph import Value, in_order


@dataclass
class Work:
    """What one pass over the units is to do."""

    computed: set[Value]
    """Values to have in registers; others are loaded."""
    stores: dict[Value, list[tuple[Cells, int]]] = field(default_factory=dict)
    """Where values are written."""
    adds: dict[Value, list[tuple[Cells, int]]] = field(default_factory=dict)
    """What values are added to: the gradient of a state, the sum of a constant's."""


class BlockWriter:
    """Writes one block, in as many rounds over the units as there are means in a row."""

    def __init__(self, lines: Lines, find: Find, work: Work) -> None:
        self.lines, self.find, self.work = lines, find, work
        self.levels = _levels(work.computed)
        self.pointers: dict[str, str] = {}
        self.written: set[Value] = set()
        self.round = 0

    def write(self) -> None:
        """Write the rounds, in the body of a loop over ``row`` (or of none, for constants)."""
        targets = [*self.work.stores, *self.work.adds]
        means = [value for value in self.work.computed if value.op == "mean"]
        last = max([self._round_of(value) for value in targets] + [self.levels[value] for value in means], default=-1)
        for self.round in range(last + 1):
            here = [value for value in in_order(set(targets)) if self._round_of(value) == self.round]
            averaged = [value for value in in_order(means) if self.levels[value] == self.round]
            self._write_round(here, averaged)

    def _round_of(self, value: Value) -> int:
        """A mean is known only after the round that sums it up."""
        return self.levels.get(value, 0) + (value.op == "mean")

    def _write_round(self, targets: list[Value], means: list[Value]) -> None:
        body = Lines()
        self.written = set()
        for value in targets:
            self._finish(body, value)
        for value in means:
            self._compute(body, value.args[0])
            body.add(f"sum_{value.serial} = add(sum_{value.serial}, keep({_name(value.args[0])}, hidden - unit))")
        for pointer, address in self.pointers.items():
            self.lines.add(f"{pointer} = {address}")
        self.pointers.clear()
        for value in means:
            self.lines.add(f"sum_{value.serial} = number(0.0)")
        with self.lines.block("for unit in range(0, pitch, LANES):"):
            for line in body.text().splitlines():
                self.lines.add(line)
        for value in means:
            self.lines.add(f"{_name(value)} = mean(sum_{value.serial}, hidden)")

    def _finish(self, body: Lines, value: Value) -> None:
        """Compute a target, then write it or add it."""
        source = value.args[0] if value.op == "accumulate" else value
        self._compute(body, source)
        for cells, column in self.work.adds.get(value, ()):
            place = self._place(cells, column)
            body.add(f"store({place}, flush(add(load({place}), {_name(source)})))")
        for cells, column in self.work.stores.get(value, ()):
            body.add(f"store({self._place(cells, column)}, {_name(source)})")

    def _place(self, cells: Cells, column: int) -> str:
        pointer = f"at_{cells.array}" + ("_new" if cells.row == "{t} + 1" else "")
        self.pointers[pointer] = cells.at("row")
        return f"{pointer}, {f'{column} * pitch + ' if column else ''}unit"

    def _compute(self, body: Lines, value: Value) -> None:
        """Have a value in a register, and before it what it is made of."""
        waiting = [value]
        while waiting:
            current = waiting[-1]
            missing = [arg for arg in self._made_of(current) if arg not in self.written]
            if current in self.written or not missing:
                waiting.pop()
                if current not in self.written:
                    self.written.add(current)
                    self._write_value(body, current)
            else:
                waiting.extend(missing)

    def _made_of(self, value: Value) -> tuple[Value, ...]:
        loaded = value not in self.work.computed or self._was_stored(value)
        return () if loaded or value.op == "mean" else value.args

    def _was_stored(self, value: Value) -> bool:
        """Whether an earlier round wrote it."""
        return value in self.work.stores and self._round_of(value) < self.round

    def _write_value(self, body: Lines, value: Value) -> None:
        name = _name(value)
        if value.op == "number":
            body.add(f"{name} = number({value.number!r})")
        elif value.op == "t":
            body.add(f"{name} = whole(first_step + t)")
        elif value.op == "mean" and value in self.work.computed:
            return  # A variable of the round before.
        elif self._was_stored(value):
            body.add(f"{name} = load({self._place(*self.work.stores[value][0])})")
        elif value in self.work.computed:
            args = ", ".join(_name(arg) for arg in value.args)
            body.add(f"{name} = {args}" if value.op == "copy" else f"{name} = {value.op}({args})")
        else:
            cells, column = self.find(value)
            loaded = f"load({self._place(cells, column)})"
            body.add(f"{name} = flush({loaded})" if value.op == "arriving" else f"{name} = {loaded}")


def _name(value: Value) -> str:
    return f"v{value.serial}"


def _levels(computed: Iterable[Value]) -> Mapping[Value, int]:
    """The round in which each value can be computed."""
    levels: dict[Value, int] = {}
    for value in in_order(computed):
        levels[value] = max((levels[arg] + (arg.op == "mean") for arg in value.args if arg in levels), default=0)
    return levels
