"""Where each value of a pass lies: values computed alike lie side by side, so that one operation covers them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from workbench.cells.functions import FUNCTIONS
from workbench.cells.graph import Value
from workbench.cells.schedule import ProductGroup, Schedule, Stage


class Area(Enum):
    """A kind of array. A column is H units wide; a column of a state's area is the state's index."""

    NUMBER = "number"
    TIME = "time"
    INPUT = "input"
    PREVIOUS = "previous"
    """A state before the step."""
    NEW = "new"
    """A state after the step."""
    RECEIVED = "received"
    """The gradient of a state before the step, where ``accumulate`` adds."""
    TOTAL = "total"
    """The gradient of a state after the step."""
    CONSTANT = "constant"
    """Once a call; vector parameters come first."""
    SUMMED = "summed"
    """The gradients of constants, summed over steps and batch."""
    SAVED = "saved"
    """For all steps, from the forward pass to the backward pass."""
    FLOW = "flow"
    """For all steps of the backward pass, for the products after it."""
    STRETCH = "stretch"
    """For one stretch of steps."""
    STEP = "step"
    """For one step."""
    STRETCH_PRODUCTS = "stretch products"
    """Results of products, for one stretch of steps."""
    STEP_PRODUCTS = "step products"
    """Results of products, for one step."""

    @property
    def has_neighbours(self) -> bool:
        """Whether one operation may cover several columns of this area."""
        return self in _ROWS or self in _PLANES

    @property
    def in_rows(self) -> bool:
        """Whether the columns of one step and sequence lie side by side, as products read and write them."""
        return self in _ROWS

    @property
    def in_planes(self) -> bool:
        """Whether each column lies by itself, all steps and sequences of it together, as is faster to pass over."""
        return self in _PLANES


_ROWS = frozenset({Area.CONSTANT, Area.SUMMED, Area.FLOW, Area.STRETCH_PRODUCTS, Area.STEP_PRODUCTS})
_PLANES = frozenset({Area.SAVED, Area.STRETCH, Area.STEP})
_OF_PRODUCTS = {Area.STRETCH: Area.STRETCH_PRODUCTS, Area.STEP: Area.STEP_PRODUCTS}

# Operations whose result may overwrite their first argument while they run.
_IN_PLACE = frozenset(name for name in FUNCTIONS if not name.startswith("where") and name not in ("mean", "copy"))


@dataclass(frozen=True, slots=True)
class Place:
    """One column of an area."""

    area: Area
    column: int


@dataclass(frozen=True)
class Layout:
    """The place of every value that a pass reads or computes."""

    places: dict[Value, Place]
    columns: dict[Area, int]
    """The number of columns of each area."""
    groups: Mapping[ProductGroup, Place]
    """The first of the neighbouring columns that a group's product is written to."""
    results: Mapping[ProductGroup, tuple[Value, ...]]
    """A group's results in the order of those columns. One that is kept elsewhere too has its place there."""

    def runs(self, values: Iterable[Value]) -> list[tuple[Place, tuple[Value, ...]]]:
        """Cut values into those that lie side by side in rows, with the first place of each run."""
        runs: list[tuple[Place, list[Value]]] = []
        for value in values:
            place = self.places[value]
            if runs and place.area.in_rows:
                start, members = runs[-1]
                if place == Place(start.area, start.column + len(members)):
                    members.append(value)
                    continue
            runs.append((place, [value]))
        return [(place, tuple(members)) for place, members in runs]


