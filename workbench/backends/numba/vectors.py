"""The words that rendered programs are written in: memory and vectors, as functions that Numba compiles.

A program sees memory as addresses (whole numbers) and counts places in it in numbers, not bytes.
"""

from collections.abc import Callable
from functools import cache, partial
from types import SimpleNamespace
from typing import Any

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

from workbench.backends.numba.functions import FUNCTIONS
from workbench.backends.numba.lanes import Lanes, spread, vector_type
from workbench.backends.numba.machine import lanes_of

POINTER = ir.PointerType()
WORD = ir.IntType(64)
ADDRESS = types.int64


class VectorType(types.Type):
    """A vector of ``count`` numbers, to Numba."""

    def __init__(self, dtype: str, count: int) -> None:
        self.dtype, self.count = dtype, count
        super().__init__(name=f"Vector({dtype}, {count})")


@register_model(VectorType)
class VectorModel(models.PrimitiveModel):
    """A vector lives in a register."""

    def __init__(self, manager: Any, kind: VectorType) -> None:
        super().__init__(manager, kind, vector_type(kind.dtype, kind.count))


def compiled(function: Callable[..., None]) -> Any:
    """Compile a program function of whole numbers; the machine code is kept beside its source."""
    return numba.njit(_signature(function), cache=True, nogil=True, error_model="numpy", boundscheck=False)(function)


def callback(function: Callable[..., None]) -> Any:
    """Compile a function of whole numbers that programs call by its address."""
    return numba.cfunc(_signature(function), cache=True, error_model="numpy")(function)


def _signature(function: Callable[..., None]) -> Any:
    return types.void(*[ADDRESS] * function.__code__.co_argcount)


def emitter(emit: Callable[..., Any], result: Any = types.void) -> Any:
    """Make a function for programs of what emits it: ``emit(builder, *values)``."""

    def of(typing: Any, *given: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            made = emit(builder, *cgutils.unpack_tuple(builder, values[0]))
            return context.get_dummy_value() if result is types.void else made

        return result(types.StarArgTuple(given)), generate

    return intrinsic(of)


@emitter
def call(builder: Any, address: Any, *values: Any) -> None:
    """Call a function made by ``callback`` by its address."""
    kind = ir.FunctionType(ir.VoidType(), [value.type for value in values])
    builder.call(builder.inttoptr(address, kind.as_pointer()), values)


@cache
def words(dtype: str) -> SimpleNamespace:
    """Return the functions on memory and on vectors of a floating-point type, by name; LANES and SIZE (bytes) too."""
    emit = _Emitters(dtype)
    vector, single = VectorType(dtype, emit.count), types.float32 if dtype == "float32" else types.float64
    functions = {name: emitter(partial(emit.apply, name), vector) for name in FUNCTIONS}
    return SimpleNamespace(
        **functions,
        dtype=dtype,
        LANES=emit.count,
        SIZE=emit.size,
        entry=emitter(emit.entry, ADDRESS),
        keep=emitter(emit.keep, vector),
        load=emitter(emit.load, vector),
        mean=emitter(emit.mean, vector),
        move=emitter(emit.move),
        number=emitter(emit.number, vector),
        read=emitter(emit.read, single),
        store=emitter(emit.store),
        whole=emitter(emit.whole, vector),
        write=emitter(emit.write),
    )


class _Emitters:
    """Emits each word for vectors of one floating-point type."""

    def __init__(self, dtype: str) -> None:
        self.dtype, self.count, self.size = dtype, lanes_of(dtype), np.dtype(dtype).itemsize
        self.kind = vector_type(dtype, self.count)
        self.single = self.kind.element

    def lanes(self, builder: Any, value: Any) -> Lanes:
        return Lanes(builder, value, self.dtype, self.count)

    def apply(self, name: str, builder: Any, *values: Any) -> Any:
        """A function of the cell language."""
        return FUNCTIONS[name](*(self.lanes(builder, value) for value in values)).value

    def load(self, builder: Any, address: Any, index: Any) -> Any:
        return builder.load(_place(builder, address, index, self.single), align=self.size, typ=self.kind)

    def store(self, builder: Any, address: Any, index: Any, value: Any) -> None:
        builder.store(value, _place(builder, address, index, self.single), align=self.size)

    def read(self, builder: Any, address: Any, index: Any) -> Any:
        """One number."""
        return builder.load(_place(builder, address, index, self.single), align=self.size, typ=self.single)

    def write(self, builder: Any, address: Any, index: Any, value: Any) -> None:
        """One number."""
        builder.store(self._narrowed(builder, value), _place(builder, address, index, self.single), align=self.size)

    def move(self, builder: Any, target: Any, target_index: Any, source: Any, source_index: Any) -> None:
        """One number from one array to another."""
        self.write(builder, target, target_index, self.read(builder, source, source_index))

    def entry(self, builder: Any, address: Any, index: Any) -> Any:
        """One whole number of an array of them."""
        return builder.load(_place(builder, address, index, WORD), align=8, typ=WORD)

    def number(self, builder: Any, value: Any) -> Any:
        """The same number in every lane."""
        return spread(builder, self._narrowed(builder, value), self.count)

    def whole(self, builder: Any, value: Any) -> Any:
        """The same whole number in every lane."""
        return spread(builder, builder.sitofp(value, self.single), self.count)

    def keep(self, builder: Any, value: Any, kept: Any) -> Any:
        """The first ``kept`` lanes; 0 in the others."""
        indices = ir.Constant(ir.VectorType(WORD, self.count), list(range(self.count)))
        mask = builder.icmp_signed("<", indices, spread(builder, kept, self.count))
        return builder.select(mask, value, self.lanes(builder, value).number(0.0).value)

    def mean(self, builder: Any, value: Any, over: Any) -> Any:
        """The sum of all lanes over a whole number, in every lane."""
        total, width = self.lanes(builder, value), self.count
        while width > 1:
            width //= 2
            order = [(lane + width) % self.count for lane in range(self.count)]
            indices = ir.Constant(ir.VectorType(ir.IntType(32), self.count), order)
            total = total + self.lanes(builder, builder.shuffle_vector(total.value, total.value, indices))
        return (total / self.lanes(builder, self.whole(builder, over))).value

    def _narrowed(self, builder: Any, value: Any) -> Any:
        """Numbers written in a program are float64."""
        return value if value.type == self.single else builder.fptrunc(value, self.single)


def _place(builder: Any, address: Any, index: Any, kind: Any) -> Any:
    """The pointer to number ``index`` of the array at an address."""
    return builder.gep(builder.inttoptr(address, POINTER), [index], source_etype=kind)
