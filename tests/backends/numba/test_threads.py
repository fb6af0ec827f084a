"""Sequences shared out among threads: the same to rounding, and the very same for the same number of threads."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from tests.backends.support import EVERY_CELL, Point, arrays, error, random_point
from workbench.backends.errors import BackendError
from workbench.backends.numba.threads import VARIABLE, run_shares, share_out, thread_count

# Rows enough that a pass is worth sharing, and no multiple of any number of threads.
LARGE: Mapping[str, Mapping[str, int]] = {
    "lstm": {"hidden": 48, "batch": 13, "steps": 30},
    "gru": {"hidden": 48, "batch": 13, "steps": 30},
    "gru-reset-before": {"hidden": 48, "batch": 13, "steps": 30},
    "lstm-layernorm": {"hidden": 33, "batch": 25, "steps": 40},
    "slstm": {"hidden": 33, "batch": 25, "steps": 40},
    "tied": {"hidden": 48, "batch": 13, "steps": 30},
    "products-of-constants": {"hidden": 48, "batch": 13, "steps": 30},
    "clockwork": {"hidden": 64, "batch": 13, "steps": 80},
    "sru": {"hidden": 128, "batch": 61, "steps": 70},
    "indrnn": {"hidden": 128, "batch": 61, "steps": 100},
}


def everything(point: Point, dtype: str) -> dict[str, Any]:
    trace, gradients = point.run(dtype)
    return {name: array.copy() for name, array in arrays(trace, point.program().value_names, gradients)}


def large_point(name: str) -> Point:
    return random_point(EVERY_CELL[name], "numba", inputs=7, **LARGE[name])


@pytest.mark.parametrize("name", LARGE)
def test_these_sizes_are_shared_among_threads(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each thread sums up its own gradients of matrices, which takes memory."""
    point = large_point(name)
    memory = []
    for threads in ("1", "2", "3"):
        monkeypatch.setenv(VARIABLE, threads)
        memory.append(point.program("float32").memory(LARGE[name]["steps"], LARGE[name]["batch"]))
    assert len(set(memory)) == 3


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 2e-5), ("float64", 1e-12)])
@pytest.mark.parametrize("threads", ["2", "3"])
@pytest.mark.parametrize("name", LARGE)
def test_any_number_of_threads_gives_the_same_results_to_rounding(
    name: str, threads: str, dtype: str, tolerance: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = large_point(name)
    monkeypatch.setenv(VARIABLE, "1")
    expected = everything(point, dtype)
    monkeypatch.setenv(VARIABLE, threads)
    found = everything(point, dtype)
    errors = {part: error(found[part], array) for part, array in expected.items()}
    assert max(errors.values()) <= tolerance, errors


@pytest.mark.parametrize("threads", ["2", "3"])
@pytest.mark.parametrize("name", LARGE)
def test_the_same_number_of_threads_gives_the_same_bits(
    name: str, threads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = large_point(name)
    monkeypatch.setenv(VARIABLE, threads)
    expected = everything(point, "float32")
    for _ in range(3):
        for part, array in everything(point, "float32").items():
            np.testing.assert_array_equal(array, expected[part], err_msg=part)


@pytest.mark.parametrize("name", ["lstm", "sru"])
def test_states_and_their_gradients_are_the_same_bits_for_any_number_of_threads(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is summed over sequences, or multiplied in blocks of them after the loop, is not."""
    point = large_point(name)
    monkeypatch.setenv(VARIABLE, "1")
    expected = everything(point, "float32")
    monkeypatch.setenv(VARIABLE, "3")
    found = everything(point, "float32")
    for part in set(expected) - {"dL/dx", *(f"dL/d{parameter}" for parameter in point.cell.parameters)}:
        np.testing.assert_array_equal(found[part], expected[part], err_msg=part)


@pytest.mark.parametrize("batch", [1, 2])
def test_fewer_sequences_than_threads_are_run_too(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    point = random_point(EVERY_CELL["lstm"], "numba", hidden=100, batch=batch, steps=120)
    monkeypatch.setenv(VARIABLE, "1")
    expected = everything(point, "float64")
    monkeypatch.setenv(VARIABLE, "4")
    for part, array in everything(point, "float64").items():
        assert error(array, expected[part]) < 1e-12, part


def test_indices_are_shared_out_as_numbers_are(monkeypatch: pytest.MonkeyPatch) -> None:
    point = large_point("lstm")
    x = np.random.default_rng(0).integers(-1, 7, (*point.x.shape[:2], 2))
    found = []
    for threads in ("1", "3"):
        monkeypatch.setenv(VARIABLE, threads)
        program = point.program()
        trace = program.forward(point.parameters, x, start=point.start)
        found.append(program.backward(point.parameters, trace, point.outside).parameters)
    for name, array in found[0].items():
        assert error(found[1][name], array) < 1e-12, name


def test_without_a_number_of_threads_all_cores_are_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    wanted = thread_count()
    monkeypatch.setenv(VARIABLE, "")
    assert wanted == thread_count() >= 1


@pytest.mark.parametrize("wrong", ["0", "-2", "many", "1.5", "²"])
def test_a_number_of_threads_that_is_none_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, wrong)
    with pytest.raises(BackendError, match=f"{VARIABLE} is {wrong!r}; set it to a number of threads"):
        thread_count()


@pytest.mark.parametrize("threads", [1, 2, 3, 7])
@pytest.mark.parametrize("batch", [1, 2, 6, 13])
def test_shares_cover_every_sequence_once_and_are_nearly_even(batch: int, threads: int) -> None:
    shares = share_out(batch, threads)
    assert [first for first, _ in shares] == [0, *(last for _, last in shares[:-1])]
    assert shares[-1][1] == batch
    sizes = [last - first for first, last in shares]
    assert len(sizes) == min(batch, threads)
    assert max(sizes) - min(sizes) <= 1


def test_what_fails_in_a_thread_fails() -> None:
    def fail(first: int, last: int, number: int) -> None:
        if number == 1:
            raise ValueError("the second share")

    with pytest.raises(ValueError, match="the second share"):
        run_shares(fail, [(0, 1), (1, 2)])
