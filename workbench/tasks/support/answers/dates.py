"""Dates as people write them, and as ISO 8601 does."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import numpy as np

from workbench.tasks.support.draws import Draws

FIRST, LAST = date(1950, 1, 1), date(2049, 12, 31)
"""A hundred years, so that two digits tell the year."""
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def ordinal(day: int) -> str:
    """Return 1st, 2nd, 3rd, 4th, ..."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{'th' if day in {11, 12, 13} else ending}"


def _month(day: date) -> str:
    return MONTHS[day.month - 1]


def _short(day: date) -> str:
    return _month(day)[:3]


def _weekday(day: date) -> str:
    return WEEKDAYS[day.weekday()]


FORMS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day.day} {_month(day)} {day.year}",
    lambda day: f"{ordinal(day.day)} of {_month(day)} {day.year}",
    lambda day: f"{_month(day)} {day.day}, {day.year}",
    lambda day: f"{_month(day)} {ordinal(day.day)}, {day.year}",
    lambda day: f"{_weekday(day)}, {day.day} {_month(day)} {day.year}",
    lambda day: f"{_weekday(day)[:3]} {day.day} {_short(day)} {day.year}",
    lambda day: f"{day.day} {_short(day)} {day.year}",
    lambda day: f"{_short(day)} {day.day}, {day.year}",
    lambda day: f"{day.day}-{_short(day)}-{day.year % 100:02}",
    lambda day: f"{day.day:02}/{day.month:02}/{day.year % 100:02}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day.day:02}.{day.month:02}.{day.year}",
)
"""How a date may be written; where the month is a number, the day comes first."""


def draw_dates(random: np.random.Generator) -> Iterator[tuple[str, str]]:
    """Yield a date as a person may write it, and as ISO 8601 does, without end; they repeat."""
    draws = Draws(random)
    days = range((LAST - FIRST).days + 1)
    while True:
        day = FIRST + timedelta(draws.one(days))
        yield draws.one(FORMS)(day), day.isoformat()
