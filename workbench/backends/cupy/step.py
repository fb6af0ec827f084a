"""One step of the loop over time, as each thread takes it."""

from collections.abc import Mapping, Sequence

from workbench.backends.cupy.memory import Braces, Cells, Memory
from workbench.backends.cupy.products import PackedProduct
from workbench.backends.rendering.blocks import name_of, operation
from workbench.backends.rendering.outline import PassOutline
from workbench.backends.rendering.placement import Region, Room
from workbench.cells.graph import Reach, Value
from workbench.cells.layout import Place
from workbench.cells.schedule import ProductGroup


class StepWriter:
    """Writes one step of a direction.

    ``parted``: units are shared out to blocks that wait for one another before each product, and hand over its operands
    through memory; else one block has all units of its sequences, and hands over in shared memory. ``arrays``: those
    that the text names; ``declared``: registers that live for a step; ``carried``: see ``_find_carried``.
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

    def state(self, name: str) -> int:
        """A state's number."""
        return self.outline.plan.states.index(name)

    def read(self, value: Value) -> str:
        """Load a thread's own number."""
        cells = self.memory.find(value)
        self.arrays.add(cells.array)
        return cells.text

    def write(self) -> str:
        """Return the text."""
        for value in self.loaded():
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
                    self.hand_over(self.owned, leaf)
        self._flush_owned()
        return self.lines.text()

    def loaded(self) -> Sequence[Value]:
        """What a step reads that the loop does not make, all at its beginning, where nothing waits for it."""
        read = {arg for value in self.computed for arg in value.args}
        read |= {value for region in self.regions for value in self.outline.settled(region)}
        if not self.parted:
            read |= {operand for group in self.products for operand in group.operands if operand.op == "arriving"}
        kept = {value for value in read if value not in self.made}
        if self.outline.direction == "forward":
            kept -= set(self.carried.values())
        return sorted(kept, key=lambda value: value.serial)

    # What is loaded AHEAD steps before it is read, so that nothing waits for memory.

    def _ahead(self) -> list[Value]:
        return [value for value in self.loaded() if value.reach is not Reach.CONSTANT and value.op != "t"]

    def step_at(self, count: str) -> str:
        """The step that comes after so many, in source text."""
        return f"steps - 1 - ({count})" if self.outline.direction == "backward" else count

    def write_first_loads(self, lines: Braces) -> None:
        """Write the loads of the steps that begin."""
        if values := self._ahead():
            lines.add(f"real {', '.join(f'ahead_{value.serial}[AHEAD]' for value in values)};")
            lines.add("#pragma unroll")
            with lines.block("for (int k = 0; k < AHEAD; ++k) {"):
                lines.add(f"const long long row = (long long)({self.step_at('k')}) * batch + sequence;")
                for value in values:
                    there = "owns && k < steps"
                    lines.add(f"ahead_{value.serial}[k] = {there} ? {self.read(value)} : real(0);")

    def _write_next_loads(self) -> None:
        if values := self._ahead():
            with self.owned.block("if (done + k + AHEAD < steps) {"):
                count = self.step_at("done + k + AHEAD")
                self.owned.add(f"const long long row = (long long)({count}) * batch + sequence;")
                for value in values:
                    self.owned.add(f"ahead_{value.serial}[k] = {self.read(value)};")

    def _load(self, value: Value) -> None:
        self.written.add(value)
        if value.op == "t":
            self._let(value, "real(first_step[0] + t)")
        elif value.op == "arriving":
            self._let(value, f"flush(ahead_{value.serial}[k]{self._received(value)})")
            if value.name in self.carried:
                self.owned.add(f"received_{self.state(value.name)} = real(0);")
            if not self.parted:
                self.hand_over(self.owned, value)
        else:
            self._let(value, f"ahead_{value.serial}[k]")

    def _received(self, value: Value) -> str:
        return f" + received_{self.state(value.name)}" if value.name in self.carried else ""

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
            if not self.parted:
                self.hand_over(self.owned, result)
            elif self._is_operand(result):
                self._store(self.memory.find(result), result)
            if added is not None:
                self._accumulate(added.name, result)
                continue
            location = self.outline.location(result)
            if isinstance(location, tuple) and location[0] is Room.STRETCH:
                self._store(self.memory.at(location), result)

    def _is_handed_over(self, operand: Value) -> bool:
        if operand.op == "previous":
            return operand.name in self.carried
        return operand.op == "arriving" or operand in self.made

    def _is_operand(self, value: Value) -> bool:
        """Whether a product of the loop reads it."""
        return any(value in group.operands for group in self.products)

    def _fetch(self, group: ProductGroup, place: int, operand: Value) -> None:
        """All units of the block's sequences, whoever computed them."""
        cells, number = self.memory.find(operand), self.number[group]
        self.arrays.add(cells.array)
        with self.lines.block("for (int i = threadIdx.x; i < ROWS * HIDDEN; i += THREADS) {"):
            self.lines.add("const int own_row = i / HIDDEN, unit = i % HIDDEN, sequence = group * ROWS + own_row;")
            self.lines.add("const long long row = (long long)t * batch + sequence;")
            target = f"tile_{number}[own_row * Product{number}::STRIDE + {place} * HIDDEN + unit]"
            self.lines.add(f"{target} = sequence < batch ? __ldcg({cells.array} + {cells.index}) : real(0);")

    def hand_over(self, lines: Braces, operand: Value) -> None:
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
            return self.parted and self._is_operand(value)
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
            self.hand_over(self.owned, value)

    def _accumulate(self, state: str, value: Value) -> None:
        self.owned.add(f"received_{self.state(state)} += {name_of(value)};")

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
