"""The arrays of one trace and, bound to them, the calls of both passes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbench.backends.arrays.binding import Binder, BoundStretch, Factors, run
from workbench.backends.arrays.kernels import Array, make_flush
from workbench.backends.arrays.packing import fill_constants, fill_factor, make_factors
from workbench.backends.arrays.views import Stretch, Views
from workbench.backends.quiet import quiet
from workbench.cells.layout import Area
from workbench.cells.operations import operations
from workbench.cells.plan import Pass

if TYPE_CHECKING:
    from workbench.backends.arrays.program import ArrayProgram

# Numbers a column of a stretch holds: small enough that a stretch's columns stay in the cache.
STRETCH_SIZE = 32_768
# Gradients that have vanished: below this, float32 arithmetic becomes slow long before it becomes 0.
VANISHED = 1e-30


def stretches(steps: int, batch: int, hidden: int) -> list[Stretch]:
    """Cut T steps into stretches of even size."""
    count = _count_stretches(steps, batch, hidden)
    return [Stretch(steps * i // count, steps * (i + 1) // count) for i in range(count)]


def longest_stretch(steps: int, batch: int, hidden: int) -> int:
    """The number of steps of the longest."""
    return -(-steps // max(1, _count_stretches(steps, batch, hidden)))


def _count_stretches(steps: int, batch: int, hidden: int) -> int:
    return -(-steps // max(1, STRETCH_SIZE // max(1, batch * hidden)))


class Frame:
    """The arrays of a forward pass; a trace owns one."""

    def __init__(self, program: ArrayProgram, x: Array) -> None:
        self.program = program
        self.steps, self.batch = x.shape[:2]
        self.longest = longest_stretch(self.steps, self.batch, program.hidden)
        self.backward: BackwardFrame | None = None
        xp, dtype = program.xp, program.dtype
        # A trace is read when the parameters have long moved on: it keeps its own.
        self.parameters = {name: xp.empty(shape, dtype) for name, shape in program.shapes.items()}
        states = [self.new(self.steps + 1, self.batch) for _ in program.state_names]
        arrays = self.scratch(program.plan.forward) | {
            Area.TIME: xp.empty((self.steps, 1, 1), dtype),
            Area.INPUT: xp.empty(x.shape, dtype if x.dtype.kind == "f" else "int64"),
            Area.PREVIOUS: states,
            Area.NEW: states,
            Area.SAVED: self.planes(program.plan.forward, Area.SAVED, self.steps, self.batch),
        }
        self.views = Views(xp, dtype, program.hidden, arrays)
        self.pass_ = BoundPass(program, program.plan.forward, self.views, self, backwards=False)

    def new(self, *shape: int, columns: int = 1) -> Array:
        """An array of so many columns of H units."""
        return self.program.xp.empty((*shape, columns * self.program.hidden), self.program.dtype)

    def columns(self, pass_: Pass, area: Area, *shape: int) -> Array:
        """The array of an area whose columns lie side by side."""
        return self.new(*shape, columns=pass_.layout.columns.get(area, 0))

    def planes(self, pass_: Pass, area: Area, *shape: int) -> Array:
        """The array of an area whose columns lie apart."""
        return self.new(pass_.layout.columns.get(area, 0), *shape)

    def scratch(self, pass_: Pass) -> dict[Area, Any]:
        """The arrays that live no longer than a stretch, or hold one row a call."""
        return {
            Area.CONSTANT: self.columns(pass_, Area.CONSTANT),
            Area.STRETCH: self.planes(pass_, Area.STRETCH, self.longest, self.batch),
            Area.STEP: self.planes(pass_, Area.STEP, self.batch),
            Area.STRETCH_PRODUCTS: self.columns(pass_, Area.STRETCH_PRODUCTS, self.longest, self.batch),
            Area.STEP_PRODUCTS: self.columns(pass_, Area.STEP_PRODUCTS, self.batch),
        }

    def fits(self, program: ArrayProgram, x: Array) -> bool:
        """Whether the arrays serve another forward pass."""
        own = self.views.arrays[Area.INPUT]
        return program is self.program and own.shape == x.shape and (own.dtype.kind == "i") == (x.dtype.kind == "i")

    def run(self, parameters: Mapping[str, Array], x: Array, start: Mapping[str, Array], first_step: int) -> None:
        """Copy in what the pass reads, and run forward."""
        arrays, xp = self.views.arrays, self.program.xp
        with quiet(xp):
            for name, own in self.parameters.items():
                own[...] = xp.asarray(parameters[name])
            arrays[Area.INPUT][...] = x
            arrays[Area.TIME][:, 0, 0] = xp.arange(first_step, first_step + self.steps)
            for state, array in zip(self.program.state_names, arrays[Area.PREVIOUS], strict=True):
                array[0] = xp.asarray(start[state]) if state in start else 0.0
            self.pass_.load(self.parameters)
        self.pass_.run()


class BackwardFrame:
    """The arrays of a backward pass over a frame."""

    def __init__(self, program: ArrayProgram, frame: Frame, *, wants_inputs: bool) -> None:
        self.program, self.frame, self.wants_inputs = program, frame, wants_inputs
        plan = program.plan
        gradients = [frame.new(frame.steps + 1, frame.batch) for _ in program.state_names]
        arrays = frame.scratch(plan.backward) | {
            Area.RECEIVED: gradients,
            Area.TOTAL: gradients,
            Area.SUMMED: frame.columns(plan.backward, Area.SUMMED),
            Area.FLOW: frame.columns(plan.backward, Area.FLOW, frame.steps, frame.batch),
        }
        self.views = Views(program.xp, program.dtype, program.hidden, frame.views.arrays | arrays)
        self.pass_ = BoundPass(program, plan.backward, self.views, frame, backwards=True)
        self.sums = [self._bind_sums(part.steps, stretch) for part, stretch in self.pass_.parts]
        self.flush = make_flush(program.xp, (frame.batch, program.hidden), program.dtype)
        self.finish = self.pass_.binder.constants(operations(plan.finish, plan.backward.layout))

    def _load(self, outside: Mapping[str, Array]) -> None:
        """Copy in what the pass reads: states receive the gradients from outside first."""
        xp = self.program.xp
        for state, array in zip(self.program.state_names, self.views.arrays[Area.TOTAL], strict=True):
            array[0] = 0.0
            array[1:] = xp.asarray(outside[state]) if state in outside else 0.0
        self.views.arrays[Area.SUMMED][...] = 0.0
        self.pass_.load(self.frame.parameters)

    def run(self, outside: Mapping[str, Array]) -> None:
        """Run backward from the gradients from outside, then finish the gradients of constants."""
        with quiet(self.program.xp):
            self._load(outside)
        flush = self.program.dtype == "float32"
        with quiet(self.program.xp):
            run(self.pass_.constants)
            for (bound, stretch), sums in zip(self.pass_.parts[::-1], self.sums[::-1], strict=True):
                bound.run()
                for rows, ones, target in sums:
                    target += ones @ rows
                for gradient in self.views.arrays[Area.RECEIVED] if flush else ():
                    self.flush(gradient[stretch.first], VANISHED)
            run(self.finish)

    def _bind_sums(self, steps: int, stretch: Stretch) -> list[tuple[Array, Array, Array]]:
        """Rows to sum, ones to sum them with, and where the sum goes, for each run of neighbours."""
        plan, xp = self.program.plan, self.program.xp
        layout = plan.backward.layout
        leaves = iter(plan.sums)
        ones = xp.ones(steps * self.frame.batch, self.program.dtype)
        bound = []
        for place, run_ in layout.runs(value for _, value in plan.sums):
            column = layout.places[next(leaves)[0]].column
            for _ in run_[1:]:
                next(leaves)
            rows = self.views.columns_of_stretch(place, len(run_), stretch)
            target = self.views.columns(Area.SUMMED, column, len(run_))
            bound.append((rows.reshape(-1, rows.shape[-1]), ones, target))
        return bound


class BoundPass:
    """A pass bound to one frame: its packed parameters and its calls, stretch by stretch."""

    def __init__(self, program: ArrayProgram, pass_: Pass, views: Views, frame: Frame, *, backwards: bool) -> None:
        self.program, self.pass_, self.views = program, pass_, views
        self.factors = _make_factors(program, pass_)
        self.binder = Binder(views, program.kernels, self.factors)
        self.constants = self.binder.constants(operations(pass_.schedule.constants, pass_.layout))
        self.parts: list[tuple[BoundStretch, Stretch]] = [
            (self.binder.stretch(pass_, part, backwards=backwards), part)
            for part in stretches(frame.steps, frame.batch, program.hidden)
        ]

    def load(self, parameters: Mapping[str, Array]) -> None:
        """Pack the parameters."""
        hidden = self.program.hidden
        for factors in self.factors.values():
            for factor in factors:
                fill_factor(factor, parameters, hidden)
        fill_constants(self.program.plan, self.pass_.layout, self.views.arrays[Area.CONSTANT], parameters, hidden)

    def run(self) -> None:
        """Run the stretches in order."""
        with quiet(self.program.xp):
            run(self.constants)
            for bound, _ in self.parts:
                bound.run()


def _make_factors(program: ArrayProgram, pass_: Pass) -> Factors:
    schedule = pass_.schedule
    return {
        group: make_factors(program.xp, group, pass_.layout, program.inputs, program.hidden, program.dtype)
        for stages in (schedule.before, schedule.loop, schedule.after)
        for stage in stages
        for group in stage.groups
    }