class LayoutMaker:
    """Gives out places: prescribed ones first, the others in the order of computing.

    ``kept`` values go to the area given, so that they outlive their stretch; ``outlast`` values live to its end.
    """

    def __init__(
        self,
        schedule: Schedule,
        places: Mapping[Value, Place],
        *,
        kept: Collection[Value],
        keep_in: Area,
        outlast: Collection[Value] = (),
    ) -> None:
        self.schedule, self.places = schedule, dict(places)
        self.kept, self.keep_in, self.outlast = kept, keep_in, outlast
        self.columns: dict[Area, int] = {}
        self.groups: dict[ProductGroup, Place] = {}
        self.results: dict[ProductGroup, tuple[Value, ...]] = {}
        self.users: dict[Value, list[Value]] = {}
        for value in (value for stages in self._phases() for value in _values(stages)):
            for arg in value.args:
                self.users.setdefault(arg, []).append(value)

    def _phases(self) -> tuple[tuple[Stage, ...], ...]:
        return self.schedule.before, self.schedule.loop, self.schedule.after

    def pin(self, values: Iterable[Value], area: Area) -> None:
        """Place values side by side in the order given, where they have no place yet."""
        for value in values:
            if value not in self.places:
                self.places[value] = self._next(area)

    def _next(self, area: Area) -> Place:
        column = self.columns.get(area, 0)
        self.columns[area] = column + 1
        return Place(area, column)

    def lay_out(self) -> Layout:
        """Place all that the schedule computes."""
        self.pin(self.schedule.constants, Area.CONSTANT)
        for stages in self._phases():
            in_phase = set(_values(stages))
            for stage in stages:
                for group in stage.groups:
                    self._place_group(group, in_phase, in_loop=stages is self.schedule.loop)
                self._place_block(stage.block, in_phase, in_loop=stages is self.schedule.loop)
        return Layout(self.places, self.columns, self.groups, self.results)

    def _area(self, value: Value, in_phase: set[Value], *, in_loop: bool) -> Area:
        stays = value not in self.outlast and all(user in in_phase for user in self.users.get(value, ()))
        return Area.STEP if in_loop and stays else Area.STRETCH

    def _place_group(self, group: ProductGroup, in_phase: set[Value], *, in_loop: bool) -> None:
        results = tuple(sorted(group.results, key=self.use))
        areas = {self._area(result, in_phase, in_loop=in_loop) for result in results}
        area = _OF_PRODUCTS[Area.STRETCH if Area.STRETCH in areas else areas.pop()]
        if all(result in self.kept for result in results) and (self.keep_in.in_rows or len(results) == 1):
            area = self.keep_in
        written = [self._next(area) for _ in results]
        self.groups[group], self.results[group] = written[0], results
        for result, place in zip(results, written, strict=True):
            if result in self.kept and area is not self.keep_in:
                self.pin([result], self.keep_in)
            self.places.setdefault(result, place)

    def use(self, value: Value) -> tuple[tuple[str, ...], int]:
        """What a value is made into, sums aside: sorted by it, gates of one function become neighbours."""
        use: list[str] = []
        serial = value.serial
        while len(users := self.users.get(value, [])) == 1 and len(use) < 3:
            value = users[0]
            if use or value.op != "add":
                use.append(value.op)
        return tuple(use), serial

    def _place_block(self, block: tuple[Value, ...], in_phase: set[Value], *, in_loop: bool) -> None:
        depths = depths_within(block)

        def key(value: Value) -> tuple[int, str, str, int]:
            first = self.places.get(value.args[0], Place(Area.NUMBER, 0))
            return depths[value], value.op, first.area.value, first.column

        for depth in range(max(depths.values(), default=-1) + 1):
            for value in sorted((value for value in block if depths[value] == depth), key=key):
                self._place_value(value, in_phase, in_loop=in_loop)

    def _place_value(self, value: Value, in_phase: set[Value], *, in_loop: bool) -> None:
        if value in self.places:
            return
        if value in self.kept:
            self.pin([value], self.keep_in)
            return
        area = self._area(value, in_phase, in_loop=in_loop)
        first = value.args[0]
        freed = first in in_phase and first not in self.outlast and self.users[first] == [value]
        if freed and value.op in _IN_PLACE and self.places[first].area is area:
            self.places[value] = self.places[first]
        else:
            self.pin([value], area)


def _values(stages: Iterable[Stage]) -> Iterator[Value]:
    for stage in stages:
        for group in stage.groups:
            yield from group.results
        yield from stage.block


def depths_within(block: Collection[Value]) -> dict[Value, int]:
    """How many operations of the block come before each."""
    depths: dict[Value, int] = {}
    for value in block:
        depths[value] = 1 + max((depths[arg] for arg in value.args if arg in depths), default=-1)
    return depths
