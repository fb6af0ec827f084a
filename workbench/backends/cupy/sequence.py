"""The loop over time as one kernel: matrices stay where they are, and what a thread computes stays with it."""

from collections.abc import Mapping

from workbench.backends.cupy.kernels import Kernel, make_kernel
from workbench.backends.cupy.memory import Braces, Cells
from workbench.backends.cupy.products import PackedProduct
from workbench.backends.cupy.step import StepWriter
from workbench.backends.rendering.blocks import name_of
from workbench.backends.rendering.outline import PassOutline
from workbench.cells.graph import Reach
from workbench.cells.schedule import ProductGroup

_OWN = """\
const int group = blockIdx.x / PARTS, first_unit = blockIdx.x % PARTS * UNITS;
const int own_row = threadIdx.x / UNITS, own_unit = threadIdx.x % UNITS;
const int sequence = group * ROWS + own_row, unit = first_unit + own_unit;
const bool owns = own_row < ROWS && sequence < batch && unit < HIDDEN;
"""


class SequenceWriter:
    """Writes the loop of one direction.

    ``parted``: see StepWriter.
    """

    def __init__(self, outline: PassOutline, products: Mapping[ProductGroup, PackedProduct], *, parted: bool) -> None:
        self.outline, self.parted = outline, parted
        self.step = StepWriter(outline, products, parted=parted)
        self.products, self.number = self.step.products, self.step.number

    def render(self) -> Kernel:
        """Return the kernel."""
        step = self.step.write()
        head = Braces()
        head.extend(_OWN)
        self._write_shared(head)
        for group, number in self.number.items():
            product = self.products[group]
            head.add(f"Product{number} product_{number};")
            head.add(f"product_{number}.load({product.name}, kept_{number}, first_unit);")
            with head.block(f"for (int i = threadIdx.x; i < ROWS * Product{number}::STRIDE; i += THREADS) {{"):
                head.add(f"tile_{number}[i] = real(0);")
        for value in self.step.loaded():
            if value.reach is Reach.CONSTANT:
                expression = f"real({value.number!r})" if value.op == "number" else self.step.read(value)
                head.add(f"const real {name_of(value)} = {f'owns ? {expression} : real(0)'};")
        self._begin(head)
        head.add("unsigned times = 0;" if self.parted and self.number else "")
        self.step.write_first_loads(head)
        # Unrolled, so that what is loaded ahead lies in registers.
        with head.block("for (int done = 0; done < steps; done += AHEAD) {"):
            head.add("#pragma unroll")
            with head.block("for (int k = 0; k < AHEAD; ++k) if (done + k < steps) {"):
                head.add(f"const int t = {self.step.step_at('done + k')};")
                head.add("const long long row = (long long)t * batch + sequence;")
                if self.step.declared:
                    head.add(f"real {', '.join(f'{name} = real(0)' for name in self.step.declared)};")
                head.extend(step)
        self._end(head)
        name = f"{self.outline.direction}_sequence"
        body = "\n".join(line for line in head.text().splitlines() if line.strip()) + "\n"
        return make_kernel(name, self.step.arrays, ("steps", "batch"), body, bounds="__launch_bounds__(THREADS) ")

    def declarations(self) -> str:
        """Return the types of the products."""
        lines = []
        for group, number in self.number.items():
            depth = len(self.products[group].operands)
            shape = f"{depth} * HIDDEN, {len(group.results)}"
            lines.append(f"typedef Product<{shape}, SLICES_{number}, HELD_{number}, KEPT_{number}> Product{number};\n")
        return "".join(lines)

    def _write_shared(self, head: Braces) -> None:
        has_means = any(value.op == "mean" for value in self.step.computed)
        if not self.number and not has_means:
            return
        head.add("DYNAMIC_SHARED(real, shared);")
        head.add("real* free = shared;")
        for number in self.number.values():
            kind = f"Product{number}"
            head.add(f"real* const tile_{number} = free; free += ROWS * {kind}::STRIDE;")
            head.add(f"real* const kept_{number} = free; free += {kind}::ROOM;")
            head.add(f"real* const partial_{number} = free; free += {kind}::PARTIAL;")
        if has_means:
            head.add("real* const room = free;")

    # What is carried from step to step.

    def _begin(self, head: Braces) -> None:
        """Take what the first step finds."""
        for state, leaf in self.step.carried.items():
            if self.outline.direction == "forward":
                cells = self.step.memory.at(self.outline.pass_.layout.places[leaf])
                first = Cells(cells.array, "sequence")
                self.step.arrays.add(cells.array)
                head.add(f"real {name_of(leaf)} = owns ? {first.text} : real(0);")
            else:
                head.add(f"real received_{self.step.state(state)} = real(0);")
        head.add("__syncthreads();" if self.number else "")
        if not self.parted and self.outline.direction == "forward":
            with head.block("if (owns) {"):
                for leaf in self.step.carried.values():
                    self.step.hand_over(head, leaf)

    def _end(self, head: Braces) -> None:
        """Leave what the last step gives to the start."""
        if self.outline.direction == "backward":
            with head.block("if (owns) {"):
                for state in self.step.carried:
                    cells = Cells(f"gradient_{self.step.state(state)}", "sequence")
                    self.step.arrays.add(cells.array)
                    head.add(f"{cells.text} += received_{self.step.state(state)};")
