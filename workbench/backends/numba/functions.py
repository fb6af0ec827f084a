"""The functions of the cell language on vectors.

float32 uses rational functions and polynomials (Cephes, Moshier 1992; tanh as in Eigen): a few units in the last place
from the true value, and for tanh and sigmoid 4e-7 at most. float64 asks the C library and is as exact as it. NaN goes
in and comes out everywhere.
"""

from collections.abc import Callable, Mapping
from functools import partial
from math import log2, pi

from workbench.backends.numba.lanes import Bits, Lanes, Mask

Function = Callable[..., Lanes]

_LOG2_E = log2(2.718281828459045)
_LN2_HIGH, _LN2_LOW = 0.693359375, -2.12194440e-4


def tanh(a: Lanes) -> Lanes:
    """The hyperbolic tangent, as a ratio of polynomials of degree 13 and 6."""
    if a.dtype == "float64":
        return a.intrinsic("tanh")
    # From here on the ratio is exactly 1, so that a gate that is wide open loses nothing.
    x = a.at_most(7.99881172180175781).at_least(-7.99881172180175781)
    square = x * x
    upper = square.polynomial(
        -2.76076847742355e-16,
        2.00018790482477e-13,
        -8.60467152213735e-11,
        5.12229709037114e-08,
        1.48572235717979e-05,
        6.37261928875436e-04,
        4.89352455891786e-03,
    )
    lower = square.polynomial(1.19825839466702e-06, 1.18534705686654e-04, 2.26843463243900e-03, 4.89352518554385e-03)
    return x * upper / lower


def sigmoid(a: Lanes) -> Lanes:
    """1 / (1 + exp(-a))."""
    if a.dtype == "float64":
        return 1.0 / (1.0 + exp(-a))
    return tanh(a * 0.5).times_plus(0.5, 0.5)


def exp(a: Lanes) -> Lanes:
    """The exponential: a = n ln 2 + r, exp(a) = 2^n exp(r)."""
    if a.dtype == "float64":
        return a.intrinsic("exp")
    x = a.at_most(89.0).at_least(-104.0)
    power = (x * _LOG2_E).intrinsic("rint")
    rest = power.times_plus(-_LN2_HIGH, x)
    rest = power.times_plus(-_LN2_LOW, rest)
    series = rest.polynomial(
        1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1
    )
    value = series.times_plus(rest * rest, rest + 1.0)
    # NaN has no power; any will do, since the value is NaN already.
    whole = power.compare("==", power).choose(power, power.number(0.0)).to_whole()
    half = whole.shifted_right(1)
    # In two factors: one alone could not reach infinity, nor the smallest numbers.
    return value * _power_of_two(half) * _power_of_two(whole.minus(half))


def _power_of_two(exponent: Bits) -> Lanes:
    return exponent.plus(127).shifted_left(23).as_number()


def log(a: Lanes) -> Lanes:
    """The natural logarithm: a = m 2^n with m near 1, log(a) = log(m) + n ln 2."""
    if a.dtype == "float64":
        return a.intrinsic("log")
    smallest = 1.1754943508222875e-38
    small = a.compare("<", smallest)
    x = small.choose(a * 8388608.0, a)
    bits = x.as_bits()
    exponent = bits.shifted_right(23).plus(-126).to_number() - small.choose(a.number(23.0), a.number(0.0))
    # The mantissa, between 0.5 and 1.
    mantissa = bits.masked(0x007FFFFF).plus(0x3F000000).as_number()
    low = mantissa.compare("<", 0.707106781186547524)
    m = low.choose(mantissa + mantissa, mantissa) - 1.0
    exponent = low.choose(exponent - 1.0, exponent)
    square = m * m
    series = m.polynomial(
        7.0376836292e-2,
        -1.1514610310e-1,
        1.1676998740e-1,
        -1.2420140846e-1,
        1.4249322787e-1,
        -1.6668057665e-1,
        2.0000714765e-1,
        -2.4999993993e-1,
        3.3333331174e-1,
    )
    value = series * m * square + exponent * _LN2_LOW - square * 0.5 + m + exponent * _LN2_HIGH
    value = a.compare("==", 0.0).choose(a.number(float("-inf")), value)
    value = a.compare("<", 0.0).choose(a.number(float("nan")), value)
    # Infinity and NaN are their own logarithms.
    return a.compare("<", float("inf")).choose(value, a)


