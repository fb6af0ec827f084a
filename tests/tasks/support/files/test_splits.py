import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from workbench.tasks.support.files.splits import hash_of, held_out_by_hash


def hashes(count: int) -> NDArray[np.uint64]:
    return np.array([hash_of(f"sentence {n}") for n in range(count)], dtype=np.uint64)


def test_a_text_has_the_same_hash_on_every_machine() -> None:
    # printf 'word' | b2sum -l 64
    assert hash_of("word") == int("4aa4cf27d7c78e95", 16)


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
def test_about_the_share_is_held_out(share: float) -> None:
    assert held_out_by_hash(hashes(5000), share).mean() == pytest.approx(share, abs=0.02)


@settings(deadline=None)
@given(st.integers(100, 400), st.floats(0.1, 0.5))
def test_a_row_stays_on_its_side_when_others_come(count: int, share: float) -> None:
    few, many = held_out_by_hash(hashes(count), share), held_out_by_hash(hashes(500), share)
    assert np.array_equal(few, many[:count])


def test_two_rows_are_always_on_two_sides() -> None:
    for first in range(50):
        assert held_out_by_hash(hashes(60)[first : first + 2], 0.1).sum() == 1
    assert held_out_by_hash(np.array([1, 2], dtype=np.uint64), 0.5).tolist() == [True, False]
