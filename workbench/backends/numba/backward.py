"""The backward pass as source text.

It goes a stretch of steps at a time, from the last to the first: the gradients of a stretch are multiplied with what
the matrices multiplied, and summed up, while both are in the cache. They are not kept for all steps.
"""

from dataclasses import dataclass

from workbench.backends.numba.blocks import NumbaBlock
from workbench.backends.numba.matrices import PackedProduct, find_factors, write_product
from workbench.backends.numba.memory import Cells, Column
from workbench.backends.numba.passes import PassWriter
from workbench.backends.numba.writing import Table
from workbench.backends.rendering.lines import Lines
from workbench.backends.rendering.outline import PassOutline, Work
from workbench.backends.rendering.placement import Phase, Region
from workbench.cells.graph import MatrixUse, Value
from workbench.cells.plan import Plan


@dataclass(frozen=True)
class OuterProduct:
    """The gradients of all matrices that multiply one operand: their array, and the products that read the operand."""

    name: str
    operand: Value
    products: tuple[Value, ...]

    @property
    def is_of_input(self) -> bool:
        """Whether the operand is x."""
        return self.operand.op == "x"


class BackwardWriter(PassWriter):
    """Writes ``backward(table, first, last, share)``: all steps of some sequences, and their sums over them."""

    def __init__(self, plan: Plan, table: Table) -> None:
        super().__init__(PassOutline(plan, "backward", summed={value for _, value in plan.sums}), table)
        self.outer_products = [
            OuterProduct(f"outer_{number}", gradient.operand, gradient.products)
            for number, gradient in enumerate(plan.matrix_gradients)
        ]

    def write(self) -> str:
        """Return the function's body."""
        lines = Lines()
        lines.add("rows = last - first")
        self._write_sums(lines)
        self._write_outside(lines, "steps")
        lines.add("end = steps")
        with lines.block("while end > 0:"):
            lines.add("start = max(0, end - stretch)")
            self.write_turns(lines)
            with lines.block("for t in range(start, end):"):
                self._write_outside(lines, "t")
            self.write_around(lines, Phase.BEFORE)
            with lines.block("for t in range(end - 1, start - 1, -1):"):
                self.write_loop(lines)
            self.write_around(lines, Phase.AFTER)
            self._write_sums_of_states(lines)
            for outer in self.outer_products:
                for number in range(len(outer.products)):
                    self._write_outer_product(lines, outer, number)
            with lines.block(f"if {self.table.name('wants_inputs')}:"):
                self._write_input_gradient(lines)
            lines.add("end = start")
        return lines.text()

    def write_finish(self) -> str:
        """Return the body of ``finish(table)``: the gradients of parameters from those of their expressions."""
        lines = Lines()
        lines.add(f"sums = {self.table.name('all_sums')}")
        self.write_constants(lines, self.plan.finish)
        return lines.text()

    def work(self, region: Region) -> Work[Column]:
        """What a region does; sums are added to where they are computed."""
        work = super().work(region)
        for leaf, value in self.plan.sums:
            if self.outline.placement.home.get(value) is region:
                work.adds.setdefault(value, []).append(self.memory.find(leaf))
        return work

    def _write_sums(self, lines: Lines) -> None:
        """Each share of the batch sums up by itself; the sums of all are added afterwards, always in one order."""
        name = self.table.name
        lines.add(f"sums = {name('all_sums')} + share * {len(self.plan.sums)} * pitch * SIZE")
        lines.add(f"call({name('clear')}, sums, {len(self.plan.sums)} * pitch)")
        for outer in self.outer_products:
            size = name(f"{outer.name}_size")
            lines.add(f"sum_of_{outer.name} = {name(outer.name)} + share * {size} * SIZE")
            lines.add(f"call({name('clear')}, sum_of_{outer.name}, {size})")

    def _write_outside(self, lines: Lines, row: str) -> None:
        """States receive the gradient from outside first; there is none of the start."""
        name = self.table.name
        for index in range(len(self.plan.states)):
            target = f"{name(f'gradient_{index}')} + ({row} * batch + first) * pitch * SIZE"
            given = name(f"outside_{index}")
            with lines.block(f"if {given} == 0 or {row} == 0:"):
                lines.add(f"call({name('clear')}, {target}, rows * pitch)")
            with lines.block("else:"):
                source = f"{given} + (({row} - 1) * batch + first) * hidden * SIZE"
                lines.add(f"call({name('copy_rows')}, {target}, pitch, {source}, hidden, hidden, rows)")

    def _write_sums_of_states(self, lines: Lines) -> None:
        """Constants whose gradient is a state's gradient itself."""
        work = Work[Column](set())
        for leaf, value in self.plan.sums:
            if value not in self.outline.placement.home:
                work.adds.setdefault(value, []).append(self.memory.find(leaf))
        with lines.block("for t in range(start, end):"):
            self.write_block(lines, work)

    def _kept(self, value: Value) -> Column:
        """Where a gradient lies when its stretch is done."""
        return self.memory.cells(self.outline.pass_.layout.places[value])

    def _write_outer_product(self, lines: Lines, outer: OuterProduct, number: int) -> None:
        name = self.table.name
        left, left_column = self._kept(self.plan.adjoint.products[outer.products[number]])
        right, right_column = self.memory.find(outer.operand)
        pitch = "input_pitch" if outer.is_of_input else "pitch"
        sides = [
            f"{cells.at('first', column)}, {cells.row_pitch}, batch * {cells.row_pitch}"
            for cells, column in ((left, left_column), (right, right_column))
        ]
        out = f"sum_of_{outer.name} + {number} * hidden * {pitch} * SIZE, {pitch}, hidden, {pitch} // LANES"
        order = f"call({name('add_outer')}, {', '.join(sides)}, turns, height, {out})"
        lines.add("t = start")
        if not outer.is_of_input:
            lines.add(order)
            return
        with lines.block("if active == 0:"):
            lines.add(order)
        with lines.block("else:"), lines.block("for turn in range(turns):"):
            lines.add("t = start + turn")
            indices = f"{name('indices')} + (t * batch + first) * active * 8, active"
            rows = f"{left.at('first', left_column)}, {left.row_pitch}"
            table = f"sum_of_{outer.name} + {number} * pitch * SIZE, {len(outer.products)} * pitch"
            lines.add(f"call({name('scatter')}, {indices}, {rows}, {table}, height, pitch // LANES)")

    def _write_input_gradient(self, lines: Lines) -> None:
        """Of x: by way of products, and plainly where x stands outside of them."""
        products = self.plan.adjoint.products
        target = Cells(self.table.name("input_gradient"), pitch="input_pitch"), 0
        readers = [product for product in products if any(arg.op == "x" for arg in product.args)]
        if readers:
            # Products that are only added up have one gradient.
            factors = find_factors({products[reader] for reader in readers}, self._kept)
            uses = tuple(
                (tuple(use for reader in readers if products[reader] is value for use in _turned(reader)),)
                for factor in factors
                for value in factor.operands
            )
            product = PackedProduct(self.table.name("input_matrix"), factors, uses, to_inputs=True)
            self.products.append(product)
            with lines.block("for turn in range(turns):"):
                lines.add("t = start + turn")
                write_product(lines, self.table, product, target, height="height", accumulate=False)
        if plain := self.plan.adjoint.inputs:
            where = {plain: [target]}
            work = Work[Column](set(), adds=where) if readers else Work[Column](set(), stores=where)
            with lines.block("for t in range(start, end):"), lines.block("for row in range(first, last):"):
                NumbaBlock(lines, self._kept, work).write()


def _turned(product: Value) -> tuple[MatrixUse, ...]:
    """The matrices by which a product multiplies x, turned round."""
    (block,) = (block for arg, block in zip(product.args, product.blocks, strict=True) if arg.op == "x")
    return tuple(MatrixUse(use.name, not use.transposed, use.sign) for use in block)
