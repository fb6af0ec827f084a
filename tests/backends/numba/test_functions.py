"""Every function of the cell language in compiled code against NumPy, over its range and at its edges."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.backends.numba.support import apply

Array = NDArray[Any]


@dataclass(frozen=True)
class Claim:
    """How exact a function of one argument is in float32 between two arguments."""

    meaning: Callable[..., Any]
    lowest: float
    highest: float
    absolute: float = 0.0
    units: float = 0.0
    """In units of the last place of the true value."""


def sigmoid(a: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-a)))


def softplus(a: Array) -> Array:
    return np.asarray(np.logaddexp(0.0, a))


def relu(a: Array) -> Array:
    return np.asarray(np.maximum(a, 0.0))


CLAIMS = {
    "tanh": Claim(np.tanh, -100, 100, absolute=4e-7),
    "sigmoid": Claim(sigmoid, -100, 100, absolute=4e-7),
    "exp": Claim(np.exp, -87.3, 88.7, units=2),
    "log": Claim(np.log, 1.2e-38, 3.4e38, units=2),
    "softplus": Claim(softplus, -87, 100, units=4),
    "sin": Claim(np.sin, -1e6, 1e6, absolute=2e-7),
    "cos": Claim(np.cos, -1e6, 1e6, absolute=2e-7),
    "sqrt": Claim(np.sqrt, 1.2e-38, 3.4e38, units=0.5),
    "floor": Claim(np.floor, -1e9, 1e9),
    "abs": Claim(np.abs, -3.4e38, 3.4e38),
    "relu": Claim(relu, -3.4e38, 3.4e38),
}


def arguments(claim: Claim, count: int = 100_000) -> Array:
    """A dense sweep, random points, and random sizes down to the smallest normal numbers."""
    random = np.random.default_rng(0)
    largest = max(abs(claim.lowest), abs(claim.highest))
    sizes = np.exp(random.uniform(np.log(1.2e-38), np.log(largest), count)) * random.choice([-1, 1], count)
    sweep = np.linspace(claim.lowest, claim.highest, count)
    drawn = random.uniform(claim.lowest, claim.highest, count)
    values = np.concatenate([sweep, drawn, sizes]).astype("float32")
    return values[(values >= claim.lowest) & (values <= claim.highest)]


@pytest.mark.parametrize("name", CLAIMS)
def test_a_function_is_as_exact_in_float32_as_it_claims(name: str) -> None:
    claim = CLAIMS[name]
    x = arguments(claim)
    wanted = claim.meaning(x.astype("float64"))
    unit = np.spacing(np.maximum(np.abs(wanted), np.finfo("float32").tiny).astype("float32")).astype("float64")
    allowed = claim.absolute + claim.units * unit
    found = apply(f"{name}(x)", x).astype("float64")
    # What cannot be told apart in float32 is rounded once more.
    excess = np.abs(found - wanted) - allowed
    worst = int(np.argmax(excess))
    assert excess[worst] <= 1e-3 * unit[worst], (x[worst], found[worst], wanted[worst])


@pytest.mark.parametrize("name", CLAIMS)
def test_a_function_is_exact_to_rounding_in_float64(name: str) -> None:
    claim = CLAIMS[name]
    x = arguments(claim).astype("float64")
    x *= 1.0 - 1e-9 * np.random.default_rng(1).random(x.size)
    wanted = claim.meaning(x)
    np.testing.assert_allclose(apply(f"{name}(x)", x, dtype="float64"), wanted, rtol=2e-15, atol=4e-16)


# Numbers at which functions change their minds. At the last, float32 has no fractions any more.
EDGES = np.array(
    [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e-45, -1e-45, 1e-39, 0.5, -0.5, 1.0, -1.0, 3e38, -3e38, 1e6, -1e6, 1e10],
    "float32",
)


@pytest.mark.filterwarnings("ignore:.*encountered in:RuntimeWarning")
@pytest.mark.parametrize("name", CLAIMS)
def test_nan_infinity_zeros_denormals_and_huge_numbers_come_out_as_from_numpy(name: str) -> None:
    # Of numbers beyond 1e10 float64 knows no phase.
    x = EDGES if name not in ("sin", "cos") else EDGES[~(np.abs(EDGES) == np.float32(3e38))]
    with np.errstate(over="ignore"):
        wanted = CLAIMS[name].meaning(x.astype("float64")).astype("float32")
    np.testing.assert_allclose(apply(f"{name}(x)", x), wanted, rtol=1e-6, atol=4e-7)


@pytest.mark.parametrize("name", ["sin", "cos"])
def test_no_wave_is_higher_than_one_however_large_its_argument(name: str) -> None:
    x = np.array([1e15, -1e20, 3e38], "float32")
    assert (np.abs(apply(f"{name}(x)", x)) <= 1.0).all()


@pytest.mark.parametrize("name", ["tanh", "sin", "abs", "sqrt", "floor"])
def test_zero_gives_exactly_zero(name: str) -> None:
    assert not apply(f"{name}(x)", np.array([0.0, -0.0])).any()


def test_what_is_saturated_is_exactly_so() -> None:
    """Or a gate that is wide open would lose a part of every step."""
    x = np.array([10.0, 100.0, 1e10, np.inf])
    np.testing.assert_array_equal(apply("tanh(x)", np.concatenate([x, -x])), [1.0] * 4 + [-1.0] * 4)
    np.testing.assert_array_equal(apply("sigmoid(10 * x)", x), [1.0] * 4)
    assert (apply("sigmoid(-10 * x)", x) < 1e-30).all()


def test_no_tanh_is_beyond_one() -> None:
    assert np.abs(apply("tanh(x)", arguments(CLAIMS["tanh"]))).max() <= 1.0


def test_exp_meets_zero_infinity_and_the_denormals_between() -> None:
    x = np.array([-200.0, -104.0, -100.0, -90.0, 88.72, 88.73, 1e30], "float32")
    with np.errstate(over="ignore"):
        wanted = np.exp(x.astype("float64")).astype("float32")
    np.testing.assert_allclose(apply("exp(x)", x), wanted, rtol=1e-6, atol=1.5e-45)


def test_log_knows_denormals_zero_and_negative_numbers() -> None:
    x = np.array([1e-45, 1e-40, 1.1e-38, 0.0, -0.0, -1e-45, -1.0], "float32")
    found = apply("log(x)", x)
    np.testing.assert_allclose(found[:3], np.log(x[:3].astype("float64")), rtol=1e-6)
    np.testing.assert_array_equal(found[3:], [-np.inf, -np.inf, np.nan, np.nan])


def test_large_arguments_keep_their_phase() -> None:
    x = np.array([1e6, -1e6, 123456.78, 3.1415927e5], "float32")
    np.testing.assert_allclose(apply("sin(x)", x), np.sin(x.astype("float64")), rtol=0, atol=1e-6)
    np.testing.assert_allclose(apply("cos(x)", x), np.cos(x.astype("float64")), rtol=0, atol=1e-6)


ONE, OTHER = (values.ravel() for values in np.meshgrid(EDGES, EDGES))
COMPARISONS = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_extremes_pass_on_nan_as_numpy_does(name: str, dtype: str) -> None:
    np.testing.assert_array_equal(apply(f"{name}(x, h)", ONE, OTHER, dtype), getattr(np, name)(ONE, OTHER))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("symbol", COMPARISONS)
def test_comparisons_choose_as_numpy_does(symbol: str, dtype: str) -> None:
    wanted = np.where(COMPARISONS[symbol](ONE, OTHER), 1.0, 2.0)
    np.testing.assert_array_equal(apply(f"where(x {symbol} h, 1, 2)", ONE, OTHER, dtype), wanted)


def test_what_where_does_not_choose_does_not_matter() -> None:
    x = np.array([-1.0, 0.0, 4.0])
    np.testing.assert_array_equal(apply("where(x > 0, sqrt(x), 7 + 0 * h)", x, np.zeros(3)), [7.0, 7.0, 2.0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_mod_has_the_sign_of_its_divisor(dtype: str) -> None:
    random = np.random.default_rng(0)
    a = random.uniform(-1e4, 1e4, 100_000).astype(dtype)
    b = (random.uniform(0.01, 10.0, a.size) * random.choice([-1.0, 1.0], a.size)).astype(dtype)
    found = apply("mod(x, h)", a, b, dtype=dtype)
    assert np.abs(found - np.mod(a, b)).max() <= 10 * np.finfo(dtype).eps
    assert ((found == 0) | (np.sign(found) == np.sign(b))).all()
    whole = np.arange(-50.0, 50.0)
    np.testing.assert_array_equal(apply("mod(x, h)", whole, np.full(100, 7.0), dtype=dtype), np.mod(whole, 7.0))


def test_mod_by_zero_and_of_infinity_is_nan() -> None:
    a, b = np.array([1.0, 0.0, np.inf, -np.inf, np.nan, 1.0]), np.array([0.0, 0.0, 2.0, 2.0, 2.0, np.nan])
    assert np.isnan(apply("mod(x, h)", a, b)).all()


def test_a_step_counter_stays_exact_under_mod() -> None:
    steps = np.arange(0.0, 1e7, 997.0)
    np.testing.assert_array_equal(apply("mod(x, 64)", steps), np.mod(steps, 64.0))


@pytest.mark.parametrize("symbol", ["+", "-", "*", "/"])
def test_arithmetic_rounds_as_numpy_does(symbol: str) -> None:
    with np.errstate(all="ignore"):
        wanted = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}[symbol](ONE, OTHER)
    np.testing.assert_array_equal(apply(f"x {symbol} h", ONE, OTHER), wanted)


def test_mod_is_the_remainder_with_the_divisors_sign_however_large_the_quotient() -> None:
    a = np.array([3e9, 1e6, 12345678.0, -12345678.0, 5.0, -5.0, 1.0, -1.0, 7.5], "float32")
    b = np.array([7.0, 0.01, 0.3, 0.3, -3.0, 3.0, np.inf, np.inf, 2.5], "float32")
    found = apply("mod(x, h)", a, b)
    np.testing.assert_allclose(found, np.mod(a, b), rtol=2e-5, atol=1e-6)


def test_mod_of_a_quotient_that_no_float32_knows_is_zero() -> None:
    assert apply("mod(x, h)", np.array([1e30], "float32"), np.array([1e-6], "float32")) == 0.0
