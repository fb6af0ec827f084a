"""A plan as the source of its program: four functions that Numba compiles.

``prepare_forward`` and ``prepare_backward`` pack the parameters, once a call; ``forward`` and ``backward`` run all steps for
some of the sequences, so that each thread has its share of the batch and none waits for another inside a step.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.backends.numba.blocks import BlockWriter, Work
from workbench.backends.numba.memory import Cells, Memory
from workbench.backends.numba.placement import Phase, Placement, Region, place_values
from workbench.backends.numba.writing import Lines, Table
from workbench.cells.graph import MatrixUse, Value
from workbench.cells.layout import Area, Layout
from workbench.cells.plan import Pass, Plan
from workbench.cells.schedule import ProductGroup


@dataclass(frozen=True)
class Factor:
    """Neighbouring operands of a product, and the rows of its packed matrix that belong to them."""

    operands: tuple[Value, ...]
    cells: Cells
    column: int

    @property
    def depth(self) -> str:
        """The numbers of one operand."""
        return "size_of_input" if self.operands[0].op == "x" else "hidden"


@dataclass(frozen=True)
class PackedProduct:
    """A product whose right side is packed from parameters."""

    name: str
    factors: tuple[Factor, ...]
    columns: int
    """Results, each H units wide."""
    uses: tuple[tuple[tuple[MatrixUse, ...], ...], ...]
    """Of each operand, for each result: the matrices."""


@dataclass(frozen=True)
class OuterProduct:
    """The gradient of the matrices that multiply one operand: its array, and how many results read the operand."""

    name: str
    operand: Value
    products: tuple[Value, ...]


@dataclass(frozen=True)
class Rendering:
    """A program's source and all that must be known to call it."""

    source: str
    table: tuple[str, ...]
    products: tuple[PackedProduct, ...]
    input_products: tuple[PackedProduct, ...]
    outer_products: tuple[OuterProduct, ...]
    rooms: dict[str, int]
    """Columns of each pass's own memory, by the name in the table."""


_HEADER = '''"""{title}, rendered from its plan."""

from workbench.backends.numba.vectors import call, compiled, words

_words = words({dtype!r})
LANES, SIZE = _words.LANES, _words.SIZE
{functions}
'''


def render(plan: Plan, title: str, dtype: str) -> Rendering:
    """Render a plan for a floating-point type."""
    return _Renderer(plan).render(title, dtype)


