"""Checkpoints: the last good few."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from tests.lab.support import add_run
from workbench.lab.errors import UnknownRun
from workbench.lab.workbook import Workbook
from workbench.lab.workbook import checkpoints as checkpoints_module


def weights(step: int) -> dict[str, np.ndarray]:
    return {"parameters": np.full(1000, step, np.float32), "step": np.array(step)}


def test_the_newest_checkpoint_comes_back_as_it_was(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.checkpoints.append(run, 10, weights(10))
    workbook.checkpoints.append(run, 20, weights(20))

    latest = workbook.checkpoints.latest(run)

    assert latest is not None
    step, arrays = latest
    assert step == 20
    assert arrays["step"] == 20
    assert arrays["parameters"].dtype == np.float32
    np.testing.assert_array_equal(arrays["parameters"], weights(20)["parameters"])


def test_only_the_last_few_are_kept(workbook: Workbook) -> None:
    run = add_run(workbook)
    for step in range(0, 100, 10):
        workbook.checkpoints.append(run, step, weights(step))

    assert workbook.checkpoints.steps(run) == (70, 80, 90)


def test_a_rotten_checkpoint_gives_way_to_the_one_before(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    for step in (10, 20):
        workbook.checkpoints.append(run, step, weights(step))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE checkpoints SET data = zeroblob(length(data)) WHERE step = 20")
    connection.close()

    latest = workbook.checkpoints.latest(run)

    assert latest is not None
    assert latest[0] == 10


def test_a_checkpoint_larger_than_a_part_is_whole_again(workbook: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpoints_module, "_PART", 1000)
    run = add_run(workbook)
    workbook.checkpoints.append(run, 10, weights(10))

    arrays = workbook.checkpoints.read(run, 10)

    assert arrays is not None
    np.testing.assert_array_equal(arrays["parameters"], weights(10)["parameters"])
    assert workbook.checkpoints.steps(run) == (10,)


def test_without_checkpoints_there_is_none(workbook: Workbook) -> None:
    run = add_run(workbook)

    assert workbook.checkpoints.latest(run) is None
    with pytest.raises(UnknownRun, match="no checkpoint of step 5"):
        workbook.checkpoints.read(run, 5)
