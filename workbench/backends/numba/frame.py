"""The arrays of one trace, and the table that tells a program where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from workbench.backends.arrays.views import Views
from workbench.backends.numba.matrices import PackedProduct
from workbench.backends.numba.threads import run_shares, share_out
from workbench.cells.graph import MatrixUse
from workbench.cells.layout import Area, Place

if TYPE_CHECKING:
    from workbench.backends.numba.program import NumbaProgram

Array = NDArray[Any]

# Arrays begin where a vector, and a line of the cache, begins.
ALIGNMENT = 64


def aligned_zeros(shape: tuple[int, ...], dtype: str) -> Array:
    """Return zeros at an address that is a multiple of the longest vector."""
    kind = np.dtype(dtype)
    size = prod(shape) * kind.itemsize
    raw = np.zeros(size + ALIGNMENT, np.uint8)
    start = -address(raw) % ALIGNMENT
    return raw[start : start + size].view(kind).reshape(shape)


def address(array: Array) -> int:
    """Where an array lies."""
    return int(array.__array_interface__["data"][0])


class PaddedViews(Views):
    """Columns whose rows are filled up to whole vectors; who looks at them sees H units."""

    units = 0

    def whole(self, place: Place, width: int = 1) -> Array:
        """One column of all steps: (T, B, H)."""
        return super().whole(place, width)[..., : self.units]  # type: ignore[no-any-return]


class Arrays:
    """Arrays by their names in a program's table."""

    def __init__(self, program: NumbaProgram, table: Array) -> None:
        self.program, self.table = program, table
        self.arrays: dict[str, Array] = {}

    def make(self, name: str, *shape: int, dtype: str | None = None) -> Array:
        """Allocate an array, and enter its address."""
        self.arrays[name] = aligned_zeros(shape, dtype or self.program.dtype)
        self.enter(name, address(self.arrays[name]))
        return self.arrays[name]

    def enter(self, name: str, value: int) -> None:
        """Enter a whole number, where the program reads it at all."""
        index = self.program.entries.get(name)
        if index is not None:
            self.table[index] = value

    def make_pass(self, direction: str, stretch: int, batch: int, constants: int) -> None:
        """Allocate what a pass has of its own: constants, and what lives for a stretch or for a step."""
        program = self.program
        self.make(f"{direction}_constants", constants * program.pitch)
        for room, lead in (("stretch", (stretch, batch)), ("step", (batch,))):
            name = f"{direction}_{room}"
            self.make(name, *lead, program.rendering.rooms[name] * program.pitch)

    def make_matrix(self, product: PackedProduct) -> None:
        """Allocate the packed matrix of a product."""
        self.make(product.name, self.program.packed_size(product))


class Frame(Arrays):
    """The arrays of a forward pass; a trace owns one."""

    def __init__(self, program: NumbaProgram, x: Array) -> None:
        super().__init__(program, np.zeros(len(program.entries), np.int64))
        self.steps, self.batch = x.shape[:2]
        self.sparse = x.dtype.kind == "i"
        self.shares = share_out(self.batch, program.threads_for(self.steps, self.batch))
        self.stretch = program.stretch(self.steps, self.batch)
        self.first_step = 0
        self.passes = 0
        """How many forward passes the arrays have served."""
        self.backward: BackwardFrame | None = None
        rows, pitch, columns = (self.steps, self.batch), program.pitch, program.plan.forward.layout.columns
        # A trace is read when the parameters have long moved on: it keeps its own.
        self.parameters = {name: self.make(f"parameter_{name}", *shape) for name, shape in program.shapes.items()}
        self.states = [self.make(f"state_{i}", rows[0] + 1, rows[1], pitch) for i in range(len(program.state_names))]
        self.make("saved", *rows, columns.get(Area.SAVED, 0) * pitch)
        self.make_pass("forward", self.stretch, self.batch, columns.get(Area.CONSTANT, 0))
        for product in program.rendering.forward_products:
            self.make_matrix(product)
        if self.sparse:
            self.make("indices", *x.shape, dtype="int64")
        else:
            self.make("inputs", *rows, program.input_pitch)
        self._enter_sizes(x)
        self.views = self._make_views()

    def _enter_sizes(self, x: Array) -> None:
        program = self.program
        sizes = {
            "steps": self.steps,
            "batch": self.batch,
            "hidden": program.hidden,
            "pitch": program.pitch,
            "stretch": self.stretch,
            "active": x.shape[2] if self.sparse else 0,
            "size_of_input": program.inputs,
            "input_pitch": program.input_pitch,
        }
        for name, value in (program.kernel_addresses | sizes).items():
            self.enter(name, value)

    def _make_views(self) -> Views:
        program, hidden, saved = self.program, self.program.hidden, self.arrays["saved"]
        columns = saved.shape[-1] // program.pitch
        states = [state[..., :hidden] for state in self.states]
        arrays: dict[Area, Any] = {
            Area.TIME: np.empty((self.steps, 1, 1), program.dtype),
            Area.INPUT: self.arrays["indices"] if self.sparse else self.arrays["inputs"][..., : program.inputs],
            Area.PREVIOUS: states,
            Area.NEW: states,
            Area.SAVED: np.moveaxis(saved.reshape(self.steps, self.batch, columns, program.pitch), 2, 0),
        }
        views = PaddedViews(np, program.dtype, program.pitch, arrays)
        views.units = hidden
        return views

    def fits(self, program: NumbaProgram, x: Array) -> bool:
        """Whether the arrays serve another forward pass."""
        own = self.views.arrays[Area.INPUT]
        return program is self.program and own.shape == x.shape and self.sparse == (x.dtype.kind == "i")

    def run(self, parameters: Mapping[str, Array], x: Array, start: Mapping[str, Array], first_step: int) -> None:
        """Run forward."""
        self.passes += 1
        self.first_step = first_step
        self.enter("first_step", first_step)
        # Kept until the pass is done, for it has the address alone.
        given = self._load(parameters, x, start)
        self.enter("given_inputs", 0 if self.sparse else address(given))
        module, table = self.program.module, address(self.table)
        module.prepare_forward(table)
        run_shares(lambda first, last, share: module.forward(table, first, last, share), self.shares)

    def _load(self, parameters: Mapping[str, Array], x: Array, start: Mapping[str, Array]) -> Array:
        """Copy in what the pass reads; return x as it reads it. What is too large for the type becomes infinite."""
        with np.errstate(all="ignore"):
            for name, own in self.parameters.items():
                own[...] = parameters[name]
            for name, state in zip(self.program.state_names, self.states, strict=True):
                state[0, :, : self.program.hidden] = start.get(name, 0.0)
            self.views.arrays[Area.TIME][:, 0, 0] = np.arange(self.first_step, self.first_step + self.steps)
            if self.sparse:
                self.arrays["indices"][...] = x
                return self.arrays["indices"]
            return np.ascontiguousarray(x, self.program.dtype)


