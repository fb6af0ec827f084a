from collections.abc import Callable

import numpy as np
import pytest

from workbench.tasks.support.series.delay_equation import mackey_glass


def production(delayed: float) -> float:
    return 0.2 * delayed / (1 + delayed**10)


def step_by_step(
    history: float, delay: int, units: int, dt: float, delayed_between: Callable[[list[float], int], float]
) -> np.ndarray:
    """The classical Runge-Kutta steps one by one; ``delayed_between(values, n)``: x half a step after step n."""
    lag = round(delay / dt)
    values = [history] * (lag + 1)  # values[lag + n] is x at step n

    def slope(delayed: float, x: float) -> float:
        return production(delayed) - 0.1 * x

    for step in range(round(units / dt)):
        x = values[-1]
        before, between, after = values[step], delayed_between(values, step), values[step + 1]
        first = slope(before, x)
        second = slope(between, x + dt / 2 * first)
        third = slope(between, x + dt / 2 * second)
        fourth = slope(after, x + dt * third)
        values.append(x + dt / 6 * (first + 2 * second + 2 * third + fourth))
    return np.array(values[lag :: round(1 / dt)])


def test_the_first_delay_is_the_closed_form() -> None:
    """While the delayed value is the constant c, x' = f(c) - 0.1 x has the solution f/0.1 + (c - f/0.1) exp(-0.1 t)."""
    history, time = 1.2, np.arange(18)
    level = production(history) / 0.1
    expected = level + (history - level) * np.exp(-0.1 * time)
    assert mackey_glass(history, 17, 17) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize("delay", [10, 17])
def test_steps_at_once_are_the_steps_of_runge_and_kutta_one_by_one(delay: int) -> None:
    """Half a step in between, the delayed value is the cubic through both values and slopes, here had anew."""
    dt, lag = 0.1, delay * 10

    def between(values: list[float], step: int) -> float:
        def slope(place: int) -> float:
            return production(values[place - lag]) - 0.1 * values[place]

        one, other = values[step], values[step + 1]
        if step < lag:  # before time 0 nothing changes
            return one
        return (one + other) / 2 + dt / 8 * (slope(step) - slope(step + 1))

    expected = step_by_step(1.1, delay, 60, dt, between)
    assert mackey_glass(1.1, delay, 60) == pytest.approx(expected, abs=1e-13)


def test_a_tenth_of_the_step_gives_the_same_before_chaos_parts_them() -> None:
    expected = step_by_step(1.2, 17, 150, 0.01, lambda values, step: (values[step] + values[step + 1]) / 2)
    assert mackey_glass(1.2, 17, 150) == pytest.approx(expected, abs=2e-6)


def test_any_number_of_units_is_the_beginning_of_more() -> None:
    assert np.array_equal(mackey_glass(1.2, 17, 25), mackey_glass(1.2, 17, 100)[:26])


def test_with_a_delay_of_17_the_series_is_chaotic_and_bounded() -> None:
    """Two histories a millionth apart stay near for 200 units and are as far apart as any two after 5,000."""
    one, other = mackey_glass(1.2, 17, 5_000), mackey_glass(1.2 + 1e-6, 17, 5_000)
    assert np.abs(one - other)[:200].max() < 1e-4
    assert np.abs(one - other)[-500:].max() > 0.1
    assert 0.2 < one.min() < one.max() < 1.4
