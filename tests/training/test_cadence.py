"""The film's cadence follows measured costs."""

from hypothesis import given
from hypothesis import strategies as st

from workbench.training.cadence import FilmCadence


def test_the_first_snapshot_is_due_at_once() -> None:
    assert FilmCadence().due


def test_the_next_snapshot_waits_until_training_has_paid_for_both() -> None:
    cadence = FilmCadence(share=0.05, shortest=0.0)
    cadence.filmed(0.1)
    cadence.trained(3.9)
    assert not cadence.due
    cadence.trained(0.1)
    assert cadence.due


def test_cheap_snapshots_still_keep_their_distance() -> None:
    cadence = FilmCadence(share=0.05, shortest=0.5)
    cadence.filmed(0.0)
    cadence.trained(0.4)
    assert not cadence.due
    cadence.trained(0.1)
    assert cadence.due


@given(
    step=st.floats(1e-4, 1.0),
    cost=st.floats(1e-4, 2.0),
)
def test_snapshots_of_a_steady_cost_never_take_more_than_their_share(step: float, cost: float) -> None:
    cadence = FilmCadence(share=0.05, shortest=0.0)
    cadence.filmed(cost)
    for _ in range(500):
        cadence.trained(step)
        if cadence.due:
            cadence.filmed(cost)
            assert cadence.filming <= 0.05 * cadence.training * (1 + 1e-9)
