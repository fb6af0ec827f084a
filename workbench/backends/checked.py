"""What programs of all backends have in common: names, sizes, checks of what they are given, and running forward."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.backends.arrays.tangent import step_tangents
from workbench.backends.arrays.trace import Trace
from workbench.backends.base import Array
from workbench.backends.errors import BackendError
from workbench.cells import Cell
from workbench.cells.plan import Plan

DTYPES = ("float32", "float64")


class CheckedProgram(ABC):
    """A cell's plan for sizes and a floating-point type, on the arrays of ``xp``."""

    way: str = ""

    def __init__(self, xp: Any, cell: Cell, plan: Plan, inputs: int, hidden: int, dtype: str) -> None:
        if dtype not in DTYPES:
            raise BackendError(f"dtype {dtype!r} is not one of {', '.join(DTYPES)}")
        self.shapes = cell.shapes(inputs, hidden)
        self.xp, self.cell, self.inputs, self.hidden, self.dtype = xp, cell, inputs, hidden, dtype
        self.plan = plan
        self.state_names = cell.states
        self.value_names = tuple(plan.step.names)

    @abstractmethod
    def make_frame(self, x: Array) -> Any:
        """Return arrays for a pass over x, as ``check_input`` gives it."""

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
        x = self.check_input(x)
        self.check_parameters(parameters)
        self.check_states(start or {}, "start", x.shape[1], self.hidden)
        frame = reuse.release() if reuse is not None else None
        if frame is None or not frame.fits(self, x):
            frame = self.make_frame(x)
        frame.run(parameters, x, start or {}, first_step)
        return Trace(self, frame)

    @abstractmethod
    def make_backward_frame(self, frame: Any, *, wants_inputs: bool) -> Any:
        """Return arrays for a pass back over a frame."""

    @abstractmethod
    def make_gradients(self, backward: Any, outside: Mapping[str, Array], *, consume: bool) -> Any:
        """Return what a pass back has found."""

    def backward(
        self,
        parameters: Mapping[str, Array],
        trace: Trace,
        outside: Mapping[str, Array],
        consume: bool = False,
        wants_inputs: bool = False,
    ) -> Any:
        """Run back from ``outside``, the gradient of any state from outside the cell, (T, B, H) each.

        ``consume``: the trace cannot be read any more, and the gradients are good until its arrays are reused.
        ``wants_inputs``: the gradient of x will be asked for; said beforehand, it costs no second pass.
        Raises BackendError where shapes or names do not fit.
        """
        frame = self.check_backward(parameters, trace, outside)
        if not consume:
            backward = self.make_backward_frame(frame, wants_inputs=wants_inputs)
        else:
            if frame.backward is None or frame.backward.wants_inputs != wants_inputs:
                frame.backward = self.make_backward_frame(frame, wants_inputs=wants_inputs)
            backward = frame.backward
            trace.consume()
        backward.run(outside)
        return self.make_gradients(backward, outside, consume=consume)

    def jvp(self, trace: Trace, states: Mapping[str, Array], inputs: Array | None = None) -> dict[str, Array]:
        """The tangents of all states after each step, from those of ``states`` before it and of x; see Program.jvp."""
        self.check_own(trace, "jvp")
        return step_tangents(trace, states, inputs)

    def check_backward(self, parameters: Mapping[str, Array], trace: Trace, outside: Mapping[str, Array]) -> Any:
        """Return the arrays of a trace. Raises BackendError where it, a parameter or a gradient does not fit."""
        frame = trace.frame
        self.check_own(trace, "backward")
        self.check_parameters(parameters)
        self.check_states(outside, "the gradient", frame.steps, frame.batch, self.hidden)
        return frame

    def check_own(self, trace: Any, method: str) -> None:
        """Raise BackendError for a trace of another program."""
        if trace.program is not self:
            raise BackendError(f"this trace was made by another program; run {method} on the program that ran forward")

    def check_input(self, x: Array) -> Array:
        """Return x as (T, B, D) numbers or (T, B, k) int64 indices. Raises BackendError where it is neither."""
        given, x = x, self.xp.asarray(x)
        if x.dtype.kind in "iu":
            if x.ndim not in (2, 3) or 0 in x.shape[2:]:
                raise BackendError(f"an integer x holds indices, (T, B) or (T, B, k); this one has shape {x.shape}")
            self.check_indices(given if isinstance(given, np.ndarray) else x)
            if self.cell.roles.plain_input:
                raise BackendError("this cell uses x outside a product, so x cannot be given as indices")
            return x.astype("int64", copy=False).reshape(*x.shape[:2], *(x.shape[2:] or (1,)))
        if x.dtype.kind not in "fb":
            raise BackendError(f"x holds real numbers, or integers as indices; this one holds {x.dtype}")
        if x.ndim != 3 or x.shape[2] != self.inputs:
            raise BackendError(f"x has shape (T, B, {self.inputs}); this one has {x.shape}")
        return x.astype(self.dtype, copy=False) if x.dtype.kind == "b" else x

    def check_indices(self, x: Array) -> None:
        """Raise BackendError where an index names no unit."""
        if x.size and not (x.min() >= -1 and x.max() < self.inputs):
            raise BackendError(f"an integer x holds indices from 0 to {self.inputs - 1}, or -1 for none")

    def check_parameters(self, parameters: Mapping[str, Array]) -> None:
        """Raise BackendError where a parameter is missing or has another shape."""
        for name, shape in self.shapes.items():
            if name not in parameters:
                raise BackendError(f"the parameter {name} is missing; {self.cell.name} has {', '.join(self.shapes)}")
            self._check_shape(name, parameters[name], shape)

    def check_states(self, given: Mapping[str, Array], what: str, *shape: int) -> None:
        """Raise BackendError where an array belongs to no state or has another shape."""
        for name, array in given.items():
            if name not in self.state_names:
                raise BackendError(f"{what} names {name!r}, which is no state; there are {', '.join(self.state_names)}")
            self._check_shape(f"{what} of {name}", array, shape)

    def _check_shape(self, what: str, array: Array, shape: tuple[int, ...]) -> None:
        if tuple(array.shape) != shape:
            raise BackendError(f"{what} has shape {shape}; this one has {tuple(array.shape)}")
