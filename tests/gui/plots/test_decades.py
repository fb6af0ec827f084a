"""The range of a logarithmic axis: whole decades, quick to grow, slow to shrink."""

import math

from workbench.gui.plots.decades import SteadyDecades


def test_the_range_is_rounded_to_powers_of_ten() -> None:
    assert SteadyDecades().fit(-6.4, -2.1) == (-7, -2)


def test_flat_data_gets_a_whole_decade() -> None:
    assert SteadyDecades().fit(-3.0, -3.0) == (-4, -3)


def test_the_range_grows_at_once() -> None:
    decades = SteadyDecades()
    decades.fit(-4, -2)

    assert decades.fit(-7.5, -0.5) == (-8, 0)


def test_a_short_dip_moves_nothing_and_a_long_one_takes_a_decade_at_a_time() -> None:
    decades = SteadyDecades()
    decades.fit(-8, 0)

    ranges = [decades.fit(-3, -2) for _ in range(200)]

    assert ranges[0] == ranges[10] == (-8, 0)
    assert (-7, -1) in ranges
    assert ranges[-1] == (-3, -2)


def test_data_that_comes_back_in_between_keeps_the_range() -> None:
    decades = SteadyDecades()
    decades.fit(-8, 0)

    assert {decades.fit(*((-8, 0) if turn % 10 == 0 else (-3, -2))) for turn in range(100)} == {(-8, 0)}


def test_a_curve_that_falls_without_end_does_not_flatten_the_others() -> None:
    decades = SteadyDecades()

    assert decades.fit(-200, 0) == (-12, 0)
    assert decades.fit(-200, 2) == (-10, 2)


def test_no_data_keeps_the_range_and_starting_over_forgets_it() -> None:
    decades = SteadyDecades()
    decades.fit(-8, 0)
    assert decades.fit(math.nan, math.nan) == (-8, 0)

    decades.start_over()

    assert decades.fit(-3, -2) == (-3, -2)
