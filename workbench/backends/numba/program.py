"""A cell's plan as compiled code, for sizes and a floating-point type."""

from collections.abc import Mapping
from functools import cached_property
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends.arrays.kernels import make_kernels
from workbench.backends.arrays.packing import name_gradients
from workbench.backends.checked import CheckedProgram
from workbench.backends.errors import BackendError
from workbench.backends.numba.backward import OuterProduct
from workbench.backends.numba.compiling import compile_kernels, compile_source
from workbench.backends.numba.frame import BackwardFrame, Frame
from workbench.backends.numba.matrices import PackedProduct
from workbench.backends.numba.rendering import render
from workbench.backends.numba.threads import WORTH_SHARING, thread_count
from workbench.cells import Cell
from workbench.cells.layout import Area

Array = NDArray[Any]

# Rows that a stretch of steps holds for each thread: enough that summing up the gradients of matrices pays.
STRETCH_ROWS = 256
# Bytes. Rows are whole vectors on every processor, so that sizes are known before anything is compiled.
WIDEST_VECTOR = 64


class NumbaProgram(CheckedProgram):
    """Runs a cell's compiled code."""

    def __init__(self, cell: Cell, inputs: int, hidden: int, dtype: str) -> None:
        super().__init__(np, cell, cell.folded_plan, inputs, hidden, dtype)
        lanes = WIDEST_VECTOR // np.dtype(dtype).itemsize
        self.pitch = -(-hidden // lanes) * lanes
        self.input_pitch = -(-inputs // lanes) * lanes
        self.rendering = render(cell.folded_plan, dtype)
        self.entries = {name: index for index, name in enumerate(self.rendering.table)}
        self.kernels = make_kernels(np, dtype)

    @cached_property
    def module(self) -> ModuleType:
        """The compiled functions; compiled now, unless they were before."""
        return compile_source(self.rendering.source, self.dtype)

    @cached_property
    def kernel_addresses(self) -> dict[str, int]:
        """Where the functions lie that all programs share."""
        return compile_kernels(self.dtype)

    def packed_size(self, product: PackedProduct) -> int:
        """The numbers of a product's packed matrix."""
        rows = sum(self.inputs if operand.op == "x" else self.hidden for operand in product.operands)
        return rows * product.columns * (self.input_pitch if product.to_inputs else self.pitch)

    def outer_shape(self, outer: OuterProduct, *, sparse: bool) -> tuple[int, int]:
        """The shape of the array that sums up the gradients of matrices."""
        if not outer.is_of_input:
            return len(outer.products) * self.hidden, self.pitch
        if sparse:
            return self.inputs, len(outer.products) * self.pitch
        return len(outer.products) * self.hidden, self.input_pitch

    @cached_property
    def _work_of_a_row(self) -> int:
        """Multiplications of one step of one sequence, roughly."""
        schedule = self.plan.forward.schedule
        blocks = sum(len(stage.block) for stage in (*schedule.before, *schedule.loop, *schedule.after))
        return self._packed_numbers + blocks * self.pitch

    @cached_property
    def _packed_numbers(self) -> int:
        """The numbers of all packed matrices but that of the gradient of x."""
        rendering = self.rendering
        products = (*rendering.forward_products, *rendering.backward_products)
        return sum(self.packed_size(product) for product in products if not product.to_inputs)

    def threads_for(self, steps: int, batch: int) -> int:
        """How many threads share a pass: small ones are done before a second thread is awake."""
        return thread_count() if steps * batch * self._work_of_a_row > WORTH_SHARING else 1

    def stretch(self, steps: int, batch: int) -> int:
        """How many steps the backward pass does at a time."""
        rows = -(-batch // self.threads_for(steps, batch))
        return max(1, min(steps, -(-STRETCH_ROWS // max(1, rows))))

    def memory(self, steps: int, batch: int) -> int:
        """Bytes that a forward and a backward pass take, from the plan alone."""
        rows, shares = steps * batch, self.threads_for(steps, batch)
        forward, backward = self.plan.forward.layout.columns, self.plan.backward.layout.columns
        rooms, stretch = self.rendering.rooms, self.stretch(steps, batch)
        columns = 2 * len(self.state_names) * (steps + 1) * batch + forward.get(Area.SAVED, 0) * rows
        columns += stretch * batch * (backward.get(Area.FLOW, 0) + rooms["forward_stretch"] + rooms["backward_stretch"])
        columns += batch * (rooms["forward_step"] + rooms["backward_step"])
        sums = sum(int(np.prod(self.outer_shape(outer, sparse=False))) for outer in self.rendering.outer_products)
        own = sum(int(np.prod(shape)) for shape in self.shapes.values())
        numbers = columns * self.pitch + rows * self.input_pitch + self._packed_numbers + shares * sums + own
        return numbers * np.dtype(self.dtype).itemsize

    def make_frame(self, x: Array) -> Frame:
        """Return arrays for a pass over x."""
        return Frame(self, x)

    def make_backward_frame(self, frame: Frame, *, wants_inputs: bool) -> BackwardFrame:
        """Return arrays for a pass back, and for the gradient of x where it is wanted."""
        return BackwardFrame(self, frame, wants_inputs=wants_inputs)

    def make_gradients(self, backward: BackwardFrame, outside: Mapping[str, Array], *, consume: bool) -> "Gradients":
        """Return what a pass back has found; a second pass, for the gradient of x, would begin from what it did."""
        if not (consume or backward.wants_inputs):
            outside = {name: np.array(array) for name, array in outside.items()}
        return Gradients(self, backward, outside)


class Gradients:
    """The gradients of one backward pass; ``outside``: what a second one, for the gradient of x, would run from."""

    def __init__(self, program: NumbaProgram, backward: BackwardFrame, outside: Mapping[str, Array]) -> None:
        self._program, self._backward, self._outside = program, backward, outside
        self._pass = backward.frame.passes
        received = dict(zip(program.state_names, backward.gradients, strict=True))
        self.states = {name: array[1:, :, : program.hidden] for name, array in received.items()}
        """dL/ds_t of every state, all paths: (T, B, H)."""
        self.start = {name: array[0, :, : program.hidden] for name, array in received.items()}
        """Of every state before the first step: (B, H)."""
        self.parameters = name_gradients(
            np, program.shapes, program.cell.fixed, program.dtype, backward.blocks(), backward.vectors()
        )
        """Of every learnt parameter, shaped as it."""

    @cached_property
    def inputs(self) -> Array:
        """Of x: (T, B, D).

        Raises BackendError where x was given as indices, and where the trace's arrays were reused without saying that
        this gradient would be wanted. Of a consumed trace, the gradient from outside must still be as it was.
        """
        frame = self._backward.frame
        if frame.sparse:
            raise BackendError("x was given as indices, which have no gradient")
        backward = self._backward
        if not backward.wants_inputs:
            if frame.passes != self._pass:
                raise BackendError("the arrays of this trace were reused; say wants_inputs=True when running backward")
            backward = BackwardFrame(self._program, frame, wants_inputs=True)
            backward.run(self._outside)
        return backward.arrays["input_gradient"][..., : self._program.inputs]
