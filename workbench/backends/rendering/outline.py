"""What a pass does region by region: the frame that every language fills in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from workbench.backends.rendering.placement import Location, Phase, Region, place_values
from workbench.cells.graph import Value
from workbench.cells.layout import Area
from workbench.cells.plan import Plan

Direction = Literal["forward", "backward"]
Target = TypeVar("Target")
"""A place in memory, as a language writes it."""

# Where a product's result is kept for longer than where the product wrote it.
_KEPT_ELSEWHERE = (Area.SAVED, Area.FLOW, Area.NEW, Area.TOTAL)


@dataclass
class Work(Generic[Target]):
    """What one pass over the units is to do."""

    computed: set[Value]
    """Values to have in registers; others are loaded."""
    stores: dict[Value, list[Target]] = field(default_factory=dict)
    """Where values are written."""
    adds: dict[Value, list[Target]] = field(default_factory=dict)
    """What values are added to: the gradient of a state, the sum of a constant's."""


class PassOutline:
    """One direction of a plan, its regions, and the location of every value that lies in memory.

    ``stored``: values to be found in memory when the pass is done, beside those that the plan keeps; ``summed``: values
    whose sum is made where they are computed.
    """

    def __init__(
        self, plan: Plan, direction: Direction, *, stored: Collection[Value] = (), summed: Collection[Value] = ()
    ) -> None:
        self.plan, self.direction = plan, direction
        self.pass_ = plan.forward if direction == "forward" else plan.backward
        kept = _kept(plan, direction) | set(stored)
        self.placement = place_values(self.pass_.schedule, self.pass_.layout, kept=kept, summed=summed)

    def rooms(self) -> dict[str, int]:
        """Columns of the pass's own memory, by the name of the array."""
        return {f"{self.direction}_{room.value}": count for room, count in self.placement.columns.items()}

    def location(self, value: Value) -> Location:
        """Where a value lies. Raises KeyError for one that lives in registers alone."""
        return self.placement.locations.get(value) or self.pass_.layout.places[value]

    def lasting(self, value: Value) -> Location:
        """Where a value is found when the pass is done: a product may have written it elsewhere first."""
        place = self.pass_.layout.places.get(value)
        return place if place and place.area in _KEPT_ELSEWHERE else self.location(value)

    def around(self, phase: Phase) -> list[Region]:
        """The regions before the loop over time, or after it."""
        return [region for region in self.placement.regions if region.phase is phase]

    def loop(self) -> list[Region]:
        """The stages of a step; the first of a backward step has no products, so that gradients can be settled there
        before any product reads them.
        """
        regions = self.around(Phase.LOOP)
        settled = self.direction == "forward" or (regions and not regions[0].groups)
        return regions if settled else [Region(Phase.LOOP), *regions]

    def settled(self, region: Region) -> list[Value]:
        """Gradients of states that are only passed on, and are flushed where they lie by the first region of a step."""
        if self.direction == "forward" or region.groups or region.phase is not Phase.LOOP:
            return []
        return [value for value in self.plan.adjoint.total.values() if value.op == "arriving"]

    def work(self, region: Region, at: Callable[[Location], Target]) -> Work[Target]:
        """What a region's pass over the units is to do; ``at`` writes a location."""
        work, placement, places = Work[Target](region.computed), self.placement, self.pass_.layout.places
        for value in region.block:
            if value.op == "accumulate" and value not in placement.added.values():
                work.adds.setdefault(value, []).append(at(self.location(value)))
            elif value in region.computed and value in placement.locations:
                work.stores.setdefault(value, []).append(at(self.location(value)))
        for group in region.groups:
            for value in group.results if group not in placement.added else ():
                if value in places and places[value].area in _KEPT_ELSEWHERE:
                    work.stores.setdefault(value, []).append(at(places[value]))
        for value in self.settled(region):
            work.stores[value] = [at(self.location(value))]
        return work


def _kept(plan: Plan, direction: Direction) -> set[Value]:
    if direction == "forward":
        return {*plan.saved, *plan.step.new.values()}
    flow = {value for value, place in plan.backward.layout.places.items() if place.area is Area.FLOW}
    return flow | set(plan.adjoint.total.values())
