"""What rendering both directions shares: stages around the loop over time and inside it."""

from collections.abc import Iterable

from workbench.backends.numba.blocks import NumbaBlock
from workbench.backends.numba.matrices import PackedProduct, pack_group, write_packing, write_product
from workbench.backends.numba.memory import Column, Memory
from workbench.backends.numba.writing import Table
from workbench.backends.rendering.lines import Lines
from workbench.backends.rendering.outline import PassOutline, Work
from workbench.backends.rendering.placement import Phase, Region
from workbench.cells.graph import Value
from workbench.cells.schedule import ProductGroup

SIZES = ("steps", "batch", "hidden", "pitch", "stretch", "first_step", "active", "size_of_input", "input_pitch")
"""Whole numbers that every program is given first."""


class PassWriter:
    """Writes one direction of a plan. ``products``: those it has written calls of."""

    def __init__(self, outline: PassOutline, table: Table) -> None:
        self.outline, self.table = outline, table
        self.plan = outline.plan
        self.memory = Memory(table, outline)
        self.products: list[PackedProduct] = []

    def write_turns(self, lines: Lines) -> None:
        """All steps of a stretch at once where a step's rows lie side by side with the next one's."""
        lines.add("turns = 1 if rows == batch else end - start")
        lines.add("height = rows * (end - start) if rows == batch else rows")

    def write_around(self, lines: Lines, phase: Phase) -> None:
        """Write what is done for all steps of a stretch, before the loop over them or after it."""
        for region in self.outline.around(phase):
            if region.groups:
                with lines.block("for turn in range(turns):"):
                    lines.add("t = start + turn")
                    self._write_groups(lines, region.groups, "height")
            with lines.block("for t in range(start, end):"):
                self.write_block(lines, self.work(region))

    def write_loop(self, lines: Lines) -> None:
        """Write what is done step by step."""
        for region in self.outline.loop():
            self._write_groups(lines, region.groups, "rows")
            self.write_block(lines, self.work(region))

    def write_block(self, lines: Lines, work: Work[Column]) -> None:
        """Write a pass over the units of every row."""
        with lines.block("for row in range(first, last):"):
            NumbaBlock(lines, self.memory.find, work).write()

    def work(self, region: Region) -> Work[Column]:
        """What a region's pass over the units is to do."""
        return self.outline.work(region, self.memory.cells)

    def _write_groups(self, lines: Lines, groups: Iterable[ProductGroup], height: str) -> None:
        placement = self.outline.placement
        for group in groups:
            name = f"{self.outline.direction}_matrix_{len(self.products)}"
            product = pack_group(name, self.memory, group, placement.results[group])
            self.products.append(product)
            added = placement.added.get(group)
            out = self.memory.find(added) if added else self.memory.cells(placement.groups[group])
            write_product(lines, self.table, product, out, height=height, accumulate=added is not None)

    def write_preparation(self) -> str:
        """Write what is done once a call: parameters packed, expressions of parameters computed."""
        lines, name = Lines(), self.table.name
        for vector, leaf in self.plan.vectors.items():
            target, column = self.memory.cells(self.outline.pass_.layout.places[leaf])
            source = f"{name(f'parameter_{vector}')}, hidden, hidden, 1"
            lines.add(f"call({name('copy_rows')}, {target.at('', column)}, pitch, {source})")
        for product in self.products:
            if product.to_inputs:
                with lines.block("if wants_inputs:"):
                    write_packing(lines, self.table, product)
            else:
                write_packing(lines, self.table, product)
        self.write_constants(lines, self.outline.pass_.schedule.constants)
        return lines.text()

    def write_constants(self, lines: Lines, values: Iterable[Value]) -> None:
        """Write the computation of expressions of parameters."""
        work = Work[Column](set(values))
        work.stores = {value: [self.memory.find(value)] for value in work.computed}
        NumbaBlock(lines, self.memory.find, work).write()
