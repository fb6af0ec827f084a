"""Arithmetic without warnings: that a number is not finite shows in the number."""

from contextlib import AbstractContextManager, nullcontext
from typing import Any


def quiet(xp: Any) -> AbstractContextManager[object]:
    """Return a context in which an array module keeps silent of overflow and of invalid values; most never speak."""
    errstate = getattr(xp, "errstate", None)
    return errstate(all="ignore") if errstate else nullcontext()
