"""The arrays of one trace, and what a device is given to do with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from workbench.backends.arrays.views import Views
from workbench.backends.cupy.calls import Call, Calls, Sizes
from workbench.backends.cupy.device import Array, Recording
from workbench.backends.cupy.rendering import PassCode
from workbench.backends.cupy.ways import Cut, Way
from workbench.backends.quiet import quiet
from workbench.cells.layout import Area

if TYPE_CHECKING:
    from workbench.backends.cupy.backward import BackwardFrame
    from workbench.backends.cupy.program import CupyProgram


class Arrays:
    """Arrays by the names that kernels know them by, and calls on them."""

    def __init__(self, program: CupyProgram, sizes: Sizes, active: int, way: Way) -> None:
        self.program, self.sizes, self.active, self.way = program, sizes, active, way
        self.xp = program.xp
        self.arrays: dict[str, Array] = {}
        self._recording: Recording | None = None
        self._done = False

    def make(self, name: str, *shape: int, dtype: str | None = None) -> Array:
        """Allocate an array."""
        self.arrays[name] = self.xp.empty(shape, dtype or self.program.dtype)
        return self.arrays[name]

    def make_pass(self, code: PassCode, cut: Cut | None) -> None:
        """Allocate what a pass has of its own."""
        program, sizes, layout = self.program, self.sizes, code.outline.pass_.layout
        for name, columns in code.outline.rooms().items():
            rows = 2 * sizes.batch if name.endswith("step") else sizes.rows
            self.make(name, rows, columns * sizes.hidden)
        self.make(f"{code.direction}_constants", layout.columns.get(Area.CONSTANT, 0) * sizes.hidden)
        for product in code.products.values():
            self.make(product.name, *product.shape(sizes.inputs, sizes.hidden))
        self.arrays.pop("arrived", None)
        if cut is not None and cut.together:
            self.make("arrived", ceil(sizes.batch / cut.rows), dtype="uint32")
        gather = program.backend.row_kernels(program.dtype)["gather_rows"]
        self.calls = Calls(program.device, program.row_kernels, gather, self.arrays, sizes, self.active)

    def calls_of(self, code: PassCode, cut: Cut | None) -> list[Call]:
        """A whole pass, in order."""
        sizes, calls = self.sizes, list[Call]()
        if code.packing:
            size = sum(self.arrays[product.name].size for product in code.products.values())
            calls.append(self.calls.over_all(code.packing, size))
        if code.constants:
            calls.append(self.calls.over_units(code.constants))
        calls += self.calls.stages(code, code.before, 0, sizes.rows)
        if cut is None:
            calls += self.calls.loop(code)
        elif code.loop:
            kernel, sequence = self.program.sequence(code, cut)
            calls.append(self.calls.sequence(kernel, sequence, cut))
        return calls + self.calls.stages(code, code.after, 0, sizes.rows)

    def do(self, calls: Sequence[Call]) -> None:
        """Do the calls; where the way is to record them, they are from the second time on."""

        def work() -> None:
            for call in calls:
                call()

        if self._recording is not None:
            self._recording.replay()
        elif self.way.name == "captured" and self._done:
            self._recording = self.program.device.record(work)
            self._recording.replay()
        else:
            work()
        self._done = True


class Frame(Arrays):
    """The arrays of a forward pass; a trace owns one."""

    def __init__(self, program: CupyProgram, x: Array) -> None:
        sparse = x.dtype.kind == "i"
        sizes = Sizes(x.shape[0], x.shape[1], program.hidden, program.inputs)
        super().__init__(program, sizes, x.shape[2] if sparse else 0, program.way_for(x.shape[1]))
        self.sparse, self.steps, self.batch = sparse, sizes.steps, sizes.batch
        self.backward: BackwardFrame | None = None
        # A trace is read when the parameters have long moved on: it keeps its own.
        shapes = program.shapes.items()
        self.parameters = {name: self.make(f"parameter_{i}", *shape) for i, (name, shape) in enumerate(shapes)}
        self.states = [
            self.make(f"state_{i}", sizes.steps + 1, sizes.batch, sizes.hidden) for i in range(len(program.state_names))
        ]
        code = program.forward_code
        saved = code.outline.pass_.layout.columns.get(Area.SAVED, 0)
        self.make("saved", sizes.rows, saved * sizes.hidden)
        self.make("indices" if sparse else "inputs", *x.shape, dtype="int64" if sparse else None)
        self.make("first_step", 1, dtype="int32")
        self.make_pass(code, self.way.cuts and self.way.cuts[0])
        self._calls = self.calls_of(code, self.way.cuts and self.way.cuts[0])
        self.views = self._make_views(saved)

    def _make_views(self, saved: int) -> Views:
        xp, sizes = self.xp, self.sizes
        planes = self.arrays["saved"].reshape(sizes.steps, sizes.batch, saved, sizes.hidden)
        arrays: dict[Area, Any] = {
            Area.TIME: xp.empty((sizes.steps, 1, 1), self.program.dtype),
            Area.INPUT: self.arrays["indices" if self.sparse else "inputs"],
            Area.PREVIOUS: self.states,
            Area.NEW: self.states,
            Area.SAVED: xp.moveaxis(planes, 2, 0),
        }
        return Views(xp, self.program.dtype, sizes.hidden, arrays)

    def fits(self, program: CupyProgram, x: Array) -> bool:
        """Whether the arrays serve another forward pass."""
        own = self.views.arrays[Area.INPUT]
        return program is self.program and own.shape == x.shape and self.sparse == (x.dtype.kind == "i")

    def run(self, parameters: Mapping[str, Array], x: Array, start: Mapping[str, Array], first_step: int) -> None:
        """Copy in what the pass reads, and run forward."""
        xp, program = self.xp, self.program
        program.device.use()
        with quiet(xp):
            self._load(parameters)
            self.views.arrays[Area.INPUT][...] = x
            self.views.arrays[Area.TIME][:, 0, 0] = xp.arange(first_step, first_step + self.steps)
            self.arrays["first_step"].fill(first_step)
            for name, state in zip(program.state_names, self.states, strict=True):
                state[0] = xp.asarray(start[name]) if name in start else 0.0
        self.do(self._calls)

    def _load(self, parameters: Mapping[str, Array]) -> None:
        """Copy parameters in one launch, however many there are."""
        loading = self.program.loading
        if loading is None:
            return
        for i, name in enumerate(self.parameters):
            given = self.xp.asarray(parameters[name], dtype=self.program.dtype)
            self.arrays[f"given_{i}"] = self.xp.ascontiguousarray(given)
        self.calls.over_all(loading, max(array.size for array in self.parameters.values()))()
