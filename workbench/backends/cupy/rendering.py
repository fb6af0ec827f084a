"""A plan as CUDA source: kernels over the rows of regions, and the loop over time in one kernel.

Sizes are constants of the compiler's: HIDDEN, INPUTS, REAL, and for the kernels of whole sequences THREADS, ROWS,
UNITS, PARTS, AHEAD, and SLICES_n, HELD_n, KEPT_n of each product n. Nothing that a user wrote comes into the source,
not even a name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from workbench.backends.cupy.blocks import render_constants, render_region
from workbench.backends.cupy.kernels import Kernel, make_kernel
from workbench.backends.cupy.memory import Braces, Memory
from workbench.backends.cupy.products import PackedProduct, pack, write_packing
from workbench.backends.cupy.sequence import SequenceWriter
from workbench.backends.rendering.outline import Direction, PassOutline
from workbench.backends.rendering.placement import Phase, Region
from workbench.cells import Cell
from workbench.cells.graph import Value
from workbench.cells.plan import Plan
from workbench.cells.schedule import ProductGroup

_THREAD = """\
const long long first = (long long)blockIdx.x * blockDim.x + threadIdx.x;
const long long together = (long long)gridDim.x * blockDim.x;
"""


@cache
def _text(name: str) -> str:
    return (Path(__file__).parent / name).read_text(encoding="utf-8")


@dataclass(frozen=True)
class RegionCode:
    """A region's products, and the kernel of its pass over the units, if it has one."""

    region: Region
    kernel: Kernel | None


class PassCode:
    """One direction as source text."""

    def __init__(self, plan: Plan, direction: Direction, parameters: tuple[str, ...]) -> None:
        self.direction, self._parameters = direction, parameters
        sums = [value for _, value in plan.sums] if direction == "backward" else []
        self.outline = PassOutline(plan, direction, stored=sums)
        self.memory = Memory(self.outline)
        stages = (self.outline.around(Phase.BEFORE), self.outline.loop(), self.outline.around(Phase.AFTER))
        groups = [group for regions in stages for region in regions for group in region.groups]
        self.products: Mapping[ProductGroup, PackedProduct] = {
            group: pack(f"{direction}_matrix_{i}", group.operands, self.results(group), self.memory.find)
            for i, group in enumerate(groups)
        }
        self.before, self.loop, self.after = (
            tuple(self._region(region, f"{direction}_{phase.value}_{i}") for i, region in enumerate(regions))
            for phase, regions in zip(Phase, stages, strict=True)
        )

    def results(self, group: ProductGroup) -> tuple[Value, ...]:
        """A group's results in the order of their columns."""
        return self.outline.placement.results[group]

    def _region(self, region: Region, name: str) -> RegionCode:
        work = self.outline.work(region, self.memory.at)
        return RegionCode(region, render_region(name, self.memory.find, work))

    def parameter(self, name: str) -> str:
        """The array of a parameter."""
        return f"parameter_{self._parameters.index(name)}"

    @cached_property
    def constants(self) -> Kernel | None:
        """Copies vector parameters, and computes what is made of parameters alone."""
        plan, values = self.outline.plan, self.outline.pass_.schedule.constants
        vectors = [self.parameter(name) for name in plan.vectors]
        return render_constants(f"{self.direction}_prepare", self.outline, values, vectors)

    @cached_property
    def packing(self) -> Kernel | None:
        """Fills the matrices of all products."""
        return render_packing(f"{self.direction}_pack", tuple(self.products.values()), self.parameter)

    def sequence(self, *, parted: bool) -> tuple[str, Kernel]:
        """The loop over time as one kernel, and the types it needs."""
        writer = SequenceWriter(self.outline, self.products, parted=parted)
        kernel = writer.render()
        return writer.declarations(), kernel

    @cached_property
    def loop_has_means(self) -> bool:
        """Whether the units of a row meet within a step."""
        return any(value.op == "mean" for code in self.loop for value in code.region.computed)

    @property
    def loop_products(self) -> tuple[PackedProduct, ...]:
        """The products of one step, in order."""
        return tuple(self.products[group] for code in self.loop for group in code.region.groups)


def render_packing(name: str, products: tuple[PackedProduct, ...], parameter: Callable[[str], str]) -> Kernel | None:
    """The kernel that fills the matrices of products."""
    if not products:
        return None
    lines, arrays = Braces(), {product.name for product in products}

    def named(parameter_name: str) -> str:
        arrays.add(parameter(parameter_name))
        return parameter(parameter_name)

    for product in products:
        write_packing(lines, product, named)
    return make_kernel(name, arrays, (), _THREAD + lines.text())


def render_loading(cell: Cell, parameters: tuple[str, ...]) -> Kernel | None:
    """The kernel that copies parameters, ``given_n``, to where a trace keeps them, ``parameter_n``."""
    lines, arrays = Braces(), set[str]()
    for number, name in enumerate(parameters):
        own, given, matrix = f"parameter_{number}", f"given_{number}", cell.roles.matrices.get(name)
        arrays |= {own, given}
        width = "" if matrix is None else " * INPUTS" if matrix.reads_input else " * HIDDEN"
        lines.add(f"for (long long i = first; i < (long long)HIDDEN{width}; i += together) {own}[i] = {given}[i];")
    return make_kernel("load_parameters", arrays, (), _THREAD + lines.text()) if parameters else None


def source_of(kernels: list[Kernel]) -> str:
    """A source of kernels over rows."""
    return _text("functions.cu") + _in_namespace(kernels)


def source_of_rows() -> str:
    """The source of ``gather_rows`` and ``add_rows``, the same for all cells."""
    return _text("functions.cu") + _text("rows.cu")


def source_of_sequence(declarations: str, kernel: Kernel) -> str:
    """A source of the kernel of whole sequences."""
    return _text("functions.cu") + _text("persistent.cu") + declarations + _in_namespace([kernel])


def _in_namespace(kernels: list[Kernel]) -> str:
    """There the functions of the cell language go before the C library's of the same names."""
    names = "".join(f"using cell::{kernel.name};\n" for kernel in kernels)
    return "\nnamespace cell {\n" + "".join(kernel.text for kernel in kernels) + "}  // namespace cell\n" + names
