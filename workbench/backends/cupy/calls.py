"""What a pass gives a device to do, in order: launches of kernels and matrix products, on arrays that stay."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from workbench.backends.cupy.device import Array, Device, Kernel
from workbench.backends.cupy.kernels import Kernel as KernelCode
from workbench.backends.cupy.memory import NEXT_ROW, STEP_ROW, Cells
from workbench.backends.cupy.products import Factor, PackedProduct
from workbench.backends.cupy.rendering import PassCode, RegionCode
from workbench.backends.cupy.ways import Cut

THREADS = 256
# Threads that copy and pack, however much there is.
_MOST_BLOCKS = 1024

Call = Callable[[], None]


@dataclass(frozen=True)
class Sizes:
    """Of a pass."""

    steps: int
    batch: int
    hidden: int
    inputs: int

    @property
    def rows(self) -> int:
        """Steps times sequences."""
        return self.steps * self.batch


class Calls:
    """Makes the calls of one pass."""

    def __init__(
        self,
        device: Device,
        kernels: Mapping[str, Kernel],
        gather: Kernel,
        arrays: Mapping[str, Array],
        sizes: Sizes,
        active: int,
    ) -> None:
        """``active``: units that an index input names a row; 0 where x is numbers."""
        self.device, self.kernels, self.gather = device, kernels, gather
        self.arrays, self.sizes, self.active = arrays, sizes, active

    def view(self, cells: Cells, count: int, first_row: int, rows: int) -> Array:
        """Neighbouring columns of some rows, of which ``first_row`` is the first: (rows, count * H)."""
        sizes, array = self.sizes, self.arrays[cells.array]
        hidden = array.shape[-1] if cells.array == "inputs" else sizes.hidden
        if cells.row == NEXT_ROW:
            first_row += sizes.batch
        elif cells.row == STEP_ROW:
            first_row = first_row // sizes.batch % 2 * sizes.batch
        flat = array.reshape(-1, cells.columns * hidden)
        return flat[first_row : first_row + rows, cells.column * hidden : (cells.column + count) * hidden]

    def over_rows(self, code: KernelCode, first_row: int, rows: int) -> Call:
        """Launch a region's kernel on some rows."""
        threads, blocks, shared = THREADS, ceil(rows * self.sizes.hidden / THREADS), 0
        if code.row_by_row:
            threads, blocks = min(1024, ceil(self.sizes.hidden / 32) * 32), rows
            shared = threads * next(iter(self.arrays.values())).dtype.itemsize
        numbers = {"first_row": first_row, "rows": rows, "batch": self.sizes.batch}
        return self._launch(code, blocks, threads, numbers, shared=shared)

    def over_units(self, code: KernelCode) -> Call:
        """Launch a kernel of one thread a unit."""
        return self._launch(code, ceil(self.sizes.hidden / THREADS), THREADS, {})

    def over_all(self, code: KernelCode, size: int) -> Call:
        """Launch a kernel whose threads share out what there is."""
        return self._launch(code, min(_MOST_BLOCKS, max(1, ceil(size / THREADS))), THREADS, {})

    def sequence(self, kernel: Kernel, code: KernelCode, cut: Cut) -> Call:
        """Launch the loop over time in one kernel."""
        arguments = [self.arrays[name] for name in code.arrays]
        arguments += [{"steps": self.sizes.steps, "batch": self.sizes.batch}[name] for name in code.numbers]
        blocks, arrived = cut.blocks(self.sizes.batch), self.arrays.get("arrived")

        def launch() -> None:
            if arrived is not None:
                arrived.fill(0)
            kernel.launch(blocks, cut.threads, arguments, shared=cut.shared, together=cut.together)

        return launch

    def _launch(
        self, code: KernelCode, blocks: int, threads: int, numbers: Mapping[str, int], *, shared: int = 0
    ) -> Call:
        kernel = self.kernels[code.name]
        arguments: list[Any] = [self.arrays[name] for name in code.arrays]
        arguments += [numbers[name] for name in code.numbers]
        return lambda: kernel.launch(blocks, threads, arguments, shared=shared)

    def stages(self, pass_: PassCode, stages: tuple[RegionCode, ...], first_row: int, rows: int) -> list[Call]:
        """Products and passes over the units of regions, on some rows."""
        calls: list[Call] = []
        for code in stages:
            for group in code.region.groups:
                added = pass_.outline.placement.added.get(group)
                out = pass_.memory.find(added) if added else pass_.memory.at(pass_.outline.placement.groups[group])
                product = pass_.products[group]
                target = self.view(out, len(product.results), first_row, rows)
                calls += self.product(product, target, first_row, rows, add=added is not None)
            if code.kernel:
                calls.append(self.over_rows(code.kernel, first_row, rows))
        return calls

    def product(self, product: PackedProduct, out: Array, first_row: int, rows: int, *, add: bool) -> list[Call]:
        """Multiply some rows of a product's operands with its matrix."""
        calls: list[Call] = []
        matrix, depth = self.arrays[product.name], 0
        for factor in product.factors:
            height = self.sizes.inputs if factor.is_input else len(factor.operands) * self.sizes.hidden
            part, adds = matrix[depth : depth + height], add or depth > 0
            calls.append(self._factor(factor, part, out, first_row, rows, add=adds))
            depth += height
        return calls

    def _factor(self, factor: Factor, matrix: Array, out: Array, first_row: int, rows: int, *, add: bool) -> Call:
        if factor.is_input and self.active:
            columns, pitch = matrix.shape[1], out.strides[0] // out.dtype.itemsize
            indices = self.arrays["indices"].reshape(-1, self.active)[first_row : first_row + rows]
            arguments = [indices, matrix, out, rows, self.sizes.inputs, self.active, columns, pitch, int(add)]
            blocks = ceil(rows * columns / THREADS)
            return lambda: self.gather.launch(blocks, THREADS, arguments)
        left = self.view(factor.cells, len(factor.operands), first_row, rows)
        return lambda: self.device.multiply(left, matrix, out, add=add)

    def loop(self, pass_: PassCode) -> list[Call]:
        """The loop over time, step by step."""
        sizes, steps = self.sizes, range(self.sizes.steps)
        order = steps if pass_.direction == "forward" else reversed(steps)
        return [call for t in order for call in self.stages(pass_, pass_.loop, t * sizes.batch, sizes.batch)]


def launches_a_step(pass_: PassCode) -> int:
    """How many calls a step of the loop is made of."""
    factors = sum(len(pass_.products[group].factors) for code in pass_.loop for group in code.region.groups)
    return factors + sum(code.kernel is not None for code in pass_.loop)
