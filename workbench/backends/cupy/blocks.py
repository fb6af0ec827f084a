"""Kernels that pass over the units of many rows: one launch computes what one region computes."""

from collections.abc import Callable, Iterable, Sequence

from workbench.backends.cupy.kernels import Kernel, make_kernel
from workbench.backends.cupy.memory import Braces, Cells, Memory
from workbench.backends.rendering.blocks import BlockWriter, name_of
from workbench.backends.rendering.lines import Lines
from workbench.backends.rendering.outline import PassOutline, Work
from workbench.cells.graph import Value

ROWS = ("first_row", "rows", "batch")
"""Whole numbers that a kernel over rows is given."""

_ALONE = """\
const long long place = (long long)blockIdx.x * blockDim.x + threadIdx.x;
if (place >= (long long)rows * HIDDEN) return;
const long long row = first_row + place / HIDDEN;
const int unit = place % HIDDEN;
"""
_ROW_BY_ROW = """\
DYNAMIC_SHARED(real, room);
const long long row = first_row + blockIdx.x;
"""
_UNITS = """\
const int unit = blockIdx.x * blockDim.x + threadIdx.x;
if (unit >= HIDDEN) return;
"""


class CudaBlock(BlockWriter[Cells]):
    """Writes a block; ``rounds`` tells whether threads of a row meet to take means, and each has several units."""

    def __init__(self, find: Callable[[Value], Cells], work: Work[Cells]) -> None:
        super().__init__(find, work)
        self.lines, self.arrays = Braces(), {"first_step"}
        self.rounds = any(value.op == "mean" for value in work.computed)

    def new_lines(self) -> Lines:
        """Return lines for the body of a round."""
        return Braces()

    def write_round(self, body: Lines, means: Sequence[Value]) -> None:
        """Write one round over the units."""
        if not self.rounds:
            self.lines.extend(body.text())
            return
        for value in means:
            self.lines.add(f"real sum_{value.serial} = real(0);")
        with self.lines.block("for (int unit = threadIdx.x; unit < HIDDEN; unit += blockDim.x) {"):
            self.lines.extend(body.text())
        for value in means:
            self.lines.add(f"const real {name_of(value)} = sum_of_block(room, sum_{value.serial}) / real(HIDDEN);")

    def let(self, body: Lines, name: str, expression: str) -> None:
        """Write a register."""
        body.add(f"const real {name} = {expression};")

    def store(self, body: Lines, target: Cells, name: str) -> None:
        """Write a store."""
        self.arrays.add(target.array)
        body.add(f"{target.text} = {name};")

    def add_to(self, body: Lines, target: Cells, name: str) -> None:
        """Write a sum in memory; nobody else writes there at the same time."""
        self.arrays.add(target.array)
        body.add(f"{target.text} += {name};")

    def sum_up(self, body: Lines, mean: Value) -> None:
        """Write a sum over a thread's units."""
        body.add(f"sum_{mean.serial} += {name_of(mean.args[0])};")

    def load(self, target: Cells) -> str:
        """Return a load."""
        self.arrays.add(target.array)
        return target.text

    def number(self, number: float) -> str:
        """Return a number."""
        return f"real({number!r})"

    def step_number(self) -> str:
        """Return the step's index."""
        return "real(first_step[0] + int(row / batch))"


def render_region(name: str, find: Callable[[Value], Cells], work: Work[Cells]) -> Kernel | None:
    """The kernel that does a region's work on some rows, None where there is none to do."""
    block = CudaBlock(find, work)
    block.write()
    if not block.lines.text():
        return None
    head = _ROW_BY_ROW if block.rounds else _ALONE
    # Else a block of as many threads as there can be might find too few registers.
    bounds = "__launch_bounds__(1024) " if block.rounds else ""
    body = head + block.lines.text()
    return make_kernel(name, block.arrays, ROWS, body, bounds=bounds, row_by_row=block.rounds)


def render_constants(name: str, outline: PassOutline, values: Iterable[Value], vectors: Sequence[str]) -> Kernel | None:
    """The kernel that computes expressions of parameters; ``vectors``: arrays of vector parameters, copied first."""
    memory, work = Memory(outline), Work[Cells](set(values))
    work.stores = {value: [memory.find(value)] for value in work.computed}
    block = CudaBlock(memory.find, work)
    for array, leaf in zip(vectors, outline.plan.vectors.values(), strict=False):
        block.arrays.add(array)
        block.store(block.lines, memory.at(outline.pass_.layout.places[leaf]), f"{array}[unit]")
    block.write()
    return make_kernel(name, block.arrays, (), _UNITS + block.lines.text()) if block.lines.text() else None
