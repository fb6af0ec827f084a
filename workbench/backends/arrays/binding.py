"""A pass bound to its arrays: every call with its arguments prepared, so that the loop over time only calls."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.backends.arrays.kernels import Array, Kernel
from workbench.backends.arrays.packing import Factor
from workbench.backends.arrays.views import Stretch, Views
from workbench.cells.layout import Area, Layout, Place
from workbench.cells.operations import Operation, Span, operations
from workbench.cells.plan import Pass
from workbench.cells.schedule import ProductGroup, Stage

Call = tuple[Kernel, tuple[Sequence[Any], ...]]
"""A kernel and, for each of its arguments, the array at every repetition."""
Rows = Callable[..., Sequence[Array]]
Factors = dict[ProductGroup, list[Factor]]


def run(calls: Iterable[Call], times: int = 1) -> None:
    """Run calls one after another, all of them a number of times."""
    prepared = [(kernel, zip(*arguments, strict=True)) for kernel, arguments in calls]
    for _ in range(times):
        for kernel, arguments in prepared:
            kernel(*next(arguments))


@dataclass(frozen=True)
class BoundStretch:
    """One stretch of a pass, ready to run."""

    steps: int
    before: list[Call]
    loop: list[Call]
    after: list[Call]

    def run(self) -> None:
        """Run it: before, every step, after."""
        run(self.before)
        run(self.loop, self.steps)
        run(self.after)


class Binder:
    """Binds passes to the arrays of one shape."""

    def __init__(self, views: Views, kernels: dict[str, Kernel], factors: Factors) -> None:
        self.views, self.kernels, self.factors = views, kernels, factors

    def constants(self, block: Iterable[Operation]) -> list[Call]:
        """Bind operations on constants, once a call."""

        def rows(span: Span, *, parts: bool = False) -> Sequence[Array]:
            return [self.views.of_stretch(span, Stretch(0, 0), parts=parts)]

        return [self._call(operation, rows) for operation in block]

    def stretch(self, pass_: Pass, stretch: Stretch, *, backwards: bool) -> BoundStretch:
        """Bind a stretch of a pass; ``backwards``: from its last step to its first."""

        def together(span: Span, *, parts: bool = False, flat: bool = False) -> Sequence[Array]:
            array = self.views.of_stretch(span, stretch, parts=parts)
            return [array.reshape(-1, array.shape[-1]) if flat else array]

        def step_by_step(span: Span, *, parts: bool = False, flat: bool = False) -> Sequence[Array]:
            arrays = self.views.of_steps(span, stretch, parts=parts)
            return arrays[::-1] if backwards else arrays

        schedule, layout = pass_.schedule, pass_.layout
        return BoundStretch(
            stretch.steps,
            self._stages(schedule.before, layout, together),
            self._stages(schedule.loop, layout, step_by_step),
            self._stages(schedule.after, layout, together),
        )

    def _stages(self, stages: Iterable[Stage], layout: Layout, rows: Rows) -> list[Call]:
        calls: list[Call] = []
        for stage in stages:
            for group in stage.groups:
                calls += self._products(group, layout, rows)
                calls += [self._call(copy, rows) for copy in _copies(group, layout)]
            calls += [self._call(operation, rows) for operation in operations(stage.block, layout)]
        return calls

    def _call(self, operation: Operation, rows: Rows) -> Call:
        spans = (*operation.args, operation.out)
        kernel = operation.op
        if operation.op == "accumulate":
            spans, kernel = (operation.out, *spans), "add"
        parts = _needs_parts(operation)
        return self.kernels[kernel], tuple(rows(span, parts=parts) for span in spans)

    def _products(self, group: ProductGroup, layout: Layout, rows: Rows) -> list[Call]:
        """The first factor's product writes the results, the others add to them."""
        xp, start = self.views.xp, layout.groups[group]
        out = rows(Span(start.area, start.column, len(group.results)), flat=True)
        extra = [xp.empty(out[0].shape, out[0].dtype)] * len(out) if len(self.factors[group]) > 1 else out
        calls: list[Call] = []
        for count, factor in enumerate(self.factors[group]):
            target = extra if count else out
            calls.append(self._product(factor, target, rows))
            if count:
                calls.append((xp.add, (out, extra, out)))
        return calls

    def _product(self, factor: Factor, out: Sequence[Array], rows: Rows) -> Call:
        xp, place = self.views.xp, factor.place
        operand = rows(Span(place.area, place.column, factor.width), flat=True)
        if place.area is Area.INPUT and self.views.input_is_sparse:
            return gather_rows(xp), (operand, [factor.table] * len(out), out)
        return xp.matmul, (operand, [factor.matrix] * len(out), out)


def gather_rows(xp: Any) -> Kernel:
    """Return the product of a k-hot input, given as indices (rows, k), and a table whose last row is 0 for -1."""

    def gather(indices: Array, table: Array, out: Array) -> None:
        xp.take(table, indices[:, 0], axis=0, out=out, mode="wrap")
        for column in range(1, indices.shape[1]):
            xp.add(out, xp.take(table, indices[:, column], axis=0, mode="wrap"), out)

    return gather


def _copies(group: ProductGroup, layout: Layout) -> list[Operation]:
    """Copies of results that are kept elsewhere than where the product writes them."""
    start = layout.groups[group]
    copies = []
    for offset, result in enumerate(layout.results[group]):
        written, kept = Place(start.area, start.column + offset), layout.places[result]
        if kept != written:
            copies.append(Operation("copy", Span(kept.area, kept.column), (Span(written.area, written.column),)))
    return copies


def _needs_parts(operation: Operation) -> bool:
    """Whether columns must stand apart: in planes, or where one serves several, or the mean is over one's units."""
    if operation.width == 1:
        return False
    if operation.op == "mean" or any(span.area.in_planes for span in (*operation.args, operation.out)):
        return True
    scalars = (Area.NUMBER, Area.TIME)
    return any(span.shared and span.area not in scalars for span in operation.args)
