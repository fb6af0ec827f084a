"""The loop over time as one kernel: matrices stay where they are, and what a thread computes stays with it."""

from collections.abc import Mapping, Sequence

from workbench.backends.cupy.kernels import Kernel, make_kernel
from workbench.backends.cupy.memory import Braces, Cells, Memory
from workbench.backends.cupy.products import PackedProduct
from workbench.backends.rendering.blocks import name_of, operation
from workbench.backends.rendering.outline import PassOutline
from workbench.backends.rendering.placement import Region, Room
from workbench.cells.graph import Reach, Value
from workbench.cells.layout import Place
from workbench.cells.schedule import ProductGroup

_OWN = """\
const int group = blockIdx.x / PARTS, first_unit = blockIdx.x % PARTS * UNITS;
const int own_row = threadIdx.x / UNITS, own_unit = threadIdx.x % UNITS;
const int sequence = group * ROWS + own_row, unit = first_unit + own_unit;
const bool owns = own_row < ROWS && sequence < batch && unit < HIDDEN;
"""


class SequenceWriter:
    """Writes the loop of one direction.

    ``parted``: units are shared out to blocks that wait for one another before each product, and hand over its operands
    through memory; else one block has all units of its sequences, and hands over in shared memory.
    """

    def __init__(self, outline: PassOutline, products: Mapping[ProductGroup, PackedProduct], *, parted: bool) -> None:
        self.outline, self.memory, self.parted = outline, Memory(outline), parted
        self.regions = outline.loop()
        groups = [group for region in self.regions for group in region.groups]
        self.products = {group: products[group] for group in groups}
        self.number = {group: number for number, group in enumerate(groups)}
        self.computed = {value for region in self.regions for value in region.computed}
        self.results = {result for group in groups for result in group.results}
        self.made = self.computed | self.results
        self.arrays = {"first_step", "arrived", *(product.name for product in self.products.values())}
        self.carried = self._find_carried()
        self.lines, self.owned = Braces(), Braces()
        self.written: set[Value] = set()
        self.declared: list[str] = []

    @property
    def has_means(self) -> bool:
        """Whether the units of a row meet within a step."""
        return any(value.op == "mean" for value in self.computed)

    def _find_carried(self) -> dict[str, Value]:
        """States that a thread takes from step to step, with their value before the step, or the gradient arriving."""
        plan, direction = self.outline.plan, self.outline.direction
        leaf = "previous" if direction == "forward" else "arriving"
        read = {arg for value in self.computed for arg in value.args}
        read |= {operand for group in self.products for operand in group.operands}
        read |= {value for region in self.regions for value in self.outline.settled(region)}
        leaves = {value.name: value for value in read if value.op == leaf}
        if direction == "forward":
            return {state: value for state, value in leaves.items() if plan.step.new[state] in self.made}
        received = {value.name for value in self.computed if value.op == "accumulate"}
        received |= {value.name for value in self.outline.placement.added.values()}
        return {state: value for state, value in leaves.items() if state in received}

    def render(self) -> Kernel:
        """Return the kernel."""
        step = self._step()
        head = Braces()
        head.extend(_OWN)
        self._write_shared(head)
        for group, number in self.number.items():
            product = self.products[group]
            head.add(f"Product{number} product_{number};")
            head.add(f"product_{number}.load({product.name}, kept_{number}, first_unit);")
            with head.block(f"for (int i = threadIdx.x; i < ROWS * Product{number}::STRIDE; i += THREADS) {{"):
                head.add(f"tile_{number}[i] = real(0);")
        for value in self._loaded():
            if value.reach is Reach.CONSTANT:
                expression = f"real({value.number!r})" if value.op == "number" else self._read(value)
                head.add(f"const real {name_of(value)} = {f'owns ? {expression} : real(0)'};")
        self._begin(head)
        head.add("unsigned times = 0;" if self.parted and self.number else "")
        self._write_first_loads(head)
        # Unrolled, so that what is loaded ahead lies in registers.
        with head.block("for (int done = 0; done < steps; done += AHEAD) {"):
            head.add("#pragma unroll")
            with head.block("for (int k = 0; k < AHEAD; ++k) if (done + k < steps) {"):
                head.add(f"const int t = {self._step_at('done + k')};")
                head.add("const long long row = (long long)t * batch + sequence;")
                if self.declared:
                    head.add(f"real {', '.join(f'{name} = real(0)' for name in self.declared)};")
                head.extend(step)
        self._end(head)
        name = f"{self.outline.direction}_sequence"
        body = "\n".join(line for line in head.text().splitlines() if line.strip()) + "\n"
        return make_kernel(name, self.arrays, ("steps", "batch"), body, bounds="__launch_bounds__(THREADS) ")

    def declarations(self) -> str:
        """Return the types of the products."""
        lines = []
        for group, number in self.number.items():
            depth = len(self.products[group].operands)
            shape = f"{depth} * HIDDEN, {len(group.results)}"
            lines.append(f"typedef Product<{shape}, SLICES_{number}, HELD_{number}, KEPT_{number}> Product{number};\n")
        return "".join(lines)

    def _write_shared(self, head: Braces) -> None:
        if not self.number and not self.has_means:
            return
        head.add("DYNAMIC_SHARED(real, shared);")
        head.add("real* free = shared;")
        for number in self.number.values():
            kind = f"Product{number}"
            head.add(f"real* const tile_{number} = free; free += ROWS * {kind}::STRIDE;")
            head.add(f"real* const kept_{number} = free; free += {kind}::ROOM;")
            head.add(f"real* const partial_{number} = free; free += {kind}::PARTIAL;")
        if self.has_means:
            head.add("real* const room = free;")

    # What is carried from step to step.

    def _begin(self, head: Braces) -> None:
        """Take what the first step finds."""
        for state, leaf in self.carried.items():
            if self.outline.direction == "forward":
                cells = self.memory.at(self.outline.pass_.layout.places[leaf])
                first = Cells(cells.array, "sequence")
                self.arrays.add(cells.array)
                head.add(f"real {name_of(leaf)} = owns ? {first.text} : real(0);")
            else:
                head.add(f"real received_{self._state(state)} = real(0);")
        head.add("__syncthreads();" if self.number else "")
        if not self.parted and self.outline.direction == "forward":
            with head.block("if (owns) {"):
                for leaf in self.carried.values():
                    self._hand_over(head, leaf)

    def _end(self, head: Braces) -> None:
        """Leave what the last step gives to the start."""
        if self.outline.direction == "backward":
            with head.block("if (owns) {"):
                for state in self.carried:
                    cells = Cells(f"gradient_{self._state(state)}", "sequence")
                    self.arrays.add(cells.array)
                    head.add(f"{cells.text} += received_{self._state(state)};")

    def _state(self, name: str) -> int:
        return self.outline.plan.states.index(name)

    # What is loaded AHEAD steps before it is read, so that nothing waits for memory.

    def _ahead(self) -> list[Value]:
        return [value for value in self._loaded() if value.reach is not Reach.CONSTANT and value.op != "t"]

    def _step_at(self, count: str) -> str:
        return f"steps - 1 - ({count})" if self.outline.direction == "backward" else count

    def _write_first_loads(self, head: Braces) -> None:
        if values := self._ahead():
            head.add(f"real {', '.join(f'ahead_{value.serial}[AHEAD]' for value in values)};")
            head.add("#pragma unroll")
            with head.block("for (int k = 0; k < AHEAD; ++k) {"):
                head.add(f"const long long row = (long long)({self._step_at('k')}) * batch + sequence;")
                for value in values:
                    there = "owns && k < steps"
                    head.add(f"ahead_{value.serial}[k] = {there} ? {self._read(value)} : real(0);")

    def _write_next_loads(self) -> None:
        if values := self._ahead():
            with self.owned.block("if (done + k + AHEAD < steps) {"):
                count = self._step_at("done + k + AHEAD")
                self.owned.add(f"const long long row = (long long)({count}) * batch + sequence;")
                for value in values:
                    self.owned.add(f"ahead_{value.serial}[k] = {self._read(value)};")

    # One step.

    def _step(self) -> str:
        for value in self._loaded():
            if value.reach is not Reach.CONSTANT:
                self._load(value)
        self._write_next_loads()
        for region in self.regions:
            if region.groups:
                self._write_products(region.groups)
            self._write_block(region)
        if self.outline.direction == "forward":
            for state, leaf in self.carried.items():
                self.owned.add(f"{name_of(leaf)} = {name_of(self.outline.plan.step.new[state])};")
                if not self.parted:
                    self._hand_over(self.owned, leaf)
        self._flush_owned()
        return self.lines.text()

    def _loaded(self) -> Sequence[Value]:
        """What a step reads that the loop does not make, all at its beginning, where nothing waits for it."""
        read = {arg for value in self.computed for arg in value.args}
        read |= {value for region in self.regions for value in self.outline.settled(region)}
        if not self.parted:
            read |= {operand for group in self.products for operand in group.operands if operand.op == "arriving"}
        kept = {value for value in read if value not in self.made}
        if self.outline.direction == "forward":
            kept -= set(self.carried.values())
        return sorted(kept, key=lambda value: value.serial)

    def _load(self, value: Value) -> None:
        self.written.add(value)
        if value.op == "t":
            self._let(value, "real(first_step[0] + t)")
        elif value.op == "arriving":
            self._let(value, f"flush(ahead_{value.serial}[k]{self._received(value)})")
            if value.name in self.carried:
                self.owned.add(f"received_{self._state(value.name)} = real(0);")
            if not self.parted:
                self._hand_over(self.owned, value)
        else:
            self._let(value, f"ahead_{value.serial}[k]")

    def _received(self, value: Value) -> str:
        return f" + received_{self._state(value.name)}" if value.name in self.carried else ""

    def _read(self, value: Value) -> str:
        cells = self.memory.find(value)
        self.arrays.add(cells.array)
        return cells.text

    def _let(self, value: Value, expression: str) -> None:
        self.declared.append(name_of(value))
        self.owned.add(f"{name_of(value)} = {expression};")

    def _write_products(self, groups: Sequence[ProductGroup]) -> None:
        self._flush_owned()
        if self.parted:
            self.lines.add("wait_for_parts(arrived + group, ++times);")
        for group in groups:
            for place, operand in enumerate(self.products[group].operands):
                if self.parted or not self._is_handed_over(operand):
                    self._fetch(group, place, operand)
        self.lines.add("__syncthreads();")
        for group in groups:
            number, name = self.number[group], self.products[group].name
            self.lines.add(f"product_{number}.run(tile_{number}, kept_{number}, {name}, partial_{number}, first_unit);")
        self.lines.add("__syncthreads();")
        for group in groups:
            self._take_results(group)

    def _take_results(self, group: ProductGroup) -> None:
        number, added = self.number[group], self.outline.placement.added.get(group)
        for place, result in enumerate(self.products[group].results):
            self._let(result, f"Product{number}::sum(partial_{number}, own_row, {place}, own_unit)")
            self.written.add(result)
            if added is not None:
                self._accumulate(added.name, result)
                continue
            location = self.outline.location(result)
            if isinstance(location, tuple) and location[0] is Room.STRETCH:
                self._store(self.memory.at(location), result)

    def _is_handed_over(self, operand: Value) -> bool:
        if operand.op == "previous":
            return operand.name in self.carried
        return operand.op == "arriving" or operand in self.computed

    def _fetch(self, group: ProductGroup, place: int, operand: Value) -> None:
        """All units of the block's sequences, whoever computed them."""
        cells, number = self.memory.find(operand), self.number[group]
        self.arrays.add(cells.array)
        with self.lines.block("for (int i = threadIdx.x; i < ROWS * HIDDEN; i += THREADS) {"):
            self.lines.add("const int own_row = i / HIDDEN, unit = i % HIDDEN, sequence = group * ROWS + own_row;")
            self.lines.add("const long long row = (long long)t * batch + sequence;")
            target = f"tile_{number}[own_row * Product{number}::STRIDE + {place} * HIDDEN + unit]"
            self.lines.add(f"{target} = sequence < batch ? __ldcg({cells.array} + {cells.index}) : real(0);")

    def _hand_over(self, lines: Braces, operand: Value) -> None:
        """Write a value to where the products that read it expect it."""
        for group, product in self.products.items():
            for place, other in enumerate(product.operands):
                if other is operand:
                    number = self.number[group]
                    target = f"tile_{number}[own_row * Product{number}::STRIDE + {place} * HIDDEN + unit]"
                    lines.add(f"{target} = {name_of(operand)};")

    def _write_block(self, region: Region) -> None:
        work = self.outline.work(region, lambda location: location)
        ordered = [value for value in region.block if value in region.computed]
        ordered += sorted(region.computed - set(ordered), key=lambda value: value.serial)
        for value in ordered:
            self._compute(value)
        for value, locations in work.stores.items():
            for location in locations:
                if self._lasts(value, location):
                    self._store(self.memory.at(location), value)
        for value, locations in work.adds.items():
            for location in locations:
                if value.name not in self.carried:
                    cells = self.memory.at(location)
                    self.arrays.add(cells.array)
                    self.owned.add(f"{cells.text} += {name_of(value.args[0])};")

    def _lasts(self, value: Value, location: Place | tuple[Room, int]) -> bool:
        """Whether anyone will look for it in memory: not for what stays with its thread."""
        if isinstance(location, tuple) and location[0] is Room.STEP:
            return self.parted and any(value in group.operands for group in self.products)
        return True

    def _compute(self, value: Value) -> None:
        """Have a value in a register, and before it what it is made of."""
        waiting = [value]
        while waiting:
            current = waiting[-1]
            missing = [arg for arg in current.args if arg in self.computed and arg not in self.written]
            if current in self.written or not missing:
                waiting.pop()
                if current not in self.written:
                    self.written.add(current)
                    self._write_value(current)
            else:
                waiting.extend(missing)

    def _write_value(self, value: Value) -> None:
        if value.op == "accumulate":
            if value.name in self.carried:
                self._accumulate(value.name, value.args[0])
            return
        if value.op == "mean":
            self._flush_owned()
            self.declared.append(name_of(value))
            argument = name_of(value.args[0])
            self.lines.add(f"{name_of(value)} = mean_of_row(room, {argument}, owns, own_row, own_unit);")
            return
        self._let(value, operation(value))
        if not self.parted:
            self._hand_over(self.owned, value)

    def _accumulate(self, state: str, value: Value) -> None:
        self.owned.add(f"received_{self._state(state)} += {name_of(value)};")

    def _store(self, cells: Cells, value: Value) -> None:
        self.arrays.add(cells.array)
        self.owned.add(f"{cells.text} = {name_of(value)};")

    def _flush_owned(self) -> None:
        """Write what threads do that own a unit, before all threads meet."""
        text = self.owned.text()
        if text:
            with self.lines.block("if (owns) {"):
                self.lines.extend(text)
        self.owned = Braces()
