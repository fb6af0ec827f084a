"""What a published result says of a number, so that a run can be held to it."""

from collections.abc import Mapping
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from workbench.tasks.base import at_length

_BOUNDS = ("below", "above", "near", "below_baseline", "above_baseline")


class Claim(BaseModel):
    """A number of the last validation and where it is to lie: exactly one of five bounds is given.

    ``by``: at least so far from a baseline. ``within``: how far from ``near``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    metric: str = ""
    """Left out: the one that the row shows."""
    at_length: int | Literal["longest"] | None = None
    """For a metric that is known by length."""
    below: float | None = None
    above: float | None = None
    near: float | None = None
    within: float = 0.0
    below_baseline: str | None = None
    above_baseline: str | None = None
    by: float = 0.0

    @model_validator(mode="after")
    def _refuse_none_or_several(self) -> Self:
        given = [name for name in _BOUNDS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(_BOUNDS)}, not {', '.join(given) or 'none'}")
        return self

    @property
    def baseline(self) -> str | None:
        """The baseline it compares with, if any."""
        return self.below_baseline or self.above_baseline

    def names(self, shown: str, numbers: Mapping[str, float]) -> str:
        """Return what the number is called among those of a validation; ``shown``: the metric of the row."""
        metric = self.metric or shown
        if self.at_length is None:
            return metric
        length = lengths_of(metric, numbers)[-1] if self.at_length == "longest" else self.at_length
        return at_length(metric, length)

    def holds(self, number: float, baseline: float = 0.0) -> bool:
        """Tell whether a number lies where it is to lie; ``baseline``: the score of the one compared with."""
        if self.below is not None:
            return number < self.below
        if self.above is not None:
            return number > self.above
        if self.near is not None:
            return abs(number - self.near) <= self.within
        if self.below_baseline is not None:
            return number < baseline - self.by
        return number > baseline + self.by


def lengths_of(metric: str, numbers: Mapping[str, float]) -> list[int]:
    """Return the lengths at which a metric is known, in order. Raises KeyError where there is none."""
    start = at_length(metric, 0).removesuffix("0")
    lengths = sorted(int(name.removeprefix(start)) for name in numbers if name.startswith(start))
    if not lengths:
        raise KeyError(start)
    return lengths
