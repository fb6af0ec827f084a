"""The film: snapshots keep their arrays, and their number and size have a bound."""

import numpy as np
import pytest

from tests.lab.support import add_run
from workbench.lab.errors import UnknownRun
from workbench.lab.workbook import Workbook
from workbench.lab.workbook import film as film_module


def picture(step: int) -> dict[str, np.ndarray]:
    return {
        "values/1.h": np.full((4, 3), step, np.float32),
        "gradient-norm/1.h": np.arange(4) * 1e-40 * step,
        "length": np.array(4),
        "inputs": np.array([[True, False]]),
    }


def test_a_snapshot_keeps_shapes_types_and_values(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.film.append(run, 7, picture(7))

    read = workbook.film.read(run, 7)

    assert set(read) == set(picture(7))
    for name, array in picture(7).items():
        assert read[name].dtype == array.dtype
        assert read[name].shape == array.shape
        np.testing.assert_array_equal(read[name], array)


def test_a_transposed_array_keeps_its_order(workbook: Workbook) -> None:
    run = add_run(workbook)
    array = np.arange(6).reshape(2, 3).T
    workbook.film.append(run, 1, {"a": array})

    np.testing.assert_array_equal(workbook.film.read(run, 1)["a"], array)


def test_one_array_is_read_without_the_others(workbook: Workbook) -> None:
    run = add_run(workbook)
    for step in (0, 10, 20):
        workbook.film.append(run, step, picture(step))

    assert list(workbook.film.read(run, 10, "length")) == ["length"]
    assert {step: array[0, 0] for step, array in workbook.film.history(run, "values/1.h").items()} == {
        0: 0,
        10: 10,
        20: 20,
    }


def test_a_second_snapshot_of_a_step_replaces_the_first(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.film.append(run, 5, picture(5))
    workbook.film.append(run, 5, {"a": np.zeros(2)})

    assert workbook.film.names(run, 5) == ("a",)


def test_what_is_not_there_is_named(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.film.append(run, 5, picture(5))

    with pytest.raises(UnknownRun, match="no snapshot of step 6"):
        workbook.film.read(run, 6)
    with pytest.raises(UnknownRun, match="no snapshot of step 5 with values"):
        workbook.film.read(run, 5, "values/2.h")


def test_a_film_that_grows_is_thinned_evenly_and_covers_the_whole_run(
    workbook: Workbook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_module, "MOST_SNAPSHOTS", 16)
    run = add_run(workbook)
    step = 0
    while step <= 1000:
        workbook.film.append(run, step, {"a": np.zeros(1)})
        step += workbook.film.distance(run)

    steps = workbook.film.steps(run)
    gaps = np.diff(steps)
    assert 8 <= len(steps) <= 16
    assert steps[0] == 0
    assert steps[-1] > 900
    assert workbook.film.distance(run) == 64
    assert gaps.max() == 64


def test_a_film_of_large_pictures_is_bounded_in_bytes(workbook: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_module, "MOST_BYTES", 100_000)
    run = add_run(workbook)
    random = np.random.default_rng(0)
    for step in range(60):
        workbook.film.append(run, step, {"a": random.integers(0, 256, 5000, np.uint8)})

    assert 8 <= len(workbook.film.steps(run)) <= 20
    assert workbook.film.steps(run)[0] == 0
    assert workbook.film.steps(run)[-1] == 59


def test_snapshots_after_a_step_can_be_dropped_with_their_arrays(workbook: Workbook) -> None:
    run = add_run(workbook)
    for step in (0, 10, 20):
        workbook.film.append(run, step, picture(step))

    workbook.film.drop_from(run, 10)

    assert workbook.film.steps(run) == (0,)
    assert list(workbook.film.history(run, "length")) == [0]
