"""A program for backends whose every operation is a call on whole arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.backends.arrays.frame import BackwardFrame, Frame, longest_stretch
from workbench.backends.arrays.kernels import Array, make_kernels
from workbench.backends.arrays.trace import Gradients
from workbench.backends.checked import CheckedProgram
from workbench.cells import Cell
from workbench.cells.layout import Area


class ArrayProgram(CheckedProgram):
    """A cell's plan run with calls on the arrays of ``xp``."""

    def __init__(self, xp: Any, cell: Cell, inputs: int, hidden: int, dtype: str) -> None:
        super().__init__(xp, cell, cell.plan, inputs, hidden, dtype)
        self.kernels = make_kernels(xp, dtype)

    def memory(self, steps: int, batch: int) -> int:
        """Bytes that a forward and a backward pass take, from the plan alone."""
        rows = steps * batch
        forward, backward = self.plan.forward.layout.columns, self.plan.backward.layout.columns
        columns = 2 * len(self.state_names) * (steps + 1) * batch
        columns += (forward.get(Area.SAVED, 0) + backward.get(Area.FLOW, 0)) * rows
        stretch = longest_stretch(steps, batch, self.hidden)
        for layout in (forward, backward):
            columns += (layout.get(Area.STRETCH, 0) + layout.get(Area.STRETCH_PRODUCTS, 0)) * stretch * batch
            columns += (layout.get(Area.STEP, 0) + layout.get(Area.STEP_PRODUCTS, 0)) * batch
        matrices = sum(int(np.prod(shape)) for shape in self.shapes.values())
        return (columns * self.hidden + rows * self.inputs + 4 * matrices) * np.dtype(self.dtype).itemsize

    def make_frame(self, x: Array) -> Frame:
        """Return arrays for a pass over x."""
        return Frame(self, x)

    def make_backward_frame(self, frame: Frame, *, wants_inputs: bool) -> BackwardFrame:
        """Return arrays for a pass back, the same whether the gradient of x is wanted: that is one product more."""
        return BackwardFrame(self, frame, wants_inputs=wants_inputs)

    def make_gradients(self, backward: BackwardFrame, outside: Mapping[str, Array], *, consume: bool) -> Gradients:
        """Return what a pass back has found."""
        return Gradients(self, backward.frame, backward)
