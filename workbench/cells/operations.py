"""A block as operations over neighbouring columns: for backends whose every operation is a call."""

from collections.abc import Collection
from dataclasses import dataclass

from workbench.cells.graph import Value
from workbench.cells.layout import Area, Layout, Place, depths_within


@dataclass(frozen=True, slots=True)
class Span:
    """Neighbouring columns; ``shared``: one column that serves every part of a wider operation."""

    area: Area
    column: int
    width: int = 1
    shared: bool = False
    number: float = 0.0


@dataclass(frozen=True, slots=True)
class Operation:
    """One elementwise operation over ``width`` columns."""

    op: str
    out: Span
    args: tuple[Span, ...]
    width: int = 1


def operations(block: Collection[Value], layout: Layout) -> tuple[Operation, ...]:
    """Turn a block into operations, merged where their results and arguments are neighbours."""
    depths = depths_within(block)

    def key(value: Value) -> tuple[int, str, str, int]:
        place = _out(value, layout)
        return depths[value], value.op, place.area.value, place.column

    merged: list[Operation] = []
    depth = -1
    for value in sorted(block, key=key):
        single = Operation(value.op, _out(value, layout), tuple(span_of(arg, layout) for arg in value.args))
        wider = _join(merged[-1], single) if merged and depths[value] == depth else None
        if wider:
            merged[-1] = wider
        else:
            merged.append(single)
        depth = depths[value]
    return tuple(merged)


def span_of(value: Value, layout: Layout) -> Span:
    """Where one value lies."""
    if value.op == "number":
        return Span(Area.NUMBER, 0, number=value.number)
    place = layout.places[value]
    return Span(place.area, place.column)


def _out(value: Value, layout: Layout) -> Span:
    place = layout.places[value]
    return Span(place.area, place.column)


def _join(first: Operation, second: Operation) -> Operation | None:
    """The two as one, where they allow it."""
    if first.op != second.op:
        return None
    out = _follow(first.out, second.out)
    args = [
        _share(one, two, first.width) or _follow(one, two) for one, two in zip(first.args, second.args, strict=True)
    ]
    if out is None or None in args:
        return None
    return Operation(first.op, out, tuple(arg for arg in args if arg), first.width + 1)


def _follow(first: Span, second: Span) -> Span | None:
    """Both side by side, where the second follows the first."""
    if first.shared or not first.area.has_neighbours:
        return None
    if Place(second.area, second.column) != Place(first.area, first.column + first.width):
        return None
    return Span(first.area, first.column, first.width + 1)


def _share(first: Span, second: Span, width: int) -> Span | None:
    """The one column that both read."""
    same = (first.area, first.column, first.number) == (second.area, second.column, second.number)
    return Span(first.area, first.column, 1, True, first.number) if same and (first.shared or width == 1) else None
