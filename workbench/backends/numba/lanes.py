"""Vectors in LLVM's code: arithmetic written as in Python, emitted instruction by instruction.

Vectors are explicit, so that nothing depends on what a compiler finds worth vectorising. No flag lets it assume that
values are finite: NaN and infinity mean that training diverged, and must arrive.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llvmlite import ir

_KINDS = {"float32": (ir.FloatType(), ir.IntType(32)), "float64": (ir.DoubleType(), ir.IntType(64))}
_SUFFIX = {"float32": "f32", "float64": "f64"}


def vector_type(dtype: str, count: int) -> ir.VectorType:
    """Return LLVM's type of ``count`` numbers."""
    return ir.VectorType(_KINDS[dtype][0], count)


@dataclass(frozen=True)
class Lanes:
    """A vector of numbers, ``count`` of them, and the builder that emits what is done with it."""

    builder: Any
    value: Any
    dtype: str
    count: int

    def like(self, value: Any) -> Lanes:
        """Wrap another value of the same type."""
        return Lanes(self.builder, value, self.dtype, self.count)

    def number(self, value: float) -> Lanes:
        """The same number in every lane."""
        return self.like(ir.Constant(vector_type(self.dtype, self.count), [float(value)] * self.count))

    def _other(self, other: Lanes | float) -> Any:
        return other.value if isinstance(other, Lanes) else self.number(other).value

    def __add__(self, other: Lanes | float) -> Lanes:
        return self.like(self.builder.fadd(self.value, self._other(other), flags=("contract",)))

    def __sub__(self, other: Lanes | float) -> Lanes:
        return self.like(self.builder.fsub(self.value, self._other(other), flags=("contract",)))

    def __mul__(self, other: Lanes | float) -> Lanes:
        return self.like(self.builder.fmul(self.value, self._other(other), flags=("contract",)))

    def __truediv__(self, other: Lanes | float) -> Lanes:
        return self.like(self.builder.fdiv(self.value, self._other(other)))

    def __rsub__(self, other: float) -> Lanes:
        return self.number(other) - self

    def __rtruediv__(self, other: float) -> Lanes:
        return self.number(other) / self

    def __neg__(self) -> Lanes:
        return self.like(self.builder.fneg(self.value))

    __radd__ = __add__
    __rmul__ = __mul__

    def times_plus(self, factor: Lanes | float, addend: Lanes | float) -> Lanes:
        """self * factor + addend, rounded once where the processor can."""
        return self.intrinsic("fmuladd", self._wrap(factor), self._wrap(addend))

    def polynomial(self, *coefficients: float) -> Lanes:
        """By Horner's rule, the highest power's coefficient first."""
        total = self.number(coefficients[0])
        for coefficient in coefficients[1:]:
            total = total.times_plus(self, coefficient)
        return total

    def _wrap(self, other: Lanes | float) -> Lanes:
        return other if isinstance(other, Lanes) else self.number(other)

    def compare(self, comparison: str, other: Lanes | float) -> Mask:
        """Compare lane by lane; with NaN only ``!=`` holds."""
        emit = self.builder.fcmp_unordered if comparison == "!=" else self.builder.fcmp_ordered
        return Mask(self.builder, emit(comparison, self.value, self._other(other)))

    def intrinsic(self, name: str, *others: Lanes) -> Lanes:
        """Call one of LLVM's own functions of numbers."""
        values = [self.value, *(other.value for other in others)]
        return self.like(call_intrinsic(self.builder, name, values, self.dtype, self.count))

    def at_most(self, limit: float) -> Lanes:
        """The smaller; NaN stays."""
        return self.compare(">", limit).choose(self.number(limit), self)

    def at_least(self, limit: float) -> Lanes:
        """The larger; NaN stays."""
        return self.compare("<", limit).choose(self.number(limit), self)

    def as_bits(self) -> Bits:
        """The same bits as whole numbers."""
        kind = ir.VectorType(_KINDS[self.dtype][1], self.count)
        return Bits(self, self.builder.bitcast(self.value, kind), kind)

    def to_whole(self) -> Bits:
        """Cut to whole numbers, which must be small enough."""
        kind = ir.VectorType(_KINDS[self.dtype][1], self.count)
        return Bits(self, self.builder.fptosi(self.value, kind), kind)

    def widened(self) -> Lanes:
        """The same numbers in float64."""
        wide = self.builder.fpext(self.value, vector_type("float64", self.count))
        return Lanes(self.builder, wide, "float64", self.count)

    def narrowed(self) -> Lanes:
        """The same numbers, rounded to float32."""
        narrow = self.builder.fptrunc(self.value, vector_type("float32", self.count))
        return Lanes(self.builder, narrow, "float32", self.count)


@dataclass(frozen=True)
class Mask:
    """The outcome of a comparison, lane by lane."""

    builder: Any
    value: Any

    def choose(self, yes: Lanes, no: Lanes) -> Lanes:
        """``yes`` where the comparison holds, else ``no``."""
        return yes.like(self.builder.select(self.value, yes.value, no.value))


@dataclass(frozen=True)
class Bits:
    """Whole numbers, lane by lane, as wide as the floating-point numbers they came from."""

    origin: Lanes
    value: Any
    kind: ir.VectorType

    def _constant(self, number: int) -> Any:
        return ir.Constant(self.kind, [number] * self.origin.count)

    def _with(self, value: Any) -> Bits:
        return Bits(self.origin, value, self.kind)

    def plus(self, number: int) -> Bits:
        """Add a number."""
        return self._with(self.origin.builder.add(self.value, self._constant(number)))

    def minus(self, other: Bits) -> Bits:
        """Subtract lane by lane."""
        return self._with(self.origin.builder.sub(self.value, other.value))

    def shifted_left(self, places: int) -> Bits:
        """Shift towards the higher bits."""
        return self._with(self.origin.builder.shl(self.value, self._constant(places)))

    def shifted_right(self, places: int) -> Bits:
        """Shift towards the lower bits, keeping the sign."""
        return self._with(self.origin.builder.ashr(self.value, self._constant(places)))

    def masked(self, bits: int) -> Bits:
        """Keep these bits."""
        return self._with(self.origin.builder.and_(self.value, self._constant(bits)))

    def as_number(self) -> Lanes:
        """The same bits as floating-point numbers."""
        kind = vector_type(self.origin.dtype, self.origin.count)
        return self.origin.like(self.origin.builder.bitcast(self.value, kind))

    def to_number(self) -> Lanes:
        """Convert to floating-point numbers."""
        kind = vector_type(self.origin.dtype, self.origin.count)
        return self.origin.like(self.origin.builder.sitofp(self.value, kind))


def call_intrinsic(builder: Any, name: str, values: list[Any], dtype: str, count: int) -> Any:
    """Call one of LLVM's own functions on vectors, such as ``sqrt``."""
    kind, module = values[0].type, builder.module
    full_name = f"llvm.{name}.v{count}{_SUFFIX[dtype]}"
    function = module.globals.get(full_name)
    if function is None:
        function = ir.Function(module, ir.FunctionType(kind, [kind] * len(values)), full_name)
    return builder.call(function, values)


def spread(builder: Any, number: Any, count: int) -> Any:
    """Put one number into every lane."""
    kind = ir.VectorType(number.type, count)
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), number, ir.IntType(32)(0))
    zeros = ir.Constant(ir.VectorType(ir.IntType(32), count), [0] * count)
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), zeros)
