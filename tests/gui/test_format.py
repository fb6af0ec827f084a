"""Numbers as a person reads them."""

import math
from datetime import datetime

import pytest
from hypothesis import given, strategies

from workbench.gui.format import MINUS, THIN_SPACE, moment, number, seconds, size, steps


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.16666667, "0.1667"),
        (-2.1171, f"{MINUS}2.117"),
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (0.5, "0.5"),
        (12345.6, f"12{THIN_SPACE}350"),
        (1234.4, f"1{THIN_SPACE}234"),
        (0.001234, "0.001234"),
        (0.0003581, f"3.581e{MINUS}4"),
        (0.000077, f"7.7e{MINUS}5"),
        (0.99999, "1"),
        (999999.9, "1e6"),
        (math.nan, "NaN"),
        (-math.inf, f"{MINUS}∞"),
        (None, "–"),
    ],
)
def test_a_number_has_four_digits_that_count(value: float | None, text: str) -> None:
    assert number(value) == text


@given(strategies.floats(allow_nan=False, allow_infinity=False))
def test_what_is_written_is_the_number_to_four_digits(value: float) -> None:
    read = float(number(value).replace(THIN_SPACE, "").replace(MINUS, "-"))
    assert read == pytest.approx(float(f"{value:.4g}"), rel=1e-9)


def test_steps_have_their_thousands_apart() -> None:
    assert [steps(count) for count in (0, 999, 1500, 1_000_000)] == [
        "0",
        "999",
        f"1{THIN_SPACE}500",
        f"1{THIN_SPACE}000{THIN_SPACE}000",
    ]


@pytest.mark.parametrize(
    ("duration", "text"),
    [(0.42, "0.4 s"), (9.97, "10 s"), (59.4, "59 s"), (59.6, "1:00"), (185, "3:05"), (3765, "1:02:45")],
)
def test_a_duration_is_read_at_a_glance(duration: float, text: str) -> None:
    assert seconds(duration) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 bytes"), (999, "999 bytes"), (1400, "1.4 kB"), (11_300_000, "11 MB"), (999_700_000, "1.0 GB")],
)
def test_a_size_is_in_the_unit_that_fits(count: float, text: str) -> None:
    assert size(count) == text


def test_a_moment_is_a_date_and_a_time_of_this_place() -> None:
    here = datetime(2026, 3, 5, 9, 7).astimezone()
    assert moment(here.timestamp()) == "5 Mar 2026, 09:07"
    assert moment(None) == "–"
