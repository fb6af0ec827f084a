"""What rendering both directions shares: stages around the loop over time and inside it."""

from collections.abc import Iterable

from workbench.backends.numba.blocks import BlockWriter, Work
from workbench.backends.numba.matrices import PackedProduct, pack_group, write_packing, write_product
from workbench.backends.numba.memory import Memory
from workbench.backends.numba.placement import Phase, Region, place_values
from workbench.backends.numba.writing import Lines, Table
from workbench.cells.graph import Value
from workbench.cells.layout import Area, Layout
from workbench.cells.plan import Pass, Plan
from workbench.cells.schedule import ProductGroup

SIZES = ("steps", "batch", "hidden", "pitch", "stretch", "first_step", "active", "size_of_input", "input_pitch")
"""Whole numbers that every program is given first."""


class PassWriter:
    """Writes one direction of a plan. ``products``: those it has written calls of."""

    def __init__(
        self, plan: Plan, pass_: Pass, table: Table, direction: str, kept: set[Value], summed: Iterable[Value]
    ) -> None:
        self.plan, self.pass_, self.table, self.direction = plan, pass_, table, direction
        placement = place_values(pass_.schedule, pass_.layout, kept=kept, summed=set(summed))
        layouts: dict[str, Layout] = {"forward": plan.forward.layout, "backward": plan.backward.layout}
        self.memory = Memory(table, layouts, direction, placement)
        self.products: list[PackedProduct] = []

    def rooms(self) -> dict[str, int]:
        """Columns of the pass's own memory, by the name in the table."""
        return {f"{self.direction}_{room.value}": count for room, count in self.memory.placement.columns.items()}

    def write_turns(self, lines: Lines) -> None:
        """All steps of a stretch at once where a step's rows lie side by side with the next one's."""
        lines.add("turns = 1 if rows == batch else end - start")
        lines.add("height = rows * (end - start) if rows == batch else rows")

    def write_around(self, lines: Lines, phase: Phase) -> None:
        """Write what is done for all steps of a stretch, before the loop over them or after it."""
        for region in self.memory.placement.regions:
            if region.phase is phase:
                if region.groups:
                    with lines.block("for turn in range(turns):"):
                        lines.add("t = start + turn")
                        self._write_groups(lines, region.groups, "height")
                with lines.block("for t in range(start, end):"):
                    self.write_block(lines, self.work(region))

    def write_loop(self, lines: Lines) -> None:
        """Write what is done step by step."""
        for region in self.loop_regions():
            self._write_groups(lines, region.groups, "rows")
            self.write_block(lines, self.work(region))

    def loop_regions(self) -> list[Region]:
        """The stages of a step."""
        return [region for region in self.memory.placement.regions if region.phase is Phase.LOOP]

    def write_block(self, lines: Lines, work: Work) -> None:
        """Write a pass over the units of every row."""
        with lines.block("for row in range(first, last):"):
            BlockWriter(lines, self.memory.find, work).write()

    def work(self, region: Region) -> Work:
        """What a region's pass over the units is to do."""
        work, placement, places = Work(region.computed), self.memory.placement, self.memory.layout.places
        results = [result for group in region.groups if group not in placement.added for result in group.results]
        for value in region.block:
            if value.op == "accumulate" and value not in placement.added.values():
                work.adds.setdefault(value, []).append(self.memory.find(value))
            elif value in region.computed and value in placement.locations:
                work.stores.setdefault(value, []).append(self.memory.find(value))
        for value in results:
            # A product's result that outlives its stretch is kept elsewhere than where the product wrote it.
            if value in places and places[value].area in (Area.SAVED, Area.FLOW, Area.NEW, Area.TOTAL):
                work.stores.setdefault(value, []).append(self.memory.cells(places[value]))
        return work

    def _write_groups(self, lines: Lines, groups: Iterable[ProductGroup], height: str) -> None:
        placement = self.memory.placement
        for group in groups:
            name = f"{self.direction}_matrix_{len(self.products)}"
            product = pack_group(name, self.memory, group, placement.results[group])
            self.products.append(product)
            added = placement.added.get(group)
            out = self.memory.find(added) if added else self.memory.cells(placement.groups[group])
            write_product(lines, self.table, product, out, height=height, accumulate=added is not None)

    def write_preparation(self) -> str:
        """Write what is done once a call: parameters packed, expressions of parameters computed."""
        lines, name = Lines(), self.table.name
        for vector, leaf in self.plan.vectors.items():
            target, column = self.memory.cells(self.pass_.layout.places[leaf])
            source = f"{name(f'parameter_{vector}')}, hidden, hidden, 1"
            lines.add(f"call({name('copy_rows')}, {target.at('', column)}, pitch, {source})")
        for product in self.products:
            if product.to_inputs:
                with lines.block("if wants_inputs:"):
                    write_packing(lines, self.table, product)
            else:
                write_packing(lines, self.table, product)
        self.write_constants(lines, self.pass_.schedule.constants)
        return lines.text()

    def write_constants(self, lines: Lines, values: Iterable[Value]) -> None:
        """Write the computation of expressions of parameters."""
        work = Work(set(values))
        work.stores = {value: [self.memory.find(value)] for value in work.computed}
        BlockWriter(lines, self.memory.find, work).write()
