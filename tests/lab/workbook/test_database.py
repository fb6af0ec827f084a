"""Transactions, news, full disks, migrations, copies."""

import sqlite3
import threading
from pathlib import Path

import numpy as np
import pytest

from tests.lab.support import add_run, columns
from workbench.lab.errors import NewerWorkbook, NoRoom, WorkbookError
from workbench.lab.workbook import Workbook, open_workbook, schema


def test_what_is_written_together_appears_together_or_not_at_all(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)

    def fail_in_the_middle() -> None:
        with workbook.together():
            workbook.scalars.append(run, columns(1, 5))
            with Workbook(path) as reader:
                assert len(reader.scalars.read(run)) == 0
            raise KeyError

    with pytest.raises(KeyError):
        fail_in_the_middle()
    assert len(workbook.scalars.read(run)) == 0


def test_news_name_what_changed_since_the_last_question(workbook: Workbook, path: Path) -> None:
    run, other = add_run(workbook), add_run(workbook)
    with Workbook(path) as reader:
        before = reader.changes.since().counter

        workbook.scalars.append(run, columns(1, 5))
        workbook.film.append(other, 5, {"a": np.zeros(1)})
        news = reader.changes.since(before)

        assert news.changed == {(run, "training"), (other, "film")}
        assert reader.changes.since(news.counter).changed == frozenset()


def test_a_heartbeat_is_no_news(workbook: Workbook) -> None:
    lease = workbook.leases.take(add_run(workbook))
    before = workbook.changes.since().counter

    workbook.leases.renew(lease)

    assert workbook.changes.since(before).changed == frozenset()


def test_threads_share_a_workbook(workbook: Workbook) -> None:
    runs = [add_run(workbook) for _ in range(4)]

    def write(run: int) -> None:
        for first in range(1, 51):
            workbook.scalars.append(run, columns(first, 1))
            workbook.changes.since()

    threads = [threading.Thread(target=write, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [workbook.scalars.last_step(run) for run in runs] == [50] * 4


def test_a_full_disk_refuses_one_write_and_keeps_the_rest(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.scalars.append(run, columns(1, 10))
    connection = workbook._database._opened.connection
    connection.execute("PRAGMA max_page_count = 1").fetchall()

    with pytest.raises(NoRoom, match="no room left to write"):
        workbook.checkpoints.append(run, 10, {"weights": np.random.default_rng(0).random(100_000)})
    assert workbook.checkpoints.steps(run) == ()
    assert len(workbook.scalars.read(run)) == 10

    connection.execute("PRAGMA max_page_count = 1000000").fetchall()
    workbook.checkpoints.append(run, 10, {"weights": np.random.default_rng(0).random(100_000)})
    assert workbook.checkpoints.steps(run) == (10,)


def test_an_older_workbook_is_brought_forward(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_workbook(path, create=True) as workbook:
        run = add_run(workbook, "kept")
    monkeypatch.setattr(schema, "VERSION", 3)
    monkeypatch.setattr("workbench.lab.workbook.header.VERSION", 3)
    monkeypatch.setattr("workbench.lab.workbook.opening.VERSION", 3)
    monkeypatch.setattr(
        schema,
        "MIGRATIONS",
        {
            1: "ALTER TABLE runs ADD COLUMN colour TEXT; CREATE TABLE notes (a)",
            2: "INSERT INTO notes VALUES (5)",
        },
    )

    with Workbook(path) as workbook:
        assert workbook.runs.get(run).name == "kept"
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT a FROM notes").fetchall() == [(5,)]
        assert connection.execute("SELECT colour FROM runs").fetchall() == [(None,)]
    connection.close()
    monkeypatch.undo()
    with pytest.raises(NewerWorkbook):
        Workbook(path)


def test_a_copy_is_whole_and_stands_alone(workbook: Workbook, path: Path) -> None:
    run = add_run(workbook)
    workbook.leases.take(run)
    workbook.runs.set_status(run, "running")
    workbook.scalars.append(run, columns(1, 500))
    target = path.with_name("copy.rnnw")
    target.write_bytes(b"an older copy")

    workbook.save_copy(target)

    assert sorted(file.name for file in path.parent.glob("*copy*")) == ["copy.rnnw"]
    with Workbook(target) as copy:
        assert copy.scalars.last_step(run) == 500
        assert copy.runs.get(run).status == "interrupted"
    assert workbook.runs.get(run).status == "running"


def test_a_workbook_is_not_copied_onto_itself(workbook: Workbook, path: Path) -> None:
    with pytest.raises(WorkbookError, match="the open workbook itself"):
        workbook.save_copy(path)


def test_messages_and_commands_come_back_in_order(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.messages.append(run, "info", "started", step=0)
    workbook.messages.append(run, "error", "failed", step=7, details="why")
    workbook.commands.send(run, "pause")
    workbook.commands.send(run, "learning_rate", 0.5)

    first, second = workbook.messages.read(run)
    assert (first.text, second.level, second.details) == ("started", "error", "why")
    assert workbook.messages.read(run, after=first.id) == (second,)
    assert [(command.kind, command.value) for command in workbook.commands.pending(run)] == [
        ("pause", None),
        ("learning_rate", 0.5),
    ]


def test_commands_that_change_the_course_are_kept_with_their_step(workbook: Workbook) -> None:
    run = add_run(workbook)
    workbook.commands.send(run, "pause")
    for value in (0.5, 0.1):
        workbook.commands.send(run, "learning_rate", value)
    pause, change, _ = workbook.commands.pending(run)
    workbook.commands.take(pause, run, step=10)
    workbook.commands.take(change, run, step=12)

    assert [(command.step, command.value) for command in workbook.commands.course(run)] == [(12, 0.5)]
    workbook.commands.drop_pending(run)
    assert [command.value for command in workbook.commands.pending(run)] == [0.1]
