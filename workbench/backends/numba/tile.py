"""The matrix product's innermost part: a few rows times a few vectors of columns, summed up in registers.

A tile of six rows and four vectors keeps 24 sums in registers: for each number of the depth it loads four vectors and
six single numbers and does 24 multiply-adds, so that arithmetic and not memory sets the pace.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from llvmlite import ir

from workbench.backends.numba.lanes import call_intrinsic, spread, vector_type
from workbench.backends.numba.machine import lanes_of, widest_tile

POINTER = ir.PointerType()
WORD = ir.IntType(64)
ROWS = 6
Sums = list[list[Any]]
"""Of each row, each vector's."""


@dataclass(frozen=True)
class Operands:
    """Where a stretch of the depth finds its numbers: single ones of the left side, vectors of the right side."""

    left: Any
    left_row: Any
    left_step: Any
    right: Any
    right_step: Any


class TileEmitter:
    """Emits one tile of ``rows`` rows and ``width`` vectors."""

    def __init__(self, builder: Any, dtype: str, rows: int, width: int) -> None:
        self.builder, self.dtype, self.rows, self.width = builder, dtype, rows, width
        self.lanes = lanes_of(dtype)
        self.kind = vector_type(dtype, self.lanes)
        self.number = self.kind.element
        # Rows lie anywhere: no more may be assumed than that numbers lie whole.
        self.align = 4 if dtype == "float32" else 8
        # With few sums a multiply-add would wait for the one before: then several steps go side by side.
        self.unroll = max(1, 8 // (rows * width))

    def at(self, base: Any, index: Any) -> Any:
        """The pointer to a number."""
        return self.builder.gep(base, [index], source_etype=self.number)

    def each(self, make: Callable[[int, int], Any]) -> Sums:
        """One value for every row and vector."""
        return [[make(row, vector) for vector in range(self.width)] for row in range(self.rows)]

    def load_sums(self, out: Any, pitch: Any) -> Sums:
        """The sums so far."""
        return self.each(lambda row, vector: self._load(self._sum(out, pitch, row, vector), self.kind))

    def store_sums(self, sums: Sums, out: Any, pitch: Any) -> None:
        """Write the sums."""
        for row in range(self.rows):
            for vector in range(self.width):
                self.builder.store(sums[row][vector], self._sum(out, pitch, row, vector), align=self.align)

    def _load(self, pointer: Any, kind: Any) -> Any:
        return self.builder.load(pointer, align=self.align, typ=kind)

    def _sum(self, out: Any, pitch: Any, row: int, vector: int) -> Any:
        return self.at(out, self.builder.add(self.builder.mul(pitch, WORD(row)), WORD(vector * self.lanes)))

    def loop(self, count: Any, sums: Sums, body: Callable[[Any, Sums], Sums]) -> Sums:
        """Repeat ``body(index, sums)`` for index 0 to count - 1."""
        builder, before = self.builder, self.builder.block
        head, inside, behind = (builder.append_basic_block(name) for name in ("head", "inside", "behind"))
        builder.branch(head)
        builder.position_at_end(head)
        index = builder.phi(WORD)
        index.add_incoming(WORD(0), before)
        carried = self.each(lambda row, vector: builder.phi(self.kind))
        self._feed(carried, sums, before)
        builder.cbranch(builder.icmp_signed("<", index, count), inside, behind)
        builder.position_at_end(inside)
        new = body(index, carried)
        index.add_incoming(builder.add(index, WORD(1)), builder.block)
        self._feed(carried, new, builder.block)
        builder.branch(head)
        builder.position_at_end(behind)
        return carried

    def _feed(self, carried: Sums, sums: Sums, block: Any) -> None:
        for row in range(self.rows):
            for vector in range(self.width):
                carried[row][vector].add_incoming(sums[row][vector], block)

    def multiply(self, operands: Operands, index: Any, sums: Sums) -> Sums:
        """Add the product of step ``index``."""
        builder = self.builder
        right = builder.mul(index, operands.right_step)
        vectors = [
            self._load(self.at(operands.right, builder.add(right, WORD(vector * self.lanes))), self.kind)
            for vector in range(self.width)
        ]
        start = builder.mul(index, operands.left_step)
        new = []
        for row in range(self.rows):
            offset = builder.add(start, builder.mul(operands.left_row, WORD(row)))
            number = self._load(self.at(operands.left, offset), self.number)
            factor = spread(builder, number, self.lanes)
            new.append([self._multiply_add(vectors[vector], factor, sums[row][vector]) for vector in range(self.width)])
        return new

    def _multiply_add(self, one: Any, other: Any, addend: Any) -> Any:
        return call_intrinsic(self.builder, "fmuladd", [one, other, addend], self.dtype, self.lanes)

    def accumulate(self, operands: Operands, depth: Any, sums: Sums) -> Sums:
        """Add the product of all steps."""
        if self.unroll == 1:
            return self.loop(depth, sums, lambda index, carried: self.multiply(operands, index, carried))
        return self._accumulate_side_by_side(operands, depth, sums)

    def _accumulate_side_by_side(self, operands: Operands, depth: Any, sums: Sums) -> Sums:
        """Several steps a round, each with sums of its own: the wider tile of one row that ``each`` then describes."""
        builder, unroll = self.builder, self.unroll
        zero = ir.Constant(self.kind, [0.0] * self.lanes)
        wide = TileEmitter(builder, self.dtype, self.rows, self.width * unroll)
        start = [row + [zero] * (self.width * (unroll - 1)) for row in sums]
        rounds = builder.sdiv(depth, WORD(unroll))

        def several(index: Any, carried: Sums) -> Sums:
            first = builder.mul(index, WORD(unroll))
            parts = []
            for step in range(unroll):
                own = [row[step * self.width : (step + 1) * self.width] for row in carried]
                parts.append(self.multiply(operands, builder.add(first, WORD(step)), own))
            return [[vector for part in parts for vector in part[row]] for row in range(self.rows)]

        done = wide.loop(rounds, start, several)
        first = builder.mul(rounds, WORD(unroll))
        total = self.each(lambda row, vector: self._add_up(done[row][vector :: self.width]))
        rest = builder.sub(depth, first)
        return self.loop(
            rest, total, lambda index, carried: self.multiply(operands, builder.add(first, index), carried)
        )

    def _add_up(self, values: list[Any]) -> Any:
        total = values[0]
        for value in values[1:]:
            total = self.builder.fadd(total, value)
        return total


def switch_tiles(builder: Any, dtype: str, rows: Any, width: Any, emit: Callable[[TileEmitter], None]) -> None:
    """Emit every tile there is, and a jump to the one of ``rows`` rows and ``width`` vectors."""
    sizes = [(row, vector) for row in range(1, ROWS + 1) for vector in range(1, widest_tile() + 1)]
    end, never = builder.append_basic_block("end"), builder.append_basic_block("never")
    choice = builder.add(builder.mul(rows, WORD(widest_tile() + 1)), width)
    switch = builder.switch(choice, never)
    builder.position_at_end(never)
    builder.unreachable()
    for row, vector in sizes:
        block = builder.append_basic_block(f"tile_{row}_{vector}")
        switch.add_case(WORD(row * (widest_tile() + 1) + vector), block)
        builder.position_at_end(block)
        emit(TileEmitter(builder, dtype, row, vector))
        builder.branch(end)
    builder.position_at_end(end)
