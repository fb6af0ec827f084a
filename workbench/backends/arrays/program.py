"""A program for backends whose every operation is a call on whole arrays."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.backends.arrays.frame import BackwardFrame, Frame, longest_stretch
from workbench.backends.arrays.kernels import Array, make_kernels
from workbench.backends.arrays.tangent import step_tangents
from workbench.backends.arrays.trace import Gradients, Trace
from workbench.backends.errors import BackendError
from workbench.cells import Cell
from workbench.cells.layout import Area

DTYPES = ("float32", "float64")


class ArrayProgram:
    """A cell's plan run with calls on the arrays of ``xp``."""

    def __init__(self, xp: Any, cell: Cell, inputs: int, hidden: int, dtype: str) -> None:
        if dtype not in DTYPES:
            raise BackendError(f"dtype {dtype!r} is not one of {', '.join(DTYPES)}")
        self.shapes = cell.shapes(inputs, hidden)
        self.xp, self.cell, self.inputs, self.hidden, self.dtype = xp, cell, inputs, hidden, dtype
        self.plan = cell.plan
        self.state_names = cell.states
        self.value_names = tuple(self.plan.step.names)
        self.kernels = make_kernels(xp, dtype)

    def memory(self, steps: int, batch: int) -> int:
        """Bytes that a forward and a backward pass take, from the plan alone."""
        rows = steps * batch
        forward, backward = self.plan.forward.layout.columns, self.plan.backward.layout.columns
        columns = 2 * len(self.state_names) * (steps + 1) * batch
        columns += (forward.get(Area.SAVED, 0) + backward.get(Area.FLOW, 0)) * rows
        stretch = longest_stretch(steps, batch, self.hidden)
        for layout in (forward, backward):
            columns += layout.get(Area.STRETCH, 0) * stretch * batch + layout.get(Area.STEP, 0) * batch
        matrices = sum(int(np.prod(shape)) for shape in self.shapes.values())
        return (columns * self.hidden + rows * self.inputs + 4 * matrices) * np.dtype(self.dtype).itemsize

    def forward(
        self,
        parameters: Mapping[str, Array],
        x: Array,
        start: Mapping[str, Array] | None = None,
        first_step: int = 0,
        reuse: Trace | None = None,
    ) -> Trace:
        """Run over ``x``: (T, B, D), or (T, B[, k]) integers, the indices of its active units (-1: none).

        ``start``: (B, H) of any state, zeros where left out. ``reuse``: a trace whose arrays may be overwritten.
        Raises BackendError where shapes or names do not fit.
        """
        x = self._check_input(x)
        self._check_parameters(parameters)
        self._check_states(start or {}, "start", x.shape[1], self.hidden)
        frame = reuse.release() if reuse is not None else None
        if frame is None or not frame.fits(self, x):
            frame = Frame(self, x)
        with self.xp.errstate(all="ignore"):
            frame.load(parameters, x, start or {}, first_step)
        frame.run()
        return Trace(self, frame)

    def backward(
        self,
        parameters: Mapping[str, Array],
        trace: Trace,
        outside: Mapping[str, Array],
        consume: bool = False,
    ) -> Gradients:
        """Run back from ``outside``, the gradient of any state from outside the cell, (T, B, H) each.

        ``consume``: the trace cannot be read any more, and the gradients are good until its arrays are reused.
        Raises BackendError where shapes or names do not fit.
        """
        frame = trace.frame
        self._check_own(trace, "backward")
        self._check_parameters(parameters)
        self._check_states(outside, "the gradient", frame.steps, frame.batch, self.hidden)
        if consume:
            frame.backward = frame.backward or BackwardFrame(self, frame)
            backward = frame.backward
            trace.consume()
        else:
            backward = BackwardFrame(self, frame)
        with self.xp.errstate(all="ignore"):
            backward.load(parameters, outside)
        backward.run()
        return Gradients(self, frame, backward)

    def jvp(self, trace: Trace, states: Mapping[str, Array], inputs: Array | None = None) -> dict[str, Array]:
        """The tangents of all states after each step, from those of ``states`` before it and of x; see Program.jvp."""
        self._check_own(trace, "jvp")
        return step_tangents(trace, states, inputs)

    def _check_own(self, trace: Trace, method: str) -> None:
        if trace.program is not self:
            raise BackendError(f"this trace was made by another program; run {method} on the program that ran forward")

    def _check_input(self, x: Array) -> Array:
        x = self.xp.asarray(x)
        if x.dtype.kind in "iu":
            if x.ndim not in (2, 3) or 0 in x.shape[2:]:
                raise BackendError(f"an integer x holds indices, (T, B) or (T, B, k); this one has shape {x.shape}")
            if x.size and not (x.min() >= -1 and x.max() < self.inputs):
                raise BackendError(f"an integer x holds indices from 0 to {self.inputs - 1}, or -1 for none")
            if self.cell.roles.plain_input:
                raise BackendError("this cell uses x outside a product, so x cannot be given as indices")
            return x.astype("int64", copy=False).reshape(*x.shape[:2], *(x.shape[2:] or (1,)))
        if x.dtype.kind not in "fb":
            raise BackendError(f"x holds real numbers, or integers as indices; this one holds {x.dtype}")
        if x.ndim != 3 or x.shape[2] != self.inputs:
            raise BackendError(f"x has shape (T, B, {self.inputs}); this one has {x.shape}")
        return x.astype(self.dtype, copy=False) if x.dtype.kind == "b" else x

    def _check_parameters(self, parameters: Mapping[str, Array]) -> None:
        for name, shape in self.shapes.items():
            if name not in parameters:
                raise BackendError(f"the parameter {name} is missing; {self.cell.name} has {', '.join(self.shapes)}")
            self._check_shape(name, parameters[name], shape)

    def _check_states(self, given: Mapping[str, Array], what: str, *shape: int) -> None:
        for name, array in given.items():
            if name not in self.state_names:
                raise BackendError(f"{what} names {name!r}, which is no state; there are {', '.join(self.state_names)}")
            self._check_shape(f"{what} of {name}", array, shape)

    def _check_shape(self, what: str, array: Array, shape: tuple[int, ...]) -> None:
        if tuple(array.shape) != shape:
            raise BackendError(f"{what} has shape {shape}; this one has {tuple(array.shape)}")