class _Renderer:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.table = Table()
        self.layouts: dict[str, Layout] = {"forward": plan.forward.layout, "backward": plan.backward.layout}
        self.products: list[PackedProduct] = []
        self.input_products: list[PackedProduct] = []
        self.outer_products: list[OuterProduct] = []
        summed = {value for _, value in plan.sums}
        self.forward = self._memory(plan.forward, {*plan.saved, *plan.step.new.values()}, set())
        flow = {value for value, place in plan.backward.layout.places.items() if place.area is Area.FLOW}
        self.backward = self._memory(plan.backward, flow | set(plan.adjoint.total.values()), summed)

    def _memory(self, pass_: Pass, kept: set[Value], summed: set[Value]) -> Memory:
        placement = place_values(pass_.schedule, pass_.layout, kept=kept, summed=summed)
        return Memory(self.table, self.layouts, pass_.layout, placement)

    def render(self, title: str, dtype: str) -> Rendering:
        bodies = {
            "forward": ("table, first, last, shard", self._forward_body()),
            "backward": ("table, first, last, shard", self._backward_body()),
        }
        bodies["prepare_forward"] = (
            "table",
            self._prepare_body(self.forward, self.plan.forward, self.products_of("forward")),
        )
        bodies["prepare_backward"] = (
            "table",
            self._prepare_body(self.backward, self.plan.backward, self.products_of("backward")),
        )
        bodies["finish"] = ("table", self._finish_body())
        text = "".join(self._function(name, arguments, body) for name, (arguments, body) in bodies.items())
        functions = "\n".join(f"{name} = _words.{name}" for name in _functions_in(text))
        rooms = {
            f"{memory.direction}_{room.value}": count
            for memory in (self.forward, self.backward)
            for room, count in memory.placement.columns.items()
        }
        return Rendering(
            _HEADER.format(title=title, dtype=dtype, functions=functions) + text,
            tuple(self.table.names),
            tuple(self.products),
            tuple(self.input_products),
            tuple(self.outer_products),
            rooms,
        )

    def products_of(self, direction: str) -> list[PackedProduct]:
        return [product for product in (*self.products, *self.input_products) if product.name.startswith(direction)]

    def _function(self, name: str, arguments: str, body: str) -> str:
        lines = Lines()
        lines.add("")
        lines.add("")
        lines.add("@compiled")
        with lines.block(f"def {name}({arguments}):"):
            for line in self.table.reads(body):
                lines.add(line)
            for line in body.splitlines():
                lines.add(line)
            lines.add("return")
        return lines.text()

    # Forward

    def _forward_body(self) -> str:
        for name in (
            "steps",
            "batch",
            "hidden",
            "pitch",
            "stretch",
            "first_step",
            "active",
            "size_of_input",
            "input_pitch",
        ):
            self.table.name(name)
        lines, name = Lines(), self.table.name
        lines.add("rows = last - first")
        lines.add("start = 0")
        with lines.block("while start < steps:"):
            lines.add("end = min(steps, start + stretch)")
            self._write_turns(lines)
            with lines.block("if active == 0:"), lines.block("for turn in range(turns):"):
                lines.add("t = start + turn")
                source = f"{name('given_inputs')} + (t * batch + first) * size_of_input * SIZE"
                target = f"{name('inputs')} + (t * batch + first) * input_pitch * SIZE"
                lines.add(
                    f"call({name('copy_rows')}, {target}, input_pitch, {source}, size_of_input, size_of_input, height)"
                )
            self._write_phase(lines, self.forward, Phase.BEFORE)
            with lines.block("for t in range(start, end):"):
                self._write_loop(lines, self.forward)
            self._write_phase(lines, self.forward, Phase.AFTER)
            lines.add("start = end")
        return lines.text()

    def _write_turns(self, lines: Lines) -> None:
        """All steps at once where the rows of a step lie side by side with those of the next."""
        lines.add("turns = 1 if rows == batch else end - start")
        lines.add("height = rows * (end - start) if rows == batch else rows")

    def _write_phase(self, lines: Lines, memory: Memory, phase: Phase) -> None:
        for region in memory.placement.regions:
            if region.phase is phase:
                with lines.block("for turn in range(turns):"):
                    mark = Lines()
                    for group in region.groups:
                        self._write_group(mark, memory, group, "height")
                    if text := mark.text().strip("\n"):
                        lines.add("t = start + turn")
                        for line in text.splitlines():
                            lines.add(line)
                with lines.block("for t in range(start, end):"):
                    self._write_block(lines, memory, self._work(memory, region))

    def _write_loop(self, lines: Lines, memory: Memory) -> None:
        regions = [region for region in memory.placement.regions if region.phase is Phase.LOOP]
        if memory is self.backward and not (regions and not regions[0].groups):
            regions.insert(0, Region(Phase.LOOP))
        for number, region in enumerate(regions):
            for group in region.groups:
                self._write_group(lines, memory, group, "rows")
            work = self._work(memory, region)
            if memory is self.backward and number == 0:
                self._settle(work)
            self._write_block(lines, memory, work)

    def _write_block(self, lines: Lines, memory: Memory, work: Work) -> None:
        with lines.block("for row in range(first, last):"):
            BlockWriter(lines, memory, work).write()

    def _work(self, memory: Memory, region: Region) -> Work:
        work, placement = Work(region.computed), memory.placement
        added = set(placement.added.values())
        own = [result for group in region.groups for result in group.results if group not in placement.added]
        for value in (*own, *region.block):
            if value.op == "accumulate" and value not in added:
                work.adds.setdefault(value, []).append(memory.find(value))
            elif value in region.computed and value in placement.locations and value not in own:
                work.stores.setdefault(value, []).append(memory.find(value))
            place = memory.layout.places.get(value)
            if value in own and place and place.area in (Area.SAVED, Area.FLOW, Area.NEW, Area.TOTAL):
                work.stores.setdefault(value, []).append(memory.cells(place))
        for leaf, value in self.plan.sums if memory is self.backward else ():
            if placement.home.get(value) is region:
                work.adds.setdefault(value, []).append(memory.cells(memory.layout.places[leaf]))
        return work

    # Products

    def _write_group(self, lines: Lines, memory: Memory, group: ProductGroup, height: str) -> None:
        placement = memory.placement
        results = placement.results[group]
        product = self._pack_group(memory, group, results)
        accumulate = group in placement.added
        out, column = memory.find(placement.added[group]) if accumulate else memory.cells(placement.groups[group])
        self._write_product(lines, product, (out, column), height, accumulate)

    def _pack_group(self, memory: Memory, group: ProductGroup, results: tuple[Value, ...]) -> PackedProduct:
        operands = sorted(group.operands, key=lambda operand: (operand.op == "x", self._order(memory, operand)))
        factors = self._factors(memory, operands)
        ordered = [operand for factor in factors for operand in factor.operands]
        uses = tuple(tuple(result.blocks[result.args.index(operand)] for result in results) for operand in ordered)
        name = self.table.name(f"{memory.direction}_matrix_{len(self.products)}")
        product = PackedProduct(name, factors, len(results), uses)
        self.products.append(product)
        return product

    def _order(self, memory: Memory, value: Value) -> tuple[str, int]:
        cells, column = memory.find(value)
        return cells.array, column

    def _factors(self, memory: Memory, operands: Iterable[Value]) -> tuple[Factor, ...]:
        factors: list[Factor] = []
        for operand in operands:
            cells, column = memory.find(operand)
            last = factors[-1] if factors else None
            if last and last.cells == cells and column == last.column + len(last.operands):
                factors[-1] = Factor((*last.operands, operand), cells, last.column)
            else:
                factors.append(Factor((operand,), cells, column))
        return tuple(factors)

    def _write_product(
        self,
        lines: Lines,
        product: PackedProduct,
        out: tuple[Cells, int],
        height: str,
        accumulate: bool,
        *,
        out_vectors: str | None = None,
    ) -> None:
        """Write the calls of one product: the last factor may be x, which joins the first call or is gathered."""
        states = [factor for factor in product.factors if factor.depth == "hidden"]
        inputs = [factor for factor in product.factors if factor.depth != "hidden"]
        target, column = out
        vectors = out_vectors or f"{product.columns} * pitch // LANES"
        packed_rows = _sum_of(
            [f"{len(states_)} * hidden" for states_ in (f.operands for f in states)] + ["size_of_input"] * len(inputs)
        )
        lines.add(f"out = {target.at('first', column)}")
        tail = f"out, {target.row_pitch}, {height}, {vectors}"
        sparse_first = "accumulate" if inputs else ""
        if inputs:
            cells = inputs[0].cells
            skip = _sum_of([f"{len(factor.operands)} * hidden" for factor in states])
            with lines.block("if active > 0:"):
                gathered = f"{self.table.name('indices')} + (t * batch + first) * active * 8"
                panel_rows = f"{product.name}, {packed_rows}, {skip}"
                lines.add(f"call({self.table.name('gather')}, {gathered}, active, {panel_rows}, {tail})")
            second = f"{cells.at('first')}, input_pitch, size_of_input if active == 0 else 0"
            lines.add(f"accumulate = 1 if active > 0 else {int(accumulate)}")
        else:
            second = "0, 0, 0"
        if not states:
            with lines.block("if active == 0:"):
                left = f"{inputs[0].cells.at('first')}, input_pitch, 1, 0, size_of_input, 0, 0, 0"
                lines.add(
                    f"call({self.table.name('product')}, {left}, {product.name}, {packed_rows}, 0, {tail}, {int(accumulate)})"
                )
        before = "0"
        for number, factor in enumerate(states):
            cells, first = factor.cells, factor.column
            left = f"{cells.at('first', first)}, {cells.row_pitch}, {len(factor.operands)}, pitch, hidden"
            adds = (sparse_first or str(int(accumulate))) if number == 0 else "1"
            # x lies behind all the others in the packed matrix: it joins the last of them.
            own_second = second if number == len(states) - 1 else "0, 0, 0"
            lines.add(
                f"call({self.table.name('product')}, {left}, {own_second}, {product.name}, {packed_rows}, {before}, {tail}, {adds})"
            )
            before = _sum_of([before, f"{len(factor.operands)} * hidden"])

    # Backward

    def _backward_body(self) -> str:
        lines, name = Lines(), self.table.name
        lines.add("rows = last - first")
        self._write_starts(lines)
        lines.add("end = steps")
        with lines.block("while end > 0:"):
            lines.add("start = max(0, end - stretch)")
            self._write_turns(lines)
            with lines.block("for t in range(start, end):"):
                for index in range(len(self.plan.states)):
                    self._write_outside(lines, index, "t")
            self._write_phase(lines, self.backward, Phase.BEFORE)
            with lines.block("for t in range(end - 1, start - 1, -1):"):
                self._write_loop(lines, self.backward)
            self._write_phase(lines, self.backward, Phase.AFTER)
            self._write_sums_of_leaves(lines)
            self._write_outer_products(lines)
            self._write_input_gradients(lines)
            lines.add("end = start")
        name("wants_inputs")
        return lines.text()

    def _write_starts(self, lines: Lines) -> None:
        name = self.table.name
        for index in range(len(self.plan.states)):
            self._write_outside(lines, index, "steps")
        if self.plan.sums:
            lines.add(f"sums = {name('all_sums')} + shard * {len(self.plan.sums)} * pitch * SIZE")
            lines.add(f"call({name('clear')}, sums, {len(self.plan.sums)} * pitch)")
        for number, gradient in enumerate(self.plan.matrix_gradients):
            outer = OuterProduct(name(f"outer_{number}"), gradient.operand, gradient.products)
            self.outer_products.append(outer)
            size = name(f"outer_{number}_size")
            lines.add(f"sum_of_{outer.name} = {outer.name} + shard * {size} * SIZE")
            lines.add(f"call({name('clear')}, sum_of_{outer.name}, {size})")

    def _write_outside(self, lines: Lines, index: int, row: str) -> None:
        """The gradient from outside, of the state after the step before ``row``; none before the first step."""
        name = self.table.name
        target = f"{name(f'gradient_{index}')} + ({row} * batch + first) * pitch * SIZE"
        given = name(f"outside_{index}")
        with lines.block(f"if {given} == 0 or {row} == 0:"):
            lines.add(f"call({name('clear')}, {target}, rows * pitch)")
        with lines.block("else:"):
            source = f"{given} + (({row} - 1) * batch + first) * hidden * SIZE"
            lines.add(f"call({name('copy_rows')}, {target}, pitch, {source}, hidden, hidden, rows)")

    def _settle(self, work: Work) -> None:
        """A gradient that is only passed on is flushed where it lies, before products read it."""
        for value in self.plan.adjoint.total.values():
            if value.op == "arriving":
                work.stores[value] = [self.backward.find(value)]

    def _write_sums_of_leaves(self, lines: Lines) -> None:
        """Constants whose gradient is a state's gradient itself."""
        work = Work(set())
        for leaf, value in self.plan.sums:
            if value not in self.backward.placement.home:
                work.adds.setdefault(value, []).append(self.backward.cells(self.plan.backward.layout.places[leaf]))
        with lines.block("for t in range(start, end):"), lines.block("for row in range(first, last):"):
            BlockWriter(lines, self.backward, work).write()

    def _lasting(self, value: Value) -> tuple[Cells, int]:
        """Where a gradient lies when its stretch is done."""
        place = self.plan.backward.layout.places[value]
        return self.backward.cells(place)

    def _write_outer_products(self, lines: Lines) -> None:
        for outer in self.outer_products:
            for number in range(len(outer.products)):
                lines.add("t = start")
                self._write_outer_product(lines, outer, number)

    def _write_outer_product(self, lines: Lines, outer: OuterProduct, number: int) -> None:
        name = self.table.name
        left, left_column = self._lasting(self.plan.adjoint.products[outer.products[number]])
        right, right_column = self.backward.find(outer.operand)
        is_input = outer.operand.op == "x"
        pitch = "input_pitch" if is_input else "pitch"
        sides = [
            f"{cells.at('first', column)}, {cells.row_pitch}, {cells.step_pitch}"
            for cells, column in ((left, left_column), (right, right_column))
        ]
        out = f"sum_of_{outer.name} + {number} * hidden * {pitch} * SIZE, {pitch}, hidden, {pitch} // LANES"
        order = f"call({name('add_outer')}, {', '.join(sides)}, turns, height, {out})"
        if not is_input:
            lines.add(order)
            return
        with lines.block("if active == 0:"):
            lines.add(order)
        with lines.block("else:"), lines.block("for turn in range(turns):"):
            lines.add("t = start + turn")
            rows = f"{name('indices')} + (t * batch + first) * active * 8, active"
            source = f"{left.at('first', left_column)}, {left.row_pitch}"
            table = f"sum_of_{outer.name} + {number} * pitch * SIZE, {len(outer.products)} * pitch"
            lines.add(f"call({name('scatter')}, {rows}, {source}, {table}, height, pitch // LANES)")

    def _write_input_gradients(self, lines: Lines) -> None:
        """Of x, where it is wanted: it costs a product."""
        name = self.table.name
        readers = [product for product in self.plan.adjoint.products if any(arg.op == "x" for arg in product.args)]
        plain = self.plan.adjoint.inputs
        target = Cells(name("input_gradient"), pitch=name("input_pitch"))
        with lines.block(f"if {name('wants_inputs')}:"):
            order = sorted(readers, key=lambda product: self._order_of_flow(self.plan.adjoint.products[product]))
            factors = self._lasting_factors([self.plan.adjoint.products[product] for product in order])
            uses = {self.plan.adjoint.products[product]: _turned(product) for product in order}
            with lines.block("for turn in range(turns):"):
                if factors:
                    lines.add("t = start + turn")
                    product = PackedProduct(
                        name("backward_input_matrix"),
                        factors,
                        1,
                        tuple((uses[value],) for factor in factors for value in factor.operands),
                    )
                    self.input_products.append(product)
                    self._write_product(
                        lines, product, (target, 0), "height", False, out_vectors="input_pitch // LANES"
                    )
            if plain:
                work = Work(set())
                cells = [(target, 0)]
                if factors:
                    work.adds[plain] = cells
                else:
                    work.stores[plain] = cells
                with lines.block("for t in range(start, end):"), lines.block("for row in range(first, last):"):
                    BlockWriter(lines, self.backward, work).write()

    def _order_of_flow(self, value: Value) -> tuple[str, int]:
        cells, column = self._lasting(value)
        return cells.array, column

    def _lasting_factors(self, values: list[Value]) -> tuple[Factor, ...]:
        factors: list[Factor] = []
        for value in values:
            cells, column = self._lasting(value)
            last = factors[-1] if factors else None
            if last and last.cells == cells and cells.width > 1 and column == last.column + len(last.operands):
                factors[-1] = Factor((*last.operands, value), cells, last.column)
            else:
                factors.append(Factor((value,), cells, column))
        return tuple(factors)

    # Once a call

    def _prepare_body(self, memory: Memory, pass_: Pass, products: list[PackedProduct]) -> str:
        lines, name = Lines(), self.table.name
        constants = name(f"{memory.direction}_constants")
        for vector, leaf in self.plan.vectors.items():
            column = pass_.layout.places[leaf].column
            target = f"{constants} + {column} * pitch * SIZE"
            lines.add(f"call({name('copy_rows')}, {target}, pitch, {name(f'parameter_{vector}')}, hidden, hidden, 1)")
        for product in products:
            with lines.block(f"if {product.name}:"):
                self._write_packing(lines, product)
        self._write_constants(lines, memory, pass_.schedule.constants)
        return lines.text()

    def _write_packing(self, lines: Lines, product: PackedProduct) -> None:
        name = self.table.name
        operands = [operand for factor in product.factors for operand in factor.operands]
        depths = ["size_of_input" if operand.op == "x" else "hidden" for operand in operands]
        total = _sum_of(depths)
        to_inputs = product in self.input_products
        width = "input_pitch" if to_inputs else "pitch"
        vectors = f"{product.columns} * {width} // LANES"
        for number, (operand, blocks) in enumerate(zip(operands, product.uses, strict=True)):
            first_row = _sum_of(depths[:number])
            for result, uses in enumerate(blocks):
                for count, use in enumerate(uses):
                    reads_x = operand.op == "x" or to_inputs
                    shape = f"hidden, {'size_of_input' if reads_x else 'hidden'}"
                    place = f"{first_row}, {result} * pitch // LANES, {vectors}"
                    lines.add(
                        f"call({name('pack')}, {name(f'parameter_{use.name}')}, {shape}, {int(use.transposed)}, "
                        f"{int(use.sign < 0)}, {int(count > 0)}, {product.name}, {total}, {place})"
                    )

    def _write_constants(self, lines: Lines, memory: Memory, values: Iterable[Value]) -> None:
        work = Work(set(values))
        work.stores = {value: [memory.cells(memory.layout.places[value])] for value in work.computed}
        if work.computed:
            BlockWriter(lines, memory, work).write()

    def _finish_body(self) -> str:
        lines = Lines()
        if self.plan.sums:
            lines.add(f"sums = {self.table.name('all_sums')}")
        self._write_constants(lines, self.backward, self.plan.finish)
        return lines.text()


def _turned(product: Value) -> tuple[MatrixUse, ...]:
    """The matrices by which a product multiplies x, turned round."""
    (block,) = (block for arg, block in zip(product.args, product.blocks, strict=True) if arg.op == "x")
    return tuple(MatrixUse(use.name, not use.transposed, use.sign) for use in block)


def _sum_of(terms: Iterable[str]) -> str:
    left = [term for term in terms if term != "0"]
    return " + ".join(left) if left else "0"


_WORDS = ("load", "store", "number", "whole", "keep", "mean", "entry")


def _functions_in(text: str) -> list[str]:
    from workbench.backends.numba.functions import FUNCTIONS

    return sorted(name for name in {*FUNCTIONS, *_WORDS} if f"{name}(" in text)
