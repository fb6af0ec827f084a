"""The arrays of one pass over T steps and B sequences, seen as the columns and steps that operations name."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from workbench.backends.arrays.kernels import Array
from workbench.cells.layout import Area, Place
from workbench.cells.operations import Span

# Areas that hold one row for each step and sequence, and where the row of step 0 lies.
_FIRST_ROW = {Area.NEW: 1, Area.TOTAL: 1}


@dataclass(frozen=True)
class Stretch:
    """Some steps, ``first`` to ``last - 1``, that one pass works on at a time."""

    first: int
    last: int

    @property
    def steps(self) -> int:
        """How many."""
        return self.last - self.first


@dataclass
class Views:
    """Arrays by area.

    States and their gradients are lists, an array (T + 1, B, H) each; planes have a leading axis of columns; the
    others hold columns side by side.
    """

    xp: Any
    dtype: str
    hidden: int
    arrays: dict[Area, Any]
    _steps: dict[tuple[Any, ...], list[Array]] = field(default_factory=dict)

    def whole(self, place: Place, width: int = 1) -> Array:
        """Neighbouring columns in rows of all steps: (T, B, width * H)."""
        return self._rows(Span(place.area, place.column, width), None)

    def columns(self, area: Area, column: int, width: int) -> Array:
        """Neighbouring columns of an area of constants: (width * H,)."""
        return self.arrays[area][column * self.hidden : (column + width) * self.hidden]

    def columns_of_stretch(self, place: Place, width: int, stretch: Stretch) -> Array:
        """Neighbouring columns in rows over a stretch: (steps, B, width * H)."""
        return self.of_stretch(Span(place.area, place.column, width), stretch)

    def of_stretch(self, span: Span, stretch: Stretch, *, parts: bool = False) -> Array:
        """A span over a stretch: (steps, B, width * H), or (width, steps, B, H) in parts."""
        return self._parts(span, stretch) if parts else self._rows(span, stretch)

    def of_steps(self, span: Span, stretch: Stretch, *, parts: bool = False) -> list[Array]:
        """A span step by step: (B, width * H) each, or (width, B, H) in parts."""
        key = (span, stretch, parts)
        if key not in self._steps:
            array = self.of_stretch(span, stretch, parts=parts)
            if span.area in (Area.NUMBER, Area.CONSTANT):
                self._steps[key] = [array[:, 0] if array.ndim == 4 else array] * stretch.steps
            elif span.area in (Area.STEP, Area.STEP_PRODUCTS):
                self._steps[key] = [array] * stretch.steps
            else:
                self._steps[key] = list(array.swapaxes(0, 1)) if array.ndim == 4 else list(array)
        return self._steps[key]

    def _parts(self, span: Span, stretch: Stretch) -> Array:
        """Columns apart; one that serves several has no axis of its own."""
        if span.area.in_planes and span.width > 1:
            planes = self.arrays[span.area][span.column : span.column + span.width]
            return planes if span.area is Area.STEP else self._cut_planes(planes, span.area, stretch)
        array = self._rows(span, stretch)
        if span.width == 1:
            return array
        if span.area in (Area.CONSTANT, Area.SUMMED):
            return array.reshape(span.width, 1, 1, self.hidden)
        apart = array.reshape(*array.shape[:-1], span.width, self.hidden)
        return self.xp.moveaxis(apart, -2, 0)

    def _cut_planes(self, planes: Array, area: Area, stretch: Stretch | None) -> Array:
        if stretch is None:
            return planes
        return planes[:, : stretch.steps] if area is Area.STRETCH else planes[:, stretch.first : stretch.last]

    def _rows(self, span: Span, stretch: Stretch | None) -> Array:
        if span.area is Area.NUMBER:
            return self.number(span.number)
        if span.area is Area.TIME or span.area is Area.INPUT:
            return self._cut(self.arrays[span.area], 0, stretch)
        if span.area.in_planes:
            plane = self.arrays[span.area][span.column : span.column + 1]
            return (plane if span.area is Area.STEP else self._cut_planes(plane, span.area, stretch))[0]
        columns = slice(span.column * self.hidden, (span.column + span.width) * self.hidden)
        if span.area in (Area.CONSTANT, Area.SUMMED):
            return self.arrays[span.area][columns]
        if span.area is Area.STEP_PRODUCTS:
            return self.arrays[span.area][:, columns]
        if span.area is Area.STRETCH_PRODUCTS:
            return self.arrays[span.area][: stretch.steps if stretch else None, :, columns]
        if span.area.in_rows:
            return self._cut(self.arrays[span.area], 0, stretch)[:, :, columns]
        return self._cut(self.arrays[span.area][span.column], _FIRST_ROW.get(span.area, 0), stretch)

    def _cut(self, array: Array, first_row: int, stretch: Stretch | None) -> Array:
        if stretch is None:
            return array[first_row : first_row + self.steps]
        return array[first_row + stretch.first : first_row + stretch.last]

    def number(self, value: float) -> Array:
        """A number as an array without axes, which operations take faster than a Python number."""
        return self.xp.asarray(value, dtype=self.dtype)

    @property
    def input_is_sparse(self) -> bool:
        """Whether the input is the indices of its active units, (T, B, k)."""
        return bool(self.arrays[Area.INPUT].dtype.kind == "i")

    @cached_property
    def steps(self) -> int:
        """T."""
        return len(self.arrays[Area.TIME])