class BackwardFrame(Arrays):
    """The arrays of a backward pass over a frame."""

    def __init__(self, program: NumbaProgram, frame: Frame, *, wants_inputs: bool) -> None:
        super().__init__(program, frame.table.copy())
        self.frame, self.wants_inputs = frame, wants_inputs
        plan, pitch, shares = program.plan, program.pitch, len(frame.shares)
        columns = plan.backward.layout.columns
        self.gradients = [
            self.make(f"gradient_{i}", frame.steps + 1, frame.batch, pitch) for i in range(len(program.state_names))
        ]
        self.make("flow", frame.stretch, frame.batch, columns.get(Area.FLOW, 0) * pitch)
        self.make_pass("backward", frame.stretch, frame.batch, columns.get(Area.CONSTANT, 0))
        for product in program.rendering.backward_products:
            if wants_inputs or not product.to_inputs:
                self.make_matrix(product)
        self.make("all_sums", shares, len(plan.sums) * pitch)
        for outer in program.rendering.outer_products:
            shape = program.outer_shape(outer, sparse=frame.sparse)
            self.make(outer.name, shares, *shape)
            self.enter(f"{outer.name}_size", prod(shape))
        self.enter("wants_inputs", int(wants_inputs))
        if wants_inputs:
            self.make("input_gradient", frame.steps, frame.batch, program.input_pitch)

    def run(self, outside: Mapping[str, Array]) -> None:
        """Run backward from the gradients from outside."""
        program = self.program
        with np.errstate(all="ignore"):
            given = {name: np.ascontiguousarray(array, program.dtype) for name, array in outside.items()}
        for index, name in enumerate(program.state_names):
            self.enter(f"outside_{index}", address(given[name]) if name in given else 0)
        # The frame may have served another pass since these arrays were made.
        self.enter("first_step", self.frame.first_step)
        module, table = program.module, address(self.table)
        module.prepare_backward(table)
        run_shares(lambda first, last, share: module.backward(table, first, last, share), self.frame.shares)
        for name in ("all_sums", *(outer.name for outer in program.rendering.outer_products)):
            _add_up(self.arrays[name])
        module.finish(table)

    def blocks(self) -> Iterator[tuple[Array, tuple[MatrixUse, ...]]]:
        """The gradient of every sum of matrices, (H, columns)."""
        hidden, pitch = self.program.hidden, self.program.pitch
        for outer in self.program.rendering.outer_products:
            total, is_input = self.arrays[outer.name][0], outer.is_of_input
            for number, product in enumerate(outer.products):
                uses = product.blocks[product.args.index(outer.operand)]
                if is_input and self.frame.sparse:
                    yield total[:, number * pitch : number * pitch + hidden].T, uses
                else:
                    depth = self.program.inputs if is_input else hidden
                    yield total[number * hidden : (number + 1) * hidden, :depth], uses

    def vectors(self) -> dict[str, Array]:
        """The gradient of every vector parameter."""
        places, pitch = self.program.plan.backward.layout.places, self.program.pitch
        areas = {Area.SUMMED: self.arrays["all_sums"][0], Area.CONSTANT: self.arrays["backward_constants"]}
        found = {name: places[value] for name, value in self.program.plan.adjoint.vectors.items()}
        return {
            name: areas[place.area][place.column * pitch : place.column * pitch + self.program.hidden]
            for name, place in found.items()
        }


def _add_up(shares: Array) -> None:
    """Add all shares to the first, always in the same order."""
    with np.errstate(all="ignore"):
        for share in shares[1:]:
            shares[0] += share
