"""A cell's plan as CUDA code, for sizes and a floating-point type."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from workbench.backends.arrays.kernels import make_kernels
from workbench.backends.arrays.packing import name_gradients
from workbench.backends.checked import CheckedProgram
from workbench.backends.cupy.backward import BackwardFrame
from workbench.backends.cupy.blocks import render_constants
from workbench.backends.cupy.calls import launches_a_step
from workbench.backends.cupy.device import Array, Kernel
from workbench.backends.cupy.frame import Frame
from workbench.backends.cupy.kernels import Kernel as KernelCode
from workbench.backends.cupy.products import PackedProduct, find_factors
from workbench.backends.cupy.rendering import (
    PassCode,
    render_loading,
    render_packing,
    source_of,
    source_of_sequence,
)
from workbench.backends.cupy.ways import Cut, LoopFacts, Way, choose_way
from workbench.backends.errors import BackendError
from workbench.cells import Cell
from workbench.cells.graph import MatrixUse, Value
from workbench.cells.layout import Area

if TYPE_CHECKING:
    from workbench.backends.cupy.backend import CupyBackend


REAL = {"float32": "float", "float64": "double"}


class CupyProgram(CheckedProgram):
    """Runs a cell's CUDA code on the device of a backend."""

    def __init__(self, backend: CupyBackend, cell: Cell, inputs: int, hidden: int, dtype: str) -> None:
        super().__init__(backend.xp, cell, cell.plan, inputs, hidden, dtype)
        self.backend, self.device = backend, backend.device
        self.kernels = make_kernels(backend.xp, dtype)
        names = tuple(self.shapes)
        self.forward_code = PassCode(cell.plan, "forward", names)
        self.backward_code = PassCode(cell.plan, "backward", names)
        self.loading = render_loading(cell, names)
        self._ways: dict[int, Way] = {}
        self._sequences: dict[tuple[str, Cut], tuple[Kernel, KernelCode]] = {}

    # Code.

    @cached_property
    def finish(self) -> KernelCode | None:
        """What turns the sums of gradients of constants into those of vector parameters."""
        return render_constants("backward_finish", self.backward_code.outline, self.plan.finish, ())

    @cached_property
    def input_product(self) -> PackedProduct | None:
        """The gradients of the products that read x, times their matrices: its gradient; None where none read it."""
        products = self.plan.adjoint.products
        readers = [product for product in products if any(arg.op == "x" for arg in product.args)]
        if not readers:
            return None
        # Products that are only added up have one gradient.
        factors = find_factors({products[reader] for reader in readers}, self.backward_code.memory.find_afterwards)
        uses = tuple(
            (tuple(use for reader in readers if products[reader] is value for use in _turned(reader)),)
            for factor in factors
            for value in factor.operands
        )
        return PackedProduct("input_matrix", factors, (), uses, to_inputs=True)

    @cached_property
    def input_packing(self) -> KernelCode | None:
        """Fills the matrix of that product."""
        products = (self.input_product,) if self.input_product else ()
        return render_packing("input_pack", products, self.forward_code.parameter)

    def _row_codes(self) -> list[KernelCode]:
        codes = (self.forward_code, self.backward_code)
        found = [self.loading, self.finish, self.input_packing]
        for code in codes:
            found += [code.packing, code.constants]
            found += [stage.kernel for stage in (*code.before, *code.loop, *code.after)]
        return [kernel for kernel in found if kernel]

    def sources(self) -> dict[str, str]:
        """Every source of the program by name: of its rows, and of whole sequences, parted and not."""
        found = {"rows": source_of(self._row_codes())}
        for code in (self.forward_code, self.backward_code):
            for parted in (False, True):
                name = f"{code.direction}_{'parted' if parted else 'whole'}"
                found[name] = source_of_sequence(*code.sequence(parted=parted))
        return found

    @property
    def options(self) -> tuple[str, ...]:
        """The sizes, as the compiler is given them."""
        return (f"-DREAL={REAL[self.dtype]}", f"-DHIDDEN={self.hidden}", f"-DINPUTS={self.inputs}")

    @cached_property
    def row_kernels(self) -> Mapping[str, Kernel]:
        """The kernels over rows, compiled now unless they were before."""
        codes = self._row_codes()
        return self.device.build(source_of(codes), [code.name for code in codes], self.options)

    def sequence(self, code: PassCode, cut: Cut) -> tuple[Kernel, KernelCode]:
        """The kernel of the loop over time, for a cut."""
        key = (code.direction, cut)
        if key not in self._sequences:
            declarations, kernel = code.sequence(parted=cut.together)
            source = source_of_sequence(declarations, kernel)
            built = self.device.build(source, [kernel.name], (*self.options, *cut.options()))
            self._sequences[key] = built[kernel.name], kernel
        return self._sequences[key]

    # Ways.

    def way_for(self, batch: int) -> Way:
        """How sequences are run. Raises BackendError where the way that was asked for does not apply."""
        if batch not in self._ways:
            facts = (self._facts(self.forward_code), self._facts(self.backward_code))
            way = choose_way(
                facts,
                self.device.card,
                hidden=self.hidden,
                batch=batch,
                itemsize=np.dtype(self.dtype).itemsize,
                wanted=self.backend.way,
            )
            if way is None:
                what = f"{self.cell.title} with {self.hidden} units"
                raise BackendError(f"{what} does not fit one launch on {self.device.card.name}; choose another way")
            if way.name == "captured" and (reason := self.device.self_test()):
                way = Way("uncaptured", f"uncaptured: {reason}")
            self._ways[batch] = way
        self.way = self._ways[batch].reason
        return self._ways[batch]

    def _facts(self, code: PassCode) -> LoopFacts:
        products = tuple((len(product.operands), len(product.results)) for product in code.loop_products)
        return LoopFacts(products, code.loop_has_means, launches_a_step(code))

    # Running.

    def check_indices(self, x: Array) -> None:
        """Check indices that come from the host; those on the device are read with care."""
        if type(x) is np.ndarray:
            super().check_indices(x)

    def make_frame(self, x: Array) -> Frame:
        """Return arrays for a pass over x."""
        return Frame(self, x)

    def memory(self, steps: int, batch: int) -> int:
        """Bytes that a forward and a backward pass take, from the plan alone."""
        rows, forward, backward = steps * batch, self.forward_code.outline, self.backward_code.outline
        rooms = forward.rooms() | backward.rooms()
        columns = 2 * len(self.state_names) * (steps + 1) * batch
        columns += rows * forward.pass_.layout.columns.get(Area.SAVED, 0)
        columns += rows * backward.pass_.layout.columns.get(Area.FLOW, 0)
        columns += sum((2 * batch if name.endswith("step") else rows) * count for name, count in rooms.items())
        own = sum(int(np.prod(shape)) for shape in self.shapes.values())
        products = (*self.forward_code.products.values(), *self.backward_code.products.values())
        packed = sum(int(np.prod(product.shape(self.inputs, self.hidden))) for product in products)
        numbers = columns * self.hidden + rows * (self.inputs + 1) + 2 * own + packed
        return numbers * np.dtype(self.dtype).itemsize

    def make_backward_frame(self, frame: Frame, *, wants_inputs: bool) -> BackwardFrame:
        """Return arrays for a pass back, the same whether the gradient of x is wanted: that is one product more."""
        return BackwardFrame(self, frame, wants_inputs=wants_inputs)

    def make_gradients(self, backward: BackwardFrame, outside: Mapping[str, Array], *, consume: bool) -> Gradients:
        """Return what a pass back has found."""
        return Gradients(self, backward)


class Gradients:
    """The gradients of one backward pass."""

    def __init__(self, program: CupyProgram, backward: BackwardFrame) -> None:
        self._backward = backward
        received = dict(zip(program.state_names, backward.gradients, strict=True))
        self.states = {name: array[1:] for name, array in received.items()}
        """dL/ds_t of every state, all paths: (T, B, H)."""
        self.start = {name: array[0] for name, array in received.items()}
        """Of every state before the first step: (B, H)."""
        self.parameters = name_gradients(
            program.xp, program.shapes, program.cell.fixed, program.dtype, backward.blocks(), backward.vectors()
        )
        """Of every learnt parameter, shaped as it."""

    @cached_property
    def inputs(self) -> Array:
        """Of x: (T, B, D). Raises BackendError where x was given as indices."""
        if self._backward.frame.sparse:
            raise BackendError("x was given as indices, which have no gradient")
        return self._backward.input_gradient()


def _turned(product: Value) -> tuple[MatrixUse, ...]:
    """The matrices by which a product multiplies x, turned round."""
    (block,) = (block for arg, block in zip(product.args, product.blocks, strict=True) if arg.op == "x")
    return tuple(MatrixUse(use.name, not use.transposed, use.sign) for use in block)