def softplus(a: Lanes) -> Lanes:
    """log(1 + exp(a))."""
    magnitude = a.intrinsic("fabs")
    small = exp(-magnitude)
    whole = small + 1.0
    # What rounding 1 + small lost is put back.
    tail = log(whole) + (small - (whole - 1.0)) / whole
    return relu(a) + tail


def sin(a: Lanes) -> Lanes:
    """The sine."""
    return a.intrinsic("sin") if a.dtype == "float64" else _wave(a, 0.0)


def cos(a: Lanes) -> Lanes:
    """The cosine."""
    return a.intrinsic("cos") if a.dtype == "float64" else _wave(a, 1.0)


def _wave(a: Lanes, quarters_ahead: float) -> Lanes:
    """sin(a + quarters_ahead pi / 2), reduced in float64 so that large arguments keep their phase."""
    wide = a.widened()
    quarters = (wide * (2.0 / pi)).intrinsic("rint")
    rest = quarters.times_plus(-pi / 2.0, wide)
    # The part of pi / 2 that float64 cannot hold.
    rest = quarters.times_plus(-6.123233995736766e-17, rest)
    r = rest.narrowed().at_most(pi / 4).at_least(-pi / 4)
    quadrant = _remainder(quarters + quarters_ahead, 4.0).narrowed()
    square = r * r
    sine = square.polynomial(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1) * square * r + r
    cosine = square.polynomial(2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2) * square * square
    cosine = cosine - square * 0.5 + 1.0
    value = _remainder(quadrant, 2.0).compare("==", 1.0).choose(cosine, sine)
    return quadrant.compare(">=", 2.0).choose(-value, value)


def _remainder(a: Lanes, divisor: float) -> Lanes:
    """Of whole numbers by a power of two."""
    return a - (a * (1.0 / divisor)).intrinsic("floor") * divisor


def relu(a: Lanes) -> Lanes:
    """The positive part."""
    return a.at_least(0.0)


def mod(a: Lanes, b: Lanes) -> Lanes:
    """The remainder with the divisor's sign, as Python's; in float32 of quotients up to 2^48, beyond which it is 0."""
    if a.dtype == "float64":
        rest = a.like(a.builder.frem(a.value, b.value))
    else:
        # A large quotient is rounded, and leaves a rest of several divisors.
        rest = _reduce(_reduce(a, b), b)
        size, whole = rest.intrinsic("fabs"), b.intrinsic("fabs")
        rest = size.compare(">=", whole).choose(rest * 0.0, rest)
        rest = a.intrinsic("fabs").compare("<", whole).choose(a, rest)
    differs = (rest * b).compare("<", 0.0)
    return differs.choose(rest + b, rest)


def _reduce(a: Lanes, b: Lanes) -> Lanes:
    return (-(a / b).intrinsic("trunc")).times_plus(b, a)


def where(comparison: str, a: Lanes, b: Lanes, yes: Lanes, no: Lanes) -> Lanes:
    """``yes`` where a and b compare so, else ``no``."""
    return a.compare(comparison, b).choose(yes, no)


def flush(a: Lanes) -> Lanes:
    """0 for what lies closer to 0 than a gradient that matters: float32 crawls on denormal numbers."""
    if a.dtype == "float64":
        return a
    vanished: Mask = a.intrinsic("fabs").compare("<", 1e-30)
    return vanished.choose(a.number(0.0), a)


_COMPARISONS = {
    "less": "<",
    "less_equal": "<=",
    "greater": ">",
    "greater_equal": ">=",
    "equal": "==",
    "not_equal": "!=",
}

_WHERE: dict[str, Function] = {f"where_{name}": partial(where, symbol) for name, symbol in _COMPARISONS.items()}
_PLAIN: dict[str, Function] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a: -a,
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "softplus": softplus,
    "exp": exp,
    "log": log,
    "sqrt": lambda a: a.intrinsic("sqrt"),
    "abs": lambda a: a.intrinsic("fabs"),
    "sin": sin,
    "cos": cos,
    "maximum": lambda a, b: a.intrinsic("maximum", b),
    "minimum": lambda a, b: a.intrinsic("minimum", b),
    "mod": mod,
    "floor": lambda a: a.intrinsic("floor"),
    "flush": flush,
}

FUNCTIONS: Mapping[str, Function] = _PLAIN | _WHERE
"""Of the cell language, and ``flush``."""
