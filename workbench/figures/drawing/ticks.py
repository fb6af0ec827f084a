"""The numbers beside an axis."""

from math import log10

from matplotlib.axis import Axis as DrawnAxis
from matplotlib.axis import XAxis
from matplotlib.ticker import FuncFormatter, LogFormatterSciNotation, MaxNLocator, NullLocator

from workbench.figures.drawing.texts import drawable
from workbench.figures.spec import Axis

_THIN_SPACE = "\u2009"
_MOST_LETTERS = 28  # of texts side by side below an axis; more of them are turned
_SHORT = 1.3  # decades; a shorter axis is read in plain numbers
_PLAIN = (1e-3, 1e4)


def number_axis(drawn: DrawnAxis, axis: Axis) -> None:
    """Choose where an axis has ticks and how their numbers are written."""
    if axis.ticks:
        drawn.set_ticks([place for place, _ in axis.ticks], [drawable(text) for _, text in axis.ticks])
        drawn.set_minor_locator(NullLocator())
        if isinstance(drawn, XAxis) and sum(len(text) + 1 for _, text in axis.ticks) > _MOST_LETTERS:
            drawn.set_tick_params(rotation=45)
            for label in drawn.get_ticklabels():
                label.set(ha="right", va="top", rotation_mode="anchor")
    elif axis.scale == "log":
        drawn.set_major_formatter(_LogNumbers(labelOnlyBase=False))
        drawn.set_minor_formatter(_LogNumbers(labelOnlyBase=False))
    elif axis.whole:
        drawn.set_major_locator(MaxNLocator("auto", integer=True, steps=[1, 2, 5, 10]))
        drawn.set_major_formatter(FuncFormatter(whole_number))


def whole_number(value: float, _position: int | None = None) -> str:
    """Return a whole number, its thousands set apart from five digits on."""
    grouped = f"{value:,.0f}".replace(",", _THIN_SPACE if abs(value) >= 10_000 else "")
    return grouped.replace("-", "\u2212")


class _LogNumbers(LogFormatterSciNotation):
    """Powers of ten; plain numbers on an axis so short that it shows what lies between them."""

    def __call__(self, x: float, pos: int | None = None) -> str:
        text = super().__call__(x, pos)
        low, high = sorted(self.axis.get_view_interval())  # type: ignore[union-attr]
        plain = low > 0 and log10(high / low) < _SHORT and _PLAIN[0] <= x < _PLAIN[1]
        return f"{x:g}" if text and plain else text
