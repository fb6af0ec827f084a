"""Cells made up at random: the program against the oracle and against finite differences."""

from dataclasses import replace
from unittest import mock

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.backends.made_up_cells import made_up_cells
from tests.backends.support import Point, arrays, backend_of, examples, random_point
from workbench.backends.arrays import frame
from workbench.backends.check import check_gradients
from workbench.cells import Cell, CellError

ROUGHLY = 1e-3
"""Finite differences lose digits where a made-up cell bends sharply, as norm of next to nothing; a gradient that is
wrong is off by far more.
"""

CELLS = st.one_of(made_up_cells(), made_up_cells(plain_input=True))
NUDGE = 1e-9


def test_a_program_agrees_with_the_oracle(backend: str) -> None:
    @examples(backend, 300)
    @given(CELLS, st.sampled_from([1, 2, 5]), st.integers(1, 3), st.integers(1, 6), st.sampled_from([1, 8, 30, 10**6]))
    def agrees(cell: Cell, hidden: int, batch: int, steps: int, stretch: int) -> None:
        point = random_point(cell, backend, hidden=hidden, batch=batch, steps=steps, first_step=2)
        with mock.patch.object(frame, "STRETCH_SIZE", stretch):
            assert_as_exact_as_the_point_allows(point)

    agrees()


def assert_as_exact_as_the_point_allows(point: Point) -> None:
    """Compare everything with the oracle, unless the point lies on a kink."""
    oracle, expected = point.oracle()
    near, near_expected = nudged(point).oracle()
    assume(oracle.branches == near.branches)
    trace, gradients = point.run()
    names = tuple(oracle.values)
    found = dict(arrays(trace, names, gradients))
    sensitive = dict(arrays(near.values, names, near_expected))
    for name, wanted in arrays(oracle.values, names, expected):
        # An array may be no more exact than its answer to a change in the last digits of what it is made of.
        scale = max(float(np.abs(wanted).max()), 1.0)
        condition = float(np.abs(sensitive[name] - wanted).max()) / NUDGE
        assert np.abs(found[name] - wanted).max() <= 1e-10 * scale + 1e-13 * condition, (name, point.cell.equations)


def nudged(point: Point) -> Point:
    random = np.random.default_rng(0)

    def near(array: np.ndarray) -> np.ndarray:
        return array + NUDGE * random.standard_normal(array.shape)

    parameters = {name: near(value) for name, value in point.parameters.items()}
    start = {name: near(value) for name, value in point.start.items()}
    return replace(point, parameters=parameters, x=near(point.x), start=start)


def test_a_gradient_agrees_with_finite_differences_along_a_random_direction(backend: str) -> None:
    @examples(backend, 60)
    @given(CELLS, st.integers(0, 1000))
    def agrees(cell: Cell, seed: int) -> None:
        try:
            check = check_gradients(cell, backend_of(backend), hidden=5, steps=3, seed=seed)
        except CellError:
            assume(False)
        assert check.directional_error <= ROUGHLY, cell.equations

    agrees()
