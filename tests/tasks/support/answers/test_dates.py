from collections.abc import Callable
from datetime import UTC, date, datetime
from itertools import islice

import numpy as np
import pytest

from workbench.tasks.support.answers.dates import FIRST, FORMS, LAST, draw_dates, ordinal

FORMATS = (
    "%d %B %Y",
    "{} of %B %Y",
    "%B %d, %Y",
    "%B {}, %Y",
    "%A, %d %B %Y",
    "%a %d %b %Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%d-%b-%y",
    "%d/%m/%y",
    "%d/%m/%Y",
    "%d.%m.%Y",
)
"""The forms in the terms of datetime; {} is a day with its ending."""
EVERY_DAY = [date.fromordinal(day) for day in range(FIRST.toordinal(), LAST.toordinal() + 1)]


@pytest.mark.parametrize(("form", "format_"), list(zip(FORMS, FORMATS, strict=True)))
def test_datetime_reads_each_form_as_the_day_that_was_written(form: Callable[[date], str], format_: str) -> None:
    """Two digits of a year are read as from 1969 to 2068 (POSIX), so that the first 19 years stand for later ones."""
    for day in EVERY_DAY[::3]:
        text = form(day)
        plain = text.replace(ordinal(day.day), str(day.day)) if "{}" in format_ else text
        read = datetime.strptime(plain, format_.replace("{}", "%d")).replace(tzinfo=UTC).date()
        assert (read.month, read.day) == (day.month, day.day)
        assert read.year == day.year or ("%y" in format_ and day.year < 1969 and read.year == day.year + 100)


def test_days_are_counted_as_english_counts_them() -> None:
    assert [ordinal(day) for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 30, 31)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd", "30th", "31st")
    ]


def test_forms_of_one_day_are_as_people_write_it() -> None:
    assert [form(date(2001, 3, 3)) for form in FORMS] == [
        "3 March 2001",
        "3rd of March 2001",
        "March 3, 2001",
        "March 3rd, 2001",
        "Saturday, 3 March 2001",
        "Sat 3 Mar 2001",
        "3 Mar 2001",
        "Mar 3, 2001",
        "3-Mar-01",
        "03/03/01",
        "3/3/2001",
        "03.03.2001",
    ]


def test_no_form_means_two_days() -> None:
    meaning: dict[str, str] = {}
    for source, answer in islice(draw_dates(np.random.default_rng(0)), 50_000):
        assert meaning.setdefault(source, answer) == answer


def test_drawn_dates_cover_the_hundred_years() -> None:
    years = {answer[:4] for _, answer in islice(draw_dates(np.random.default_rng(0)), 5000)}
    assert years == {str(year) for year in range(1950, 2050)}
