"""Runs: names, progress, trash, and the status a reader sees."""

import sqlite3
from pathlib import Path

import pytest

from tests.lab.support import add_run, columns
from workbench.lab.errors import RunBusy, UnknownRun
from workbench.lab.workbook import Workbook
from workbench.tasks import Baseline


def test_a_new_run_holds_what_defines_it(workbook: Workbook) -> None:
    run = workbook.runs.create("a", experiment='{"hidden": 3}', cell="x = 1", origin={"threads": 2}, steps=50)

    record = workbook.runs.get(run)

    assert (record.name, record.experiment, record.cell) == ("a", '{"hidden": 3}', "x = 1")
    assert record.origin == {"threads": 2}
    assert (record.status, record.step, record.steps, record.loss) == ("idle", 0, 50, None)


def test_progress_and_status_are_kept(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.runs.set_progress(run, step=7, loss=0.5, seconds=1.5)
    workbook.runs.set_status(run, "failed", "The loss is not finite.")

    record = workbook.runs.get(run)

    assert (record.step, record.loss, record.seconds) == (7, 0.5, 1.5)
    assert (record.status, record.sentence) == ("failed", "The loss is not finite.")
    assert record.ended is not None


def test_a_run_can_be_renamed(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.runs.rename(run, "another name")

    assert workbook.runs.get(run).name == "another name"


def test_a_trashed_run_comes_back_whole(workbook: Workbook) -> None:
    run, other = add_run(workbook), add_run(workbook)
    workbook.scalars.append(run, columns(1, 5))

    workbook.runs.trash(run)
    assert [record.id for record in workbook.runs.all()] == [other]
    assert [record.id for record in workbook.runs.all(trashed=True)] == [run]

    workbook.runs.restore(run)
    assert [record.id for record in workbook.runs.all()] == [run, other]
    assert len(workbook.scalars.read(run)) == 5


def test_a_deleted_run_leaves_nothing_and_its_number_is_not_used_again(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    workbook.scalars.append(run, columns(1, 5))
    workbook.messages.append(run, "info", "hello", step=0)
    workbook.commands.send(run, "pause")

    workbook.runs.delete(run)

    with sqlite3.connect(path) as connection:
        for table in ("runs", "scalars", "messages", "commands"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    connection.close()
    assert add_run(workbook) > run


def test_a_run_in_training_is_neither_trashed_nor_deleted(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.leases.take(run)

    with pytest.raises(RunBusy, match="Stop it first"):
        workbook.runs.trash(run)
    with pytest.raises(RunBusy, match="Stop it first"):
        workbook.runs.delete(run)


def test_a_run_that_is_not_there_is_named(workbook: Workbook) -> None:
    for ask in (workbook.runs.get, workbook.runs.restore):
        with pytest.raises(UnknownRun, match="no run 42"):
            ask(42)


def test_a_run_whose_worker_vanished_is_interrupted(workbook: Workbook) -> None:
    run = add_run(workbook)
    lease = workbook.leases.take(run)
    workbook.runs.set_status(run, "running")
    workbook.leases.release(lease)

    assert workbook.runs.get(run).status == "interrupted"
    assert not workbook.runs.get(run).active


def test_baselines_are_kept_in_order(workbook: Workbook) -> None:
    run = add_run(workbook)
    kept = (
        Baseline("always 1", 1 / 6, 1 / 6, "2 Var(U)", "Hochreiter & Schmidhuber 1997"),
        Baseline("a", 0.5, 0.25, "", ""),
    )
    workbook.runs.set_baselines(run, kept)

    assert workbook.runs.baselines(run) == kept
