"""An axis of few places, each with its own text: the lengths that are tested, the windows that are compared."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.gui.format import steps
from workbench.gui.plots.axes import Axis
from workbench.gui.plots.plot import Plot

_AIR = 0.06  # of the range, left free at both ends
_ROOM = 34  # pixels that a number keeps to itself


class PlacesAxis(Axis):
    """Numbers at equal distances where they are equal factors apart; ticks stand at the numbers themselves."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.numbers: tuple[int, ...] = ()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the places of all numbers; where there is no room for all, of every so many."""
        every = max(1, int(np.ceil(len(self.numbers) * _ROOM / max(size, 1.0))))
        return [(1.0, places(self.numbers[::-1][::every]).tolist())]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers at these places."""
        return [steps(round(2**value)) for value in values]


class PlacesPlot(Plot):
    """A plot over few numbers on a scale of doublings; give curves `places` of them as x."""

    def __init__(self, x_label: str) -> None:
        super().__init__()
        self._numbers = PlacesAxis()
        self.axes["bottom"] = self._numbers
        self.getPlotItem().setAxisItems({"bottom": self._numbers})
        self.disableAutoRange()
        self.box.setMouseEnabled(x=False, y=False)
        self.set_labels(x_label, "")
        self.dress()

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers along the axis."""
        return self._numbers.numbers

    def show_numbers(self, numbers: Sequence[int]) -> None:
        """Show these numbers along the axis, ascending."""
        if tuple(numbers) != self.numbers:
            self._numbers.numbers = tuple(numbers)
            self._numbers.picture = None
            self._numbers.update()
        ends = places(numbers[:1]), places(numbers[-1:])
        low, high = float(ends[0][0]), float(ends[1][0])
        air = _AIR * (high - low) or 1.0
        self.show_range(x=(low - air, high + air))

    def nearest(self, place: float) -> int:
        """Return the number nearest to a place."""
        return min(self.numbers, key=lambda number: abs(float(np.log2(number)) - place))


def places(numbers: Sequence[int]) -> NDArray[np.float64]:
    """Return where numbers above 0 stand: one unit of length a doubling."""
    return np.log2(np.asarray(numbers, np.float64))
