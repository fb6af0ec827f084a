"""What a forward pass saved, and what a backward pass gives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbench.backends.arrays.frame import BackwardFrame, Frame
from workbench.backends.arrays.kernels import Array
from workbench.backends.arrays.packing import name_gradients, scatter_rows
from workbench.backends.errors import BackendError
from workbench.backends.quiet import quiet
from workbench.cells.graph import MatrixUse, Value, ancestors, in_order
from workbench.cells.layout import Area

if TYPE_CHECKING:
    from workbench.backends.arrays.program import ArrayProgram


class Trace:
    """Every assigned name over time; what the plan did not save is computed again when asked for."""

    def __init__(self, program: Any, frame: Any) -> None:
        """``frame``: the arrays of a program's forward pass: their steps, batch, parameters and views."""
        self.program, self._frame = program, frame
        self._consumed = self._reused = False
        self._recomputed: dict[Value, Array] = {}

    @property
    def frame(self) -> Any:
        """The arrays; raises BackendError once they are given away."""
        if self._consumed:
            raise BackendError("this trace was consumed and its arrays given away; run forward again to read it")
        return self._frame

    def consume(self) -> None:
        """Let the arrays be overwritten; the trace cannot be read any more."""
        self._consumed = True
        self._recomputed.clear()

    def release(self) -> Any:
        """Give the arrays away, consumed or not; raises BackendError the second time."""
        if self._reused:
            raise BackendError("the arrays of this trace were reused already; reuse the trace that has them now")
        self._reused = True
        self.consume()
        return self._frame

    def __getitem__(self, name: str) -> Array:
        """Return an assigned name over time: (T, B, H). Raises KeyError for other names."""
        names = self.program.plan.step.names
        if name not in names:
            raise KeyError(f"{name!r} is not assigned; there are {', '.join(names)}")
        return self.program.xp.broadcast_to(self.value(names[name]), self.shape)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(T, B, H)."""
        return self.frame.steps, self.frame.batch, self.program.hidden

    @property
    def input_is_sparse(self) -> bool:
        """Whether x was given as indices."""
        return bool(self.frame.views.input_is_sparse)

    @property
    def final(self) -> dict[str, Array]:
        """Every state after the last step, (B, H), as copies."""
        states = self.frame.views.arrays[Area.NEW]
        return {name: array[-1].copy() for name, array in zip(self.program.state_names, states, strict=True)}

    def value(self, value: Value) -> Array:
        """A forward value over all steps, shaped so that it spreads over (T, B, H): where it lies, or computed now.

        Raises BackendError where the trace was consumed.
        """
        found = self._at_hand(value)
        if found is not None:
            return found
        with quiet(self.program.xp):
            for part in in_order(ancestors([value], known=lambda part: self._at_hand(part) is not None)):
                self._recomputed[part] = self.apply(part, [self._at_hand(arg) for arg in part.args])
        return self._recomputed[value]

    def apply(self, value: Value, args: Sequence[Array]) -> Array:
        """The result of a value's operation on arguments (..., T, B, H), or that spread over it: (..., T, B, H)."""
        return self._product(value, args) if value.op == "product" else self._call(value, args)

    def _at_hand(self, value: Value) -> Array | None:
        program, views = self.program, self.frame.views
        place = program.plan.forward.layout.places.get(value)
        if place and place.area in (Area.SAVED, Area.NEW, Area.PREVIOUS, Area.TIME):
            return views.whole(place)
        if value.op == "x":
            return views.arrays[Area.INPUT]
        if value.op == "number":
            return views.number(value.number)
        if value.op == "parameter":
            return self.frame.parameters[value.name]
        return self._recomputed.get(value)

    def _call(self, value: Value, args: Sequence[Array]) -> Array:
        xp, program = self.program.xp, self.program
        out = xp.empty(max(self.shape, *(arg.shape for arg in args), key=len), program.dtype)
        program.kernels[value.op](*(xp.broadcast_to(arg, out.shape) for arg in args), out)
        return out

    def _product(self, value: Value, args: Sequence[Array]) -> Array:
        total = 0.0
        for operand, array, block in zip(value.args, args, value.blocks, strict=True):
            for use in block:
                total = total + use.sign * self._multiply(operand, array, use)
        return total

    def _multiply(self, operand: Value, array: Array, use: MatrixUse) -> Array:
        xp = self.program.xp
        matrix = self.frame.parameters[use.name]
        matrix = matrix if use.transposed else matrix.T
        if operand.op == "x" and self.input_is_sparse:
            table = xp.concatenate([matrix, xp.zeros_like(matrix[:1])])
            return xp.take(table, array, axis=0, mode="wrap").sum(axis=2)
        # One product of all rows: with more axes it would be one of few rows each.
        rows = array.reshape(-1, array.shape[-1]) @ matrix
        return rows.reshape(*array.shape[:-1], matrix.shape[1])


