"""What the colours of a heat map mean: from values to the 256 entries of a colour table, and how wide it reaches."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.gui.format import number
from workbench.gui.theme import Colours
from workbench.gui.theme.maps import diverging_table, magnitude_table

MISSING = 0
"""The entry for what is no number; values have those from 1 to 255."""
_FIRST, _MIDDLE, _LAST = 1, 128, 255
_ROBUST = 99.5  # percent of the magnitudes that must be within the colours' reach
_KEPT_ABOVE = 0.8  # of the next smaller reach: until values fall below, the reach stays, so colours do not flicker
_ROUND = np.array([1.0, 2.0, 5.0])


@dataclass(frozen=True)
class Scale:
    """From ``-limit`` through 0 to ``limit`` where values have both signs, else from 0 to ``limit``."""

    signed: bool
    limit: float

    @property
    def ends(self) -> tuple[str, str]:
        """What the two ends of the colours stand for."""
        return (number(-self.limit) if self.signed else "0"), number(self.limit)

    def quantise(self, values: NDArray[np.floating]) -> NDArray[np.uint8]:
        """Return the entry of each value, C-contiguous; what lies beyond the ends gets the end's."""
        missing = np.isnan(values)
        low, span = (_MIDDLE, _LAST - _MIDDLE) if self.signed else (_FIRST, _LAST - _FIRST)
        with np.errstate(all="ignore"):
            places = np.clip(np.asarray(values, np.float32) * np.float32(span / self.limit) + low, _FIRST, _LAST)
            places[missing] = MISSING
            return np.ascontiguousarray(np.rint(places, out=places).astype(np.uint8))

    def table(self, colours: Colours) -> NDArray[np.uint8]:
        """Return the colours of all entries (256, 3)."""
        table = (diverging_table(colours) if self.signed else magnitude_table(colours)).copy()
        missing = colours.strip.removeprefix("#")
        table[MISSING] = [int(missing[place : place + 2], 16) for place in (0, 2, 4)]
        return table


def choose_scale(values: NDArray[np.floating], before: Scale | None, *, is_state: bool) -> Scale:
    """Return the scale for values; ``before`` is the one they had so far, which is kept while it still serves.

    What is never below 0 nor above 1 and no state is taken for a gate: a magnitude from 0 to 1.
    """
    finite = values[np.isfinite(values)]
    if not len(finite):
        return before or Scale(True, 1.0)
    was_signed = before is not None and before.signed
    if not (is_state or was_signed) and finite.min() >= 0 and finite.max() <= 1:
        return Scale(False, 1.0)
    reach = float(np.percentile(np.abs(finite), _ROBUST))
    limit = _round_up(reach)
    if before is not None and was_signed and limit < before.limit and reach > _KEPT_ABOVE * _next_below(before.limit):
        limit = before.limit
    return Scale(True, limit)


def _round_up(reach: float) -> float:
    """Return the next of 1, 2, 5 x 10^k that is not below; 1 for nothing."""
    if reach < np.finfo(np.float32).tiny:
        return 1.0
    decade = 10.0 ** np.floor(np.log10(reach))
    steps = np.append(_ROUND, 10.0) * decade
    return float(steps[np.argmax(steps >= reach * (1 - 1e-6))])


def _next_below(limit: float) -> float:
    return _round_up(limit / 2.6)
