"""Which values of a pass lie in memory and which live in registers alone.

A plan says when each value can be computed first. A compiled block computes a value where it is read, as long as that
is one place, or cheap: only what products read, what the plan keeps and what is read in several places is stored.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from workbench.cells.functions import FUNCTIONS
from workbench.cells.graph import Reach, Value
from workbench.cells.layout import Area, Layout, Place
from workbench.cells.schedule import ProductGroup, Schedule


class Phase(Enum):
    """When a region runs: around the loop over a stretch of steps, or inside it."""

    BEFORE = "before"
    LOOP = "loop"
    AFTER = "after"


@dataclass
class Region:
    """Products, then one pass over the units: a stage of the schedule."""

    phase: Phase
    groups: tuple[ProductGroup, ...] = ()
    block: tuple[Value, ...] = ()
    computed: set[Value] = field(default_factory=set)
    """Values that this region computes in registers, whether or not it stores them."""


class Room(Enum):
    """Memory of a pass's own, beside the areas of the plan."""

    STRETCH = "stretch"
    STEP = "step"


Location = Place | tuple[Room, int]
"""A column of a plan's area, or of a room."""


@dataclass(frozen=True)
class Placement:
    """A pass's regions in order, and the location of every value that lies in memory."""

    regions: tuple[Region, ...]
    locations: Mapping[Value, Location]
    columns: Mapping[Room, int]
    """The number of columns of each room."""
    groups: Mapping[ProductGroup, Location]
    """The first of the neighbouring columns that a group's product writes."""
    results: Mapping[ProductGroup, tuple[Value, ...]]
    """A group's results in the order of these columns."""
    added: Mapping[ProductGroup, Value]
    """Groups whose one result is only added to a state's gradient, where the product adds it by itself."""
    home: Mapping[Value, Region]


def place_values(
    schedule: Schedule, layout: Layout, *, kept: Collection[Value], summed: Collection[Value]
) -> Placement:
    """Place the values of a pass.

    ``kept``: those to be found in memory afterwards, at their places in the plan's layout where these last;
    ``summed``: those whose sum is made where they are computed.
    """
    return _Placer(schedule, layout, frozenset(kept), frozenset(summed)).run()


# Areas whose columns outlive the stretch, or are where states and their gradients lie.
_LASTING = (Area.SAVED, Area.FLOW, Area.NEW, Area.TOTAL, Area.CONSTANT)


class _Placer:
    def __init__(self, schedule: Schedule, layout: Layout, kept: frozenset[Value], summed: frozenset[Value]) -> None:
        self.layout, self.kept, self.summed = layout, kept, summed
        phases = ((Phase.BEFORE, schedule.before), (Phase.LOOP, schedule.loop), (Phase.AFTER, schedule.after))
        self.regions = [Region(phase, stage.groups, stage.block) for phase, stages in phases for stage in stages]
        self.home = {value: region for region in self.regions for value in _values(region)}
        self.users: dict[Value, list[Value]] = {}
        for value in self.home:
            for arg in value.args:
                self.users.setdefault(arg, []).append(value)
        self.operands = {operand for region in self.regions for group in region.groups for operand in group.operands}
        self.results = {result for region in self.regions for group in region.groups for result in group.results}
        self.locations: dict[Value, Location] = {}
        self.columns: dict[Room, int] = dict.fromkeys(Room, 0)

    def run(self) -> Placement:
        added = self._products_that_add()
        stored = self._choose_stored(set(added.values()))
        groups, results = {}, {}
        for region in self.regions:
            for group in region.groups:
                results[group] = self.layout.results[group]
                if group not in added:
                    lasts = any(
                        result in self.kept and not self._has_lasting_place(result) for result in results[group]
                    )
                    groups[group] = self._place(results[group], region, lasts=lasts)
        for region in self.regions:
            for value in region.block:
                if value in stored and value not in self.locations:
                    if value in self.kept and self._has_lasting_place(value):
                        self.locations[value] = self.layout.places[value]
                    else:
                        self._place((value,), region, lasts=value in self.kept)
        return Placement(tuple(self.regions), self.locations, self.columns, groups, results, added, self.home)

    def _has_lasting_place(self, value: Value) -> bool:
        return value in self.layout.places and self.layout.places[value].area in _LASTING

    def _products_that_add(self) -> dict[ProductGroup, Value]:
        """Groups of one result that is only accumulated, with the ``accumulate`` value."""
        found = {}
        for region in self.regions:
            for group in region.groups:
                users = self.users.get(group.results[0], [])
                alone = len(group.results) == 1 and group.results[0] not in self.kept | self.summed | self.operands
                if alone and len(users) == 1 and users[0].op == "accumulate":
                    found[group] = users[0]
        return found

    def _choose_stored(self, added: set[Value]) -> set[Value]:
        """Go back from the last value to the first: who reads a value decides where it is computed, and if it is kept.

        Values in ``added`` are no work of their own.
        """
        stored: set[Value] = set(self.operands)
        readers: dict[Value, set[int]] = {}
        for number, region in reversed(list(enumerate(self.regions))):
            for value in reversed(region.block):
                if value in added:
                    continue
                reading = readers.get(value, set())
                computing = self._regions_computing(value, number, reading)
                if value in self.kept or reading - computing:
                    stored.add(value)
                for other in computing:
                    self.regions[other].computed.add(value)
                for arg in value.args:
                    readers.setdefault(arg, set()).update(computing)
        return {value for value in stored if value in self.home and value not in self.results}

    def _regions_computing(self, value: Value, home: int, reading: set[int]) -> set[int]:
        """The regions that compute a value: those that read it, if that is one alone or it is cheap; else its own."""
        pinned = value in self.kept or value in self.operands or value in self.summed
        if pinned or value.op in ("accumulate", "mean"):
            return {home}
        return reading if len(reading) <= 1 or _is_cheap(value) else {home}

    def _place(self, values: tuple[Value, ...], region: Region, *, lasts: bool = False) -> Location:
        """Give values neighbouring columns of a room that lives as long as they are read."""
        in_step = region.phase is Phase.LOOP and not lasts and all(self._stays_in_loop(value) for value in values)
        room = Room.STEP if in_step else Room.STRETCH
        first = self.columns[room]
        self.columns[room] += len(values)
        for offset, value in enumerate(values):
            self.locations[value] = (room, first + offset)
        return (room, first)

    def _stays_in_loop(self, value: Value) -> bool:
        reading = [region for region in self.regions if any(value in other.args for other in region.computed)]
        reading += [region for region in self.regions if any(value in group.operands for group in region.groups)]
        return all(region.phase is Phase.LOOP for region in reading)


def _values(region: Region) -> Iterable[Value]:
    for group in region.groups:
        yield from group.results
    yield from region.block


def _is_cheap(value: Value) -> bool:
    return value.reach is Reach.CONSTANT or FUNCTIONS[value.op].cheap