class Gradients:
    """The gradients of one backward pass, on the backend's own arrays."""

    def __init__(self, program: ArrayProgram, frame: Frame, backward: BackwardFrame) -> None:
        self._program, self._frame, self._backward = program, frame, backward
        arrays = zip(program.state_names, backward.views.arrays[Area.TOTAL], strict=True)
        received = dict(arrays)
        self.states = {name: array[1:] for name, array in received.items()}
        """dL/ds_t of every state, all paths: (T, B, H)."""
        self.start = {name: array[0] for name, array in received.items()}
        """Of every state before the first step: (B, H)."""
        self.parameters = self._parameter_gradients()
        """Of every learnt parameter, shaped as it."""

    def _flow(self, products: tuple[Value, ...]) -> Iterator[tuple[Array, tuple[Value, ...]]]:
        """The gradients of products as matrices, (T * B, columns), a run of neighbours each."""
        gradients = self._program.plan.adjoint.products
        left = iter(products)
        for place, run in self._program.plan.backward.layout.runs(gradients[product] for product in products):
            rows = self._backward.views.whole(place, len(run))
            yield rows.reshape(-1, rows.shape[-1]), tuple(islice(left, len(run)))

    def _parameter_gradients(self) -> dict[str, Array]:
        program = self._program
        places, columns = program.plan.backward.layout.places, self._backward.views.columns
        found = {name: places[value] for name, value in program.plan.adjoint.vectors.items()}
        vectors = {name: columns(place.area, place.column, 1) for name, place in found.items()}
        with quiet(program.xp):
            return name_gradients(
                program.xp, program.shapes, program.cell.fixed, program.dtype, self._blocks(), vectors
            )

    def _blocks(self) -> Iterator[tuple[Array, tuple[MatrixUse, ...]]]:
        """The gradient of every sum of matrices, (H, columns)."""
        hidden = self._program.hidden
        for gradient in self._program.plan.matrix_gradients:
            operand = self._operand(gradient.operand)
            for rows, products in self._flow(gradient.products):
                block = self._outer(rows, operand)
                for index, product in enumerate(products):
                    uses = product.blocks[product.args.index(gradient.operand)]
                    yield block[index * hidden : (index + 1) * hidden], uses

    def _operand(self, operand: Value) -> Array:
        if operand.op == "x":
            rows = self._frame.views.arrays[Area.INPUT]
        else:
            rows = self._backward.views.whole(self._program.plan.backward.layout.places[operand])
        return rows.reshape(-1, rows.shape[-1])

    def _outer(self, rows: Array, operand: Array) -> Array:
        if operand.dtype.kind == "i":
            return scatter_rows(self._program.xp, operand, rows, self._program.inputs)
        return rows.T @ operand

    @cached_property
    def inputs(self) -> Array:
        """Of x: (T, B, D). Raises BackendError where x was given as indices."""
        program, plan, xp = self._program, self._program.plan, self._program.xp
        if self._frame.views.input_is_sparse:
            raise BackendError("x was given as indices, which have no gradient")
        total = xp.zeros((self._frame.steps * self._frame.batch, program.inputs), program.dtype)
        places = plan.backward.layout.places
        readers = [product for product in plan.adjoint.products if any(arg.op == "x" for arg in product.args)]
        readers.sort(key=lambda product: places[plan.adjoint.products[product]].column)
        with quiet(xp):
            for rows, products in self._flow(tuple(readers)):
                total += rows @ xp.concatenate([self._matrix(product) for product in products])
            if plan.adjoint.inputs is not None:
                total += self._backward.views.whole(places[plan.adjoint.inputs]).reshape(total.shape)
        return total.reshape(self._frame.steps, self._frame.batch, program.inputs)

    def _matrix(self, product: Value) -> Array:
        """The matrices by which a product multiplies x, summed: (H, D)."""
        (block,) = (block for arg, block in zip(product.args, product.blocks, strict=True) if arg.op == "x")
        given = self._frame.parameters
        return sum(use.sign * (given[use.name].T if use.transposed else given[use.name]) for use in block)
