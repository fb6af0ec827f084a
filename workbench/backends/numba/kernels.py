"""What every cell's program shares: products, and moving numbers about. Called by address.

This file is compiled from a copy in the cache, once for each floating-point type, which the copy's name ends in.
Matrices that multiply states lie in panels: ``TILE`` vectors of columns, all their rows, then the next panel.
"""

from workbench.backends.numba.products import TILE, add_outer_tile, product_tile
from workbench.backends.numba.tile import ROWS
from workbench.backends.numba.vectors import callback, words

_words = words(__name__.rsplit("_", 1)[-1])
LANES, SIZE = _words.LANES, _words.SIZE
load, store, read, write, move, number, add, entry = (
    _words.load,
    _words.store,
    _words.read,
    _words.write,
    _words.move,
    _words.number,
    _words.add,
    _words.entry,
)
_add_outer_tile, _product_tile = add_outer_tile(_words.dtype), product_tile(_words.dtype)


@callback
def product(
    left: int,
    left_pitch: int,
    segments: int,
    segment_pitch: int,
    depth: int,
    second: int,
    second_pitch: int,
    second_depth: int,
    packed: int,
    packed_rows: int,
    first_row: int,
    out: int,
    out_pitch: int,
    rows: int,
    vectors: int,
    accumulate: int,
) -> None:
    """out (rows, vectors) = [left's segments, second] @ the packed matrix from its row ``first_row`` on."""
    panel = 0
    while panel < vectors:
        width = min(TILE, vectors - panel)
        matrix = packed + first_row * width * LANES * SIZE
        row = 0
        while row < rows:
            tiles = (rows - row + ROWS - 1) // ROWS
            height = (rows - row + tiles - 1) // tiles
            _product_tile(
                height,
                width,
                left + row * left_pitch * SIZE,
                left_pitch,
                segments,
                segment_pitch,
                depth,
                second + row * second_pitch * SIZE,
                second_pitch,
                second_depth,
                matrix,
                out + (row * out_pitch + panel * LANES) * SIZE,
                out_pitch,
                accumulate,
            )
            row += height
        packed += packed_rows * width * LANES * SIZE
        panel += width


@callback
def add_outer(
    left: int,
    left_pitch: int,
    left_segment: int,
    right: int,
    right_pitch: int,
    right_segment: int,
    segments: int,
    depth: int,
    out: int,
    out_pitch: int,
    rows: int,
    vectors: int,
) -> None:
    """out (rows, vectors) += the transpose of left (segments * depth, rows) @ right (segments * depth, vectors)."""
    panel = 0
    while panel < vectors:
        width = min(TILE, vectors - panel)
        row = 0
        while row < rows:
            tiles = (rows - row + ROWS - 1) // ROWS
            height = (rows - row + tiles - 1) // tiles
            _add_outer_tile(
                height,
                width,
                left + row * SIZE,
                left_pitch,
                left_segment,
                right + panel * LANES * SIZE,
                right_pitch,
                right_segment,
                segments,
                depth,
                out + (row * out_pitch + panel * LANES) * SIZE,
                out_pitch,
            )
            row += height
        panel += width


@callback
def gather(
    indices: int,
    active: int,
    packed: int,
    packed_rows: int,
    first_row: int,
    out: int,
    out_pitch: int,
    rows: int,
    vectors: int,
) -> None:
    """out (rows, vectors) = the sums of the packed matrix' rows that ``indices`` (rows, active) name; -1: none.

    Row 0 of what they name is ``first_row`` of the packed matrix.
    """
    panel = 0
    while panel < vectors:
        width = min(TILE, vectors - panel)
        for row in range(rows):
            for vector in range(width):
                total = number(0.0)
                for which in range(active):
                    index = entry(indices, row * active + which)
                    if index >= 0:
                        total = add(total, load(packed, ((first_row + index) * width + vector) * LANES))
                store(out, row * out_pitch + (panel + vector) * LANES, total)
        packed += packed_rows * width * LANES * SIZE
        panel += width


@callback
def scatter(
    indices: int, active: int, left: int, left_pitch: int, out: int, out_pitch: int, rows: int, vectors: int
) -> None:
    """Add each row of ``left`` (rows, vectors) to the rows of ``out`` that ``indices`` (rows, active) name."""
    for row in range(rows):
        for which in range(active):
            index = entry(indices, row * active + which)
            if index >= 0:
                for vector in range(vectors):
                    target = index * out_pitch + vector * LANES
                    store(out, target, add(load(out, target), load(left, row * left_pitch + vector * LANES)))


@callback
def pack(
    matrix: int,
    rows: int,
    columns: int,
    transposed: int,
    negative: int,
    accumulate: int,
    packed: int,
    packed_rows: int,
    first_row: int,
    first_vector: int,
    vectors: int,
) -> None:
    """Add or write a matrix (rows, columns) as it multiplies a row from the right: its transpose, unless transposed.

    It goes to ``first_row`` and ``first_vector`` of a packed matrix of ``packed_rows`` rows and ``vectors`` vectors.
    """
    height, width = (rows, columns) if transposed else (columns, rows)
    down, across = (columns, 1) if transposed else (1, columns)
    column = 0
    while column < width:
        vector = first_vector + column // LANES
        panel = vector // TILE
        panel_width = min(TILE, vectors - panel * TILE)
        target = (panel * TILE * packed_rows + first_row * panel_width + vector - panel * TILE) * LANES
        if not accumulate and not negative:
            for row in range(height):
                for lane in range(min(LANES, width - column)):
                    move(packed, target + lane, matrix, row * down + (column + lane) * across)
                target += panel_width * LANES
        else:
            for row in range(height):
                for lane in range(min(LANES, width - column)):
                    old = 0.0
                    if accumulate:
                        old = read(packed, target + lane)
                    own = read(matrix, row * down + (column + lane) * across)
                    write(packed, target + lane, old - own if negative else old + own)
                target += panel_width * LANES
        column += LANES


@callback
def copy_rows(target: int, target_pitch: int, source: int, source_pitch: int, count: int, rows: int) -> None:
    """Copy the first ``count`` numbers of every row, and fill the target's rows up with zeros."""
    for row in range(rows):
        for index in range(count):
            move(target, row * target_pitch + index, source, row * source_pitch + index)
        for index in range(count, target_pitch):
            write(target, row * target_pitch + index, 0.0)


@callback
def clear(target: int, count: int) -> None:
    """Write zeros."""
    for index in range(count):
        write(target, index, 0.0)
