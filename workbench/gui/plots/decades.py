"""The range of a logarithmic axis that stays put while its data dances."""

import math

_MOST = 12  # decades shown of themselves: a curve that falls further must not flatten all others
_PATIENCE = 20  # fits in a row that would do with less, before the range gives way


class SteadyDecades:
    """A range in whole powers of ten. It grows at once, and shrinks a decade only after the data kept away for long."""

    def __init__(self) -> None:
        self._range: tuple[int, int] | None = None
        self._roomy = 0

    def start_over(self) -> None:
        """Take the next data as the first."""
        self._range, self._roomy = None, 0

    def fit(self, low: float, high: float) -> tuple[int, int]:
        """Return the range, as exponents, to show data whose logarithms reach from ``low`` to ``high``."""
        if not (math.isfinite(low) and math.isfinite(high)):
            return self._range or (-6, 0)
        top = math.ceil(high)
        bottom = max(min(math.floor(low), top - 1), top - _MOST)
        if self._range is None:
            self._range = bottom, top
        before = self._range
        grown = min(before[0], bottom), max(before[1], top)
        self._roomy = self._roomy + 1 if grown == before != (bottom, top) else 0
        if self._roomy >= _PATIENCE:
            grown = min(before[0] + 1, bottom), max(before[1] - 1, top)
            self._roomy = 0
        self._range = max(grown[0], grown[1] - _MOST), grown[1]
        return self._range
