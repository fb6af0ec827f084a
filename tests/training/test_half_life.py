"""The half-life of a gradient: exact on exponentials, untouched by what is no number."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.training.half_life import half_life


@given(expected=st.floats(0.5, 500), length=st.integers(2, 300), scale=st.floats(1e-6, 1e6))
def test_an_exponential_has_its_own_half_life(expected: float, length: int, scale: float) -> None:
    lag = np.arange(length)[::-1]

    assert half_life(scale * 2.0 ** (-lag / expected)) == pytest.approx(expected)


def test_zeros_nan_and_infinity_are_left_out() -> None:
    norms = 2.0 ** (np.arange(20.0) / 4)
    norms[[0, 5, 9]] = 0, np.nan, np.inf

    assert half_life(norms) == pytest.approx(4)


def test_what_lies_below_the_smallest_numbers_does_not_bend_the_line() -> None:
    lag = np.arange(100)[::-1]
    flushed = np.maximum(2.0 ** (-lag / 0.5), 1e-38)

    assert half_life(flushed) == pytest.approx(0.5)


def test_a_gradient_that_grows_on_its_way_back_has_no_half_life() -> None:
    assert half_life(2.0 ** -np.arange(10.0)) == math.inf
    assert half_life(np.ones(10)) == math.inf


@pytest.mark.parametrize("norms", [[], [1.0], [0.0, 0.0, 0.0], [np.nan, 1.0]])
def test_fewer_than_two_norms_say_nothing(norms: list[float]) -> None:
    assert math.isnan(half_life(norms))
