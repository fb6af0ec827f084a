"""One pass over the units of every row: loads, arithmetic in registers, stores."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic

from workbench.backends.rendering.lines import Lines
from workbench.backends.rendering.outline import Target, Work
from workbench.cells.graph import Value, in_order


class BlockWriter(ABC, Generic[Target]):
    """Writes one block, in as many rounds over the units as there are means in a row.

    A language says how a line is written that loads, computes, stores or adds.
    """

    def __init__(self, find: Callable[[Value], Target], work: Work[Target]) -> None:
        self.find, self.work = find, work
        self.levels = _levels(work.computed)
        self.written: set[Value] = set()
        self.round = 0

    @abstractmethod
    def write_round(self, body: Lines, means: Sequence[Value]) -> None:
        """Write one round over the units, which leaves ``means`` known to the next."""

    @abstractmethod
    def new_lines(self) -> Lines:
        """Return lines for the body of a round."""

    @abstractmethod
    def let(self, body: Lines, name: str, expression: str) -> None:
        """Write that a register is given an expression."""

    @abstractmethod
    def store(self, body: Lines, target: Target, name: str) -> None:
        """Write that a register is stored."""

    @abstractmethod
    def add_to(self, body: Lines, target: Target, name: str) -> None:
        """Write that a register is added to what lies in memory."""

    @abstractmethod
    def sum_up(self, body: Lines, mean: Value) -> None:
        """Write that the argument of a mean joins its sum."""

    @abstractmethod
    def load(self, target: Target) -> str:
        """Return the expression that loads."""

    @abstractmethod
    def number(self, number: float) -> str:
        """Return a number."""

    @abstractmethod
    def step_number(self) -> str:
        """Return the step's index."""

    def write(self) -> None:
        """Write the rounds."""
        targets = [*self.work.stores, *self.work.adds]
        means = [value for value in self.work.computed if value.op == "mean"]
        last = max([self._round_of(value) for value in targets] + [self.levels[value] for value in means], default=-1)
        for self.round in range(last + 1):
            body, self.written = self.new_lines(), set[Value]()
            for value in in_order({value for value in targets if self._round_of(value) == self.round}):
                self._finish(body, value)
            averaged = [value for value in in_order(means) if self.levels[value] == self.round]
            for value in averaged:
                self._compute(body, value.args[0])
                self.sum_up(body, value)
            self.write_round(body, averaged)

    def _round_of(self, value: Value) -> int:
        """A mean is known only after the round that sums it up."""
        return self.levels.get(value, 0) + (value.op == "mean")

    def _finish(self, body: Lines, value: Value) -> None:
        """Compute a target, then write it or add it."""
        source = value.args[0] if value.op == "accumulate" else value
        self._compute(body, source)
        for target in self.work.adds.get(value, ()):
            self.add_to(body, target, name_of(source))
        for target in self.work.stores.get(value, ()):
            self.store(body, target, name_of(source))

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
        if value.op == "mean" and value in self.work.computed:
            return  # A variable of the round before.
        self.let(body, name_of(value), self._expression(value))

    def _expression(self, value: Value) -> str:
        if value.op == "number":
            return self.number(value.number)
        if value.op == "t":
            return self.step_number()
        if self._was_stored(value):
            return self.load(self.work.stores[value][0])
        if value in self.work.computed:
            return operation(value)
        loaded = self.load(self.find(value))
        return f"flush({loaded})" if value.op == "arriving" else loaded


def name_of(value: Value) -> str:
    """The register of a value."""
    return f"v{value.serial}"


def operation(value: Value) -> str:
    """The expression of an elementwise value, its arguments in registers."""
    args = ", ".join(name_of(arg) for arg in value.args)
    return args if value.op == "copy" else f"{value.op}({args})"


def _levels(computed: Iterable[Value]) -> Mapping[Value, int]:
    """The round in which each value can be computed."""
    levels: dict[Value, int] = {}
    for value in in_order(computed):
        levels[value] = max((levels[arg] + (arg.op == "mean") for arg in value.args if arg in levels), default=0)
    return levels
