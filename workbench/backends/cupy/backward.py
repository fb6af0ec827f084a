"""The arrays of a backward pass, and what a device is given to do with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from workbench.backends.cupy.calls import Call
from workbench.backends.cupy.device import Array
from workbench.backends.cupy.frame import Arrays, Frame
from workbench.backends.cupy.products import find_factors
from workbench.backends.quiet import quiet
from workbench.cells.graph import MatrixUse, Value
from workbench.cells.layout import Area

if TYPE_CHECKING:
    from workbench.backends.cupy.program import CupyProgram


class BackwardFrame(Arrays):
    """The arrays of a backward pass over a frame."""

    def __init__(self, program: CupyProgram, frame: Frame, *, wants_inputs: bool) -> None:
        super().__init__(program, frame.sizes, frame.active, frame.way)
        self.frame, self.wants_inputs = frame, wants_inputs
        self.arrays |= {
            name: array
            for name, array in frame.arrays.items()
            if name.startswith(("parameter_", "state_")) or name in ("saved", "inputs", "indices", "first_step")
        }
        sizes, code = self.sizes, program.backward_code
        columns = code.outline.pass_.layout.columns
        self.gradients = [
            self.make(f"gradient_{i}", sizes.steps + 1, sizes.batch, sizes.hidden)
            for i in range(len(program.state_names))
        ]
        self.make("flow", sizes.rows, columns.get(Area.FLOW, 0) * sizes.hidden)
        self.make("sums", len(program.plan.sums) * sizes.hidden)
        cut = self.way.cuts and self.way.cuts[1]
        self.make_pass(code, cut)
        self._blocks = list(self._make_blocks())
        self._ones = self.xp.ones((1, sizes.rows), program.dtype)
        self._calls = [*self.calls_of(code, cut), *self._outer_products(), *self._sums()]
        if program.finish:
            self._calls.append(self.calls.over_units(program.finish))

    def run(self, outside: Mapping[str, Array]) -> None:
        """Run backward; states receive the gradients from outside first."""
        self.program.device.use()
        with quiet(self.xp):
            for name, gradient in zip(self.program.state_names, self.gradients, strict=True):
                gradient[0] = 0.0
                gradient[1:] = self.xp.asarray(outside[name]) if name in outside else 0.0
        self.do(self._calls)
        for operand, _, rows, out in self._blocks:
            if self._is_sparse(operand):
                out.fill(0.0)
                self.program.backend.add_rows(out, self.arrays["indices"].reshape(-1), rows)

    def _is_sparse(self, operand: Value) -> bool:
        return operand.op == "x" and self.frame.sparse

    # The gradients of matrices: of each operand that some multiply, by runs of products whose gradients lie together.

    def _make_blocks(self) -> Iterator[tuple[Value, list[list[Value]], Array, Array]]:
        code, plan = self.program.backward_code, self.program.plan
        for number, gradient in enumerate(plan.matrix_gradients):
            # Products that are only added up have one gradient.
            products: dict[Value, list[Value]] = {}
            for product in gradient.products:
                products.setdefault(plan.adjoint.products[product], []).append(product)
            for run, factor in enumerate(find_factors(products, code.memory.find_afterwards)):
                rows = self.calls.view(factor.cells, len(factor.operands), 0, self.sizes.rows)
                depth = self.sizes.inputs if gradient.operand.op == "x" else self.sizes.hidden
                columns = len(factor.operands) * self.sizes.hidden
                shape = (depth, columns) if self._is_sparse(gradient.operand) else (columns, depth)
                out = self.make(f"outer_{number}_{run}", *shape)
                yield gradient.operand, [products[value] for value in factor.operands], rows, out

    def _outer_products(self) -> Iterator[Call]:
        device = self.program.device
        for operand, _, rows, out in self._blocks:
            if self._is_sparse(operand):
                continue
            cells = self.program.backward_code.memory.find(operand)
            right = self.calls.view(cells, 1, 0, self.sizes.rows)
            yield lambda rows=rows, right=right, out=out: device.multiply(rows.T, right, out)  # type: ignore[misc]

    def _sums(self) -> Iterator[Call]:
        device, memory, plan = self.program.device, self.program.backward_code.memory, self.program.plan
        sums = self.arrays["sums"].reshape(1, -1)
        for leaf, value in plan.sums:
            column = memory.find(leaf).column * self.sizes.hidden
            out = sums[:, column : column + self.sizes.hidden]
            rows = self.calls.view(memory.find_afterwards(value), 1, 0, self.sizes.rows)
            yield lambda rows=rows, out=out: device.multiply(self._ones, rows, out)  # type: ignore[misc]

    def blocks(self) -> Iterator[tuple[Array, tuple[MatrixUse, ...]]]:
        """The gradient of every sum of matrices, (H, columns)."""
        hidden = self.sizes.hidden
        for operand, runs, _, out in self._blocks:
            block = out.T if self._is_sparse(operand) else out
            for index, products in enumerate(runs):
                for product in products:
                    uses = product.blocks[product.args.index(operand)]
                    yield block[index * hidden : (index + 1) * hidden], uses

    def vectors(self) -> dict[str, Array]:
        """The gradient of every vector parameter."""
        memory, hidden = self.program.backward_code.memory, self.sizes.hidden
        found = {name: memory.find(value) for name, value in self.program.plan.adjoint.vectors.items()}
        return {
            name: self.arrays[cells.array][cells.column * hidden : (cells.column + 1) * hidden]
            for name, cells in found.items()
        }

    def input_gradient(self) -> Array:
        """Of x: (T, B, D), by way of products, and plainly where x stands outside of them."""
        sizes, program = self.sizes, self.program
        total = self.xp.zeros((sizes.rows, sizes.inputs), program.dtype)
        product, packing = program.input_product, program.input_packing
        if product and packing:
            matrix = self.make(product.name, *product.shape(sizes.inputs, sizes.hidden))
            self.calls.over_all(packing, matrix.size)()
            for call in self.calls.product(product, total, 0, sizes.rows, add=False):
                call()
        if program.plan.adjoint.inputs is not None:
            cells = program.backward_code.memory.find_afterwards(program.plan.adjoint.inputs)
            total += self.calls.view(cells, 1, 0, sizes.rows)
        return total.reshape(sizes.steps, sizes.batch, sizes.inputs)
