"""What Up, Down and the wheel make of a value: whole numbers by ones, others along 1, 2, 5."""

import math
from collections.abc import Mapping

from workbench.gui.form.fields import FormField

_SMALLEST = 1e-6
_FROM_ZERO = 1e-4
_SHARE_STEP = 0.05


def stepped(field: FormField, value: float, steps: int) -> float:
    """Return the value so many steps on, within the field's bounds."""
    if field.kind == "whole":
        return _within(field.bounds, int(value) + steps)
    for _ in range(abs(steps)):
        value = _next(field, value, upwards=steps > 0)
    return value


def _next(field: FormField, value: float, *, upwards: bool) -> float:
    if field.bounds.get("ge") == 0 and _most(field.bounds) <= 1:
        return _within(field.bounds, round(value + (_SHARE_STEP if upwards else -_SHARE_STEP), 9))
    if value == 0:
        start = field.default if isinstance(field.default, float) and field.default > 0 else _FROM_ZERO
        return _within(field.bounds, start if upwards else value)
    if value < 0:
        return value
    if not upwards and value <= _SMALLEST:
        return 0.0 if field.bounds.get("ge") == 0 else value
    return _within(field.bounds, _neighbour(value, upwards=upwards))


def _neighbour(value: float, *, upwards: bool) -> float:
    """Return the nearest of ..., 0.1, 0.2, 0.5, 1, 2, 5, ... beyond the value."""
    power = math.floor(math.log10(value))
    ladder = [float(f"{digit}e{power + shift}") for shift in (-1, 0, 1) for digit in (1, 2, 5)]
    if upwards:
        return min(rung for rung in ladder if rung > value * (1 + 1e-9))
    return max(rung for rung in ladder if rung < value * (1 - 1e-9))


def _most(bounds: Mapping[str, float]) -> float:
    return min(bounds.get("le", math.inf), bounds.get("lt", math.inf))


def _within(bounds: Mapping[str, float], value: float) -> float:
    """Return the value, or the bound it passed; an open bound is never reached, so the step stops before it."""
    if "lt" in bounds and value >= bounds["lt"]:
        return round(bounds["lt"] - _SHARE_STEP, 9)
    return max(bounds.get("ge", -math.inf), min(bounds.get("le", math.inf), value))
