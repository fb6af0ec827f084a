"""The words that rendered programs are written in: memory and vectors, as functions that Numba compiles.

A program sees memory as addresses (whole numbers) and counts places in it in numbers, not bytes.
"""

from collections.abc import Callable
from functools import cache
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


class VectorType(types.Type):  # type: ignore[misc]
    """A vector of ``count`` numbers, to Numba."""

    def __init__(self, dtype: str, count: int) -> None:
        self.dtype, self.count = dtype, count
        super().__init__(name=f"Vector({dtype}, {count})")


@register_model(VectorType)
class VectorModel(models.PrimitiveModel):  # type: ignore[misc]
    """A vector lives in a register."""

    def __init__(self, manager: Any, kind: VectorType) -> None:
        super().__init__(manager, kind, vector_type(kind.dtype, kind.count))


def compiled(function: Callable[..., None]) -> Any:
    """Compile a program function of whole numbers; the machine code is kept beside its source."""
    return numba.njit(_signature(function), cache=True, nogil=True, error_model="numpy", boundscheck=False)(function)


def callback(function: Callable[..., None]) -> Any:
    """Compile a function of whole numbers that programs call by its address."""
    return numba.cfunc(_signature(function), cache=True, nopython=True, error_model="numpy")(function)


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


def place(builder: Any, address: Any, index: Any, kind: Any) -> Any:
    """The pointer to number ``index`` of the array at an address."""
    return builder.gep(builder.inttoptr(address, POINTER), [index], source_etype=kind)


@cache
def words(dtype: str) -> SimpleNamespace:
    """Return the functions on memory and on vectors of a floating-point type, by name; LANES and SIZE (bytes) too."""
    count, size = lanes_of(dtype), np.dtype(dtype).itemsize
    vector, kind = VectorType(dtype, count), vector_type(dtype, count)
    number = kind.element

    def lanes(builder: Any, value: Any) -> Lanes:
        return Lanes(builder, value, dtype, count)

    def load(builder: Any, address: Any, index: Any) -> Any:
        return builder.load(place(builder, address, index, number), align=size, typ=kind)

    def store(builder: Any, address: Any, index: Any, value: Any) -> None:
        builder.store(value, place(builder, address, index, number), align=size)

    def entry(builder: Any, address: Any, index: Any) -> Any:
        return builder.load(place(builder, address, index, WORD), align=8, typ=WORD)

    def move(builder: Any, target: Any, target_index: Any, source: Any, source_index: Any) -> None:
        value = builder.load(place(builder, source, source_index, number), align=size, typ=number)
        builder.store(value, place(builder, target, target_index, number), align=size)

    def whole(builder: Any, value: Any) -> Any:
        return spread(builder, builder.sitofp(value, number), count)

    def keep(builder: Any, value: Any, kept: Any) -> Any:
        """The first ``kept`` lanes; 0 in the others."""
        indices = ir.Constant(ir.VectorType(WORD, count), list(range(count)))
        mask = builder.icmp_signed("<", indices, spread(builder, kept, count))
        return builder.select(mask, value, lanes(builder, value).number(0.0).value)

    def mean(builder: Any, value: Any, over: Any) -> Any:
        """The sum of all lanes over a number, in every lane."""
        total, width = lanes(builder, value), count
        while width > 1:
            width //= 2
            order = [(lane + width) % count for lane in range(count)]
            turned = builder.shuffle_vector(
                total.value, total.value, ir.Constant(ir.VectorType(ir.IntType(32), count), order)
            )
            total = total + lanes(builder, turned)
        return (total / lanes(builder, whole(builder, over))).value

    def read(builder: Any, address: Any, index: Any) -> Any:
        return builder.load(place(builder, address, index, number), align=size, typ=number)

    def write(builder: Any, address: Any, index: Any, value: Any) -> None:
        given = value if value.type == number else builder.fptrunc(value, number)
        builder.store(given, place(builder, address, index, number), align=size)

    def apply(name: str) -> Any:
        function = FUNCTIONS[name]
        return emitter(lambda builder, *values: function(*(lanes(builder, value) for value in values)).value, vector)

    found: dict[str, Any] = {name: apply(name) for name in FUNCTIONS}
    return SimpleNamespace(
        **found,
        dtype=dtype,
        LANES=count,
        SIZE=size,
        load=emitter(load, vector),
        store=emitter(store),
        entry=emitter(entry, ADDRESS),
        move=emitter(move),
        read=emitter(read, types.float32 if dtype == "float32" else types.float64),
        write=emitter(write),
        whole=emitter(whole, vector),
        keep=emitter(keep, vector),
        mean=emitter(mean, vector),
        number=_number(vector, lanes),
    )


def _number(vector: VectorType, lanes: Callable[..., Lanes]) -> Any:
    """A number written in the program, in every lane."""

    def of(typing: Any, value: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            kind = vector_type(vector.dtype, vector.count)
            given = context.cast(builder, values[0], signature.args[0], types.float64)
            narrowed = given if kind.element == given.type else builder.fptrunc(given, kind.element)
            return spread(builder, narrowed, vector.count)

        return vector(types.float64), generate

    return intrinsic(of)
