"""Numbers as a person reads them: four digits that count, thousands set apart, durations, sizes and times in words."""

import math
from datetime import UTC, datetime

THIN_SPACE = "\u2009"
MINUS = "\u2212"
_DASH = "\u2013"
_DIGITS = 4
_PLAIN = (1e-3, 1e6)  # magnitudes written without a power of ten
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def number(value: float | None) -> str:
    """Return a number at four significant digits: 0.1667, −2.117, 12 350, 7.7e−5; a dash for none."""
    if value is None:
        return _DASH
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    rounded = float(f"{value:.{_DIGITS}g}")
    if rounded == 0:
        return "0"
    text = _plain(rounded) if _PLAIN[0] <= abs(rounded) < _PLAIN[1] else _with_power(value)
    return text.replace("-", MINUS)


def steps(count: int) -> str:
    """Return a count with its thousands set apart: 1 500."""
    return f"{count:,}".replace(",", THIN_SPACE).replace("-", MINUS)


def seconds(duration: float) -> str:
    """Return a duration: 0.4 s, 12 s, 3:05, 1:02:45."""
    if not math.isfinite(duration):
        return _DASH
    if duration < 9.95:
        return f"{number(round(duration, 1))} s"
    whole = round(duration)
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return f"{whole} s"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(count: float) -> str:
    """Return a size in memory or on disk: 512 bytes, 11 MB, 1.4 GB (powers of 1000)."""
    amount, unit = float(count), _UNITS[0]
    for following in _UNITS[1:]:
        if round(amount) < 1000:
            break
        amount, unit = amount / 1000, following
    digits = 1 if amount < 9.95 and unit != _UNITS[0] else 0
    return f"{amount:.{digits}f} {unit}"


def moment(time: float | None) -> str:
    """Return a time, in seconds since 1970, as this place writes it: 23 Nov 2026, 12:03; a dash for none."""
    if time is None:
        return _DASH
    local = datetime.fromtimestamp(time, UTC).astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def _plain(value: float) -> str:
    places = max(0, _DIGITS - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{places}f}".replace(",", THIN_SPACE)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _with_power(value: float) -> str:
    mantissa, exponent = f"{value:.{_DIGITS - 1}e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
