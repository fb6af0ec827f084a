"""A program for backends whose every operation is a call on whole arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.backends.arrays.frame import BackwardFrame, Frame, longest_stretch
from workbench.backends.arrays.kernels import Array, make_kernels
from workbench.backends.arrays.trace import Gradients, Trace
from workbench.backends.checked import CheckedProgram
from workbench.backends.quiet import quiet
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

    def backward(
        self,
        parameters: Mapping[str, Array],
        trace: Trace,
        outside: Mapping[str, Array],
        consume: bool = False,
        wants_inputs: bool = False,
    ) -> Gradients:
        """Run back from ``outside``, the gradient of any state from outside the cell, (T, B, H) each.

        ``consume``: the trace cannot be read any more, and the gradients are good until its arrays are reused.
        ``wants_inputs``: of no matter here, where the gradient of x is one product more whenever it is asked for.
        Raises BackendError where shapes or names do not fit.
        """
        frame: Frame = self.check_backward(parameters, trace, outside)
        if consume:
            frame.backward = frame.backward or BackwardFrame(self, frame)
            backward = frame.backward
            trace.consume()
        else:
            backward = BackwardFrame(self, frame)
        with quiet(self.xp):
            backward.load(parameters, outside)
        backward.run()
        return Gradients(self, frame, backward)
