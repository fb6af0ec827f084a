"""Following a worker from the process that started it."""

import os
import signal
from pathlib import Path

import pytest

from tests.lab.support import small_experiment
from workbench.lab import running
from workbench.lab.errors import CannotResume, LabError
from workbench.lab.following import train_here
from workbench.lab.running import start_run
from workbench.lab.workbook import RunRecord, Workbook


def process_of(workbook: Workbook) -> int:
    with workbook._database.reading() as connection:
        return int(connection.execute("SELECT process FROM leases").fetchone()[0])


def test_a_run_is_trained_to_its_end_and_shown_on_the_way(workbook: Workbook) -> None:
    seen: list[RunRecord] = []

    record = train_here(workbook, start_run(workbook, small_experiment(steps=20)), seen.append)

    assert (record.status, record.step) == ("finished", 20)
    assert seen[-1] == record


def test_a_worker_that_is_killed_leaves_a_sentence(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=10**6))

    def kill_once_it_trains(record: RunRecord) -> None:
        if record.status == "running":
            os.kill(process_of(workbook), signal.SIGKILL)

    record = train_here(workbook, run, kill_once_it_trains)

    assert record.status == "interrupted"
    assert "was ended from outside (signal 9). Resume the run" in record.sentence


def test_a_worker_that_cannot_begin_leaves_its_last_words(workbook: Workbook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "WORKER", "workbench.lab.nowhere")

    record = train_here(workbook, start_run(workbook, small_experiment()))

    assert record.status == "interrupted"
    assert "No module named workbench.lab.nowhere" in record.sentence
    assert workbook.messages.read(record.id)[-1].level == "error"


def test_an_interrupt_from_the_keyboard_stops_the_run_with_a_checkpoint(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=10**6))

    with pytest.raises(KeyboardInterrupt):
        train_here(workbook, run, _interrupt_once_it_trains)

    assert workbook.runs.get(run).status == "stopped"
    assert workbook.checkpoints.steps(run)[-1] == workbook.runs.get(run).step


def test_what_the_worker_refuses_is_raised(workbook: Workbook, tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("to be or not to be, that is the question. " * 100)
    task = {"name": "language-model", "path": str(text), "length": 8}
    run = start_run(workbook, small_experiment(task=task, steps=10**6))
    with pytest.raises(KeyboardInterrupt):
        train_here(workbook, run, _interrupt_once_it_trains)
    text.write_text("whether 'tis nobler in the mind to suffer. " * 100)

    with pytest.raises(LabError, match="no longer the one it was"):
        train_here(workbook, run)


def test_a_finished_run_is_not_trained_again(workbook: Workbook) -> None:
    run = start_run(workbook, small_experiment(steps=2))
    train_here(workbook, run)

    with pytest.raises(CannotResume, match="is finished"):
        train_here(workbook, run)


def _interrupt_once_it_trains(record: RunRecord) -> None:
    if record.status == "running" and record.step:
        raise KeyboardInterrupt
