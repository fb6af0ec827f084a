"""The two products of a program's tiles, as functions that Numba compiles.

``product_tile``: rows times a packed matrix, for every stage of a step. ``add_outer_tile``: the gradient of a matrix,
the gradients of results times the operand, summed over steps and sequences.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from llvmlite import ir

from workbench.backends.numba.machine import widest_tile
from workbench.backends.numba.tile import POINTER, WORD, Operands, TileEmitter, switch_tiles
from workbench.backends.numba.vectors import emitter

TILE = widest_tile()


@cache
def product_tile(dtype: str) -> Any:
    """Return ``(rows, width, left, left_pitch, segments, ..., accumulate)``: see ``kernels.product``."""
    return _tile(dtype, _emit_product)


@cache
def add_outer_tile(dtype: str) -> Any:
    """Return ``(rows, width, left, left_pitch, left_segment, ..., out, out_pitch)``: see ``kernels.add_outer``."""
    return _tile(dtype, _emit_add_outer)


def _tile(dtype: str, emit_tile: Callable[..., None]) -> Any:
    def emit(builder: Any, rows: Any, width: Any, *values: Any) -> None:
        switch_tiles(builder, dtype, rows, width, lambda tile: emit_tile(tile, *values))

    return emitter(emit)


def _emit_product(
    tile: TileEmitter,
    left: Any,
    left_pitch: Any,
    segments: Any,
    segment_pitch: Any,
    depth: Any,
    second: Any,
    second_pitch: Any,
    second_depth: Any,
    packed: Any,
    out: Any,
    out_pitch: Any,
    accumulate: Any,
) -> None:
    builder = tile.builder
    left, second, packed, out = (builder.inttoptr(address, POINTER) for address in (left, second, packed, out))
    adds = builder.icmp_signed("!=", accumulate, WORD(0))
    # Sums that start at 0 are read from a row of zeros: no second copy of the tile.
    sums = tile.load_sums(builder.select(adds, out, _zeros(tile)), builder.select(adds, out_pitch, WORD(0)))
    has_second = builder.zext(builder.icmp_signed(">", second_depth, WORD(0)), WORD)
    stride = builder.mul(depth, WORD(tile.width * tile.lanes))

    def segment(index: Any, carried: Any) -> Any:
        is_second = builder.icmp_signed("==", index, segments)
        here = tile.at(left, builder.mul(index, segment_pitch))
        operands = Operands(
            builder.select(is_second, second, here),
            builder.select(is_second, second_pitch, left_pitch),
            WORD(1),
            tile.at(packed, builder.mul(index, stride)),
            WORD(tile.width * tile.lanes),
        )
        return tile.accumulate(operands, builder.select(is_second, second_depth, depth), carried)

    tile.store_sums(tile.loop(builder.add(segments, has_second), sums, segment), out, out_pitch)


def _zeros(tile: TileEmitter) -> Any:
    module, name = tile.builder.module, f"zeros_{tile.width}"
    if name not in module.globals:
        kind = ir.ArrayType(tile.kind, tile.width)
        zeros = ir.GlobalVariable(module, kind, name)
        zeros.linkage, zeros.global_constant = "internal", True
        zeros.initializer = ir.Constant(kind, None)
    return module.globals[name]


def _emit_add_outer(
    tile: TileEmitter,
    left: Any,
    left_pitch: Any,
    left_segment: Any,
    right: Any,
    right_pitch: Any,
    right_segment: Any,
    segments: Any,
    depth: Any,
    out: Any,
    out_pitch: Any,
) -> None:
    builder = tile.builder
    left, right, out = (builder.inttoptr(address, POINTER) for address in (left, right, out))

    def segment(index: Any, carried: Any) -> Any:
        operands = Operands(
            tile.at(left, builder.mul(index, left_segment)),
            WORD(1),
            left_pitch,
            tile.at(right, builder.mul(index, right_segment)),
            right_pitch,
        )
        return tile.accumulate(operands, depth, carried)

    tile.store_sums(tile.loop(segments, tile.load_sums(out, out_pitch), segment), out, out_pitch)
